//! What goes wrong in the middle of an op.

/// An op that moves a module to a version, and that something can go wrong in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// [`Op::Load`](super::Op::Load).
    Load,
    /// [`Op::LoadBinary`](super::Op::LoadBinary).
    LoadBinary,
    /// [`Op::Reload`](super::Op::Reload).
    Reload,
    /// [`Op::Upgrade`](super::Op::Upgrade).
    Upgrade,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 4] = [Way::Load, Way::LoadBinary, Way::Reload, Way::Upgrade];

    /// The op's word in a plan.
    pub const fn name(self) -> &'static str {
        match self {
            Way::Load => "load",
            Way::LoadBinary => "load_binary",
            Way::Reload => "reload",
            Way::Upgrade => "upgrade",
        }
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Between the copying of the artifact and the load, something happens to it. What
    /// lies there is whole again when the op is over.
    Artifact(Damage),
    /// The same happens, before the release handler reads it, to the artifact of one of the
    /// modules that it is to move.
    ArtifactOf {
        /// What.
        damage: Damage,
        /// The module.
        module: String,
    },
    /// Between two instructions of an upgrade, something happens to a process.
    Meanwhile {
        /// What.
        what: Mischief,
        /// The process's registered name.
        process: String,
        /// When.
        once: Stage,
    },
}

/// What happens to an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It is taken away: `nofile`.
    Missing,
    /// The second half of it is cut off: `badfile`.
    Truncated,
    /// Another module's is put in its place: `badfile`.
    Swapped,
    /// Another version's of the module lies there, as if nobody had copied anything: it is
    /// loaded, and nobody expects that version. It is the one that the scenario lists before
    /// the one that was to come; of the first one, the second.
    Stale,
}

impl Damage {
    /// All of them.
    pub const ALL: [Damage; 4] = [
        Damage::Missing,
        Damage::Truncated,
        Damage::Swapped,
        Damage::Stale,
    ];

    /// Its word in a plan.
    pub const fn name(self) -> &'static str {
        match self {
            Damage::Missing => "missing",
            Damage::Truncated => "truncated",
            Damage::Swapped => "swapped",
            Damage::Stale => "stale",
        }
    }
}

/// What happens to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mischief {
    /// It is killed; its supervisor may start another one at once (C9).
    Kill,
    /// It is frozen, until those that are suspended are resumed: it answers nothing, and
    /// what it is told takes effect when it goes on (B5).
    Freeze,
}

impl Mischief {
    /// Both of them.
    pub const ALL: [Mischief; 2] = [Mischief::Kill, Mischief::Freeze];

    /// Its word in a plan.
    pub const fn name(self) -> &'static str {
        match self {
            Mischief::Kill => "killing",
            Mischief::Freeze => "freezing",
        }
    }
}

/// How far an upgrade has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Everybody is suspended.
    Suspended,
    /// The version is loaded.
    Loaded,
    /// Everybody was told to convert its state.
    Converted,
}

impl Stage {
    /// All of them.
    pub const ALL: [Stage; 3] = [Stage::Suspended, Stage::Loaded, Stage::Converted];

    /// Its word in a plan.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Suspended => "suspended",
            Stage::Loaded => "loaded",
            Stage::Converted => "converted",
        }
    }
}
