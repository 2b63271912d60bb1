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
    /// modules that switch by [`Switch::CodeChange`](super::Switch::CodeChange) or
    /// [`Switch::Supervisor`](super::Switch::Supervisor).
    pub upgrade: u32,
    /// Hard purges.
    pub purge: u32,
    /// Soft purges.
    pub soft_purge: u32,
    /// `code:delete`.
    pub delete: u32,
    /// `code:stick_mod`.
    pub stick: u32,
    /// `code:unstick_mod`.
    pub unstick: u32,
    /// `sys:suspend` of one process.
    pub suspend: u32,
    /// `sys:resume` of one process.
    pub resume: u32,
    /// `sys:get_state` of one process.
    pub get_state: u32,
    /// `sys:replace_state` of one process that has
    /// [states to be given](super::Process::replaceable).
    pub replace_state: u32,
    /// `sys:get_status` of one process.
    pub get_status: u32,
    /// `sys:change_code` of one process by hand, up and down.
    pub change_code: u32,
    /// `sys:terminate` of one process.
    pub terminate: u32,
    /// `exit(Pid, Reason)` of one process, with some reason that is not `kill`.
    pub exit: u32,
    /// `exit(Pid, kill)` of one process that is no supervisor.
    pub kill: u32,
    /// The same of one that is a supervisor under another. While that is started again,
    /// which may take several attempts, an upgrade overlooks its children, as OTP's
    /// release handler does: what they run then is old state in new code.
    pub kill_supervisor: u32,
    /// Starting by hand what is dead: an unsupervised process, or the
    /// supervisor after it gave up.
    pub start: u32,
    /// A step of the release handler, where the scenario has releases.
    pub release: u32,
    /// Moving one application alone, where the scenario has releases.
    pub application: u32,
    /// A jump of the clock.
    pub advance: u32,
    /// Adding one of the scenario's [dynamic](super::Scenario::dynamic) children,
    /// terminating, restarting or deleting it, or asking for its spec.
    pub children: u32,
    /// Freezing one process that is no supervisor: it stalls wherever it is. It stays so
    /// until it is thawed, or all is over.
    pub freeze: u32,
    /// Thawing one.
    pub thaw: u32,
    /// A crash in a callback of one process whose module says
    /// [what crashes it](super::Module::crashes_on).
    pub crash: u32,
    /// A burst of kills of one process, by which its supervisor may give up.
    pub storm: u32,
    /// Loads and upgrades whose artifact is missing, cut off, another module's, or another
    /// version's.
    pub damage: u32,
    /// The same of an artifact that an install, a check of one, or the move of an application
    /// is to read, where the scenario has releases.
    pub damaged_release: u32,
    /// Upgrades in whose middle a process is killed, or frozen.
    pub meanwhile: u32,
    /// What nobody should do, and what OTP answers with an error.
    pub illegal: u32,
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

impl Weights {
    /// Nothing is drawn.
    pub const NONE: Weights = Weights {
        load: 0,
        load_binary: 0,
        reload: 0,
        upgrade: 0,
        purge: 0,
        soft_purge: 0,
        delete: 0,
        stick: 0,
        unstick: 0,
        suspend: 0,
        resume: 0,
        get_state: 0,
        replace_state: 0,
        get_status: 0,
        change_code: 0,
        terminate: 0,
        exit: 0,
        kill: 0,
        kill_supervisor: 0,
        start: 0,
        release: 0,
        application: 0,
        advance: 0,
        children: 0,
        freeze: 0,
        thaw: 0,
        crash: 0,
        storm: 0,
        damage: 0,
        damaged_release: 0,
        meanwhile: 0,
        illegal: 0,
    };

    /// Every weight twice as much.
    #[must_use]
    pub fn doubled(mut self) -> Weights {
        for weight in self.each() {
            *weight = weight.saturating_mul(2);
        }
        self
    }

    fn each(&mut self) -> [&mut u32; 32] {
        [
            &mut self.load,
            &mut self.load_binary,
            &mut self.reload,
            &mut self.upgrade,
            &mut self.purge,
            &mut self.soft_purge,
            &mut self.delete,
            &mut self.stick,
            &mut self.unstick,
            &mut self.suspend,
            &mut self.resume,
            &mut self.get_state,
            &mut self.replace_state,
            &mut self.get_status,
            &mut self.change_code,
            &mut self.terminate,
            &mut self.exit,
            &mut self.kill,
            &mut self.kill_supervisor,
            &mut self.start,
            &mut self.release,
            &mut self.application,
            &mut self.advance,
            &mut self.children,
            &mut self.freeze,
            &mut self.thaw,
            &mut self.crash,
            &mut self.storm,
            &mut self.damage,
            &mut self.damaged_release,
            &mut self.meanwhile,
            &mut self.illegal,
        ]
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
            release: 6,
            application: 1,
            advance: 1,
            children: 4,
            freeze: 1,
            thaw: 2,
            crash: 1,
            storm: 1,
            damage: 1,
            damaged_release: 1,
            meanwhile: 1,
            illegal: 1,
            ..Weights::NONE
        }
    }
}

impl Default for Sizes {
    fn default() -> Self {
        Sizes {
            requests: 80,
            disturbances: 10,
            most_steps: 8,
        }
    }
}
