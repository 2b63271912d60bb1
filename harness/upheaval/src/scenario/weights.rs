//! How much of what a case holds.

/// How often each kind of upgrade op and fault is drawn, against the others.
/// Zero leaves a kind out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Plain loads of modules that switch by [`Switch::Load`](super::Switch::Load).
    pub load: u32,
    /// The same by `code:load_binary`, which purges first.
    pub load_binary: u32,
    /// The same by the shell's `l(Module)`, a purge and a load.
    pub reload: u32,
    /// Whole upgrades and downgrades (suspend, load, `code_change`, resume) of
    /// modules that switch by [`Switch::CodeChange`](super::Switch::CodeChange).
    pub upgrade: u32,
    /// Hard purges.
    pub purge: u32,
    /// Soft purges.
    pub soft_purge: u32,
    /// `sys:suspend` of one process.
    pub suspend: u32,
    /// `sys:resume` of one process.
    pub resume: u32,
    /// `exit(Pid, kill)` of one process.
    pub kill: u32,
    /// Starting by hand what is dead: an unsupervised process, or the
    /// supervisor after it gave up.
    pub start: u32,
    /// A jump of the clock.
    pub advance: u32,
}

/// How large a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Requests of all clients together.
    pub requests: u32,
    /// Upgrade ops and faults, drawn by [`Weights`].
    pub disturbances: u32,
    /// The most scheduler steps between two ops.
    pub most_steps: u32,
}

/// How long who waits, in milliseconds of the target's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// A client for the answer to a request.
    pub request: u32,
    /// Whoever sends a `sys` message, for the answer to it (B5).
    pub system: u32,
}

impl Default for Patience {
    /// OTP's five seconds, for both.
    fn default() -> Self {
        Patience {
            request: 5000,
            system: 5000,
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            load: 3,
            load_binary: 1,
            reload: 1,
            upgrade: 6,
            purge: 3,
            soft_purge: 1,
            suspend: 1,
            resume: 1,
            kill: 2,
            start: 1,
            advance: 1,
        }
    }
}

impl Default for Sizes {
    fn default() -> Self {
        Sizes {
            requests: 200,
            disturbances: 10,
            most_steps: 8,
        }
    }
}
