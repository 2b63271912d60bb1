//! Low-level instructions, which a release handler does.

use upheaval_term::{Atom, Term};

use super::{Direction, Mfa, Purge, Timeout};

/// What a release handler does, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum LowLevel {
    /// The files of an application's modules are read.
    LoadObjectCode {
        /// The application.
        library: Atom,
        /// Its version.
        vsn: String,
        /// The modules.
        modules: Vec<Atom>,
    },
    /// A failure after it restarts the node (C12).
    PointOfNoReturn,
    /// A module that was read is loaded.
    Load {
        /// The module.
        module: Atom,
        /// What is done to old code before.
        pre_purge: Purge,
        /// What is done to the code that it makes old.
        post_purge: Purge,
    },
    /// A module's current code is made old.
    Remove {
        /// The module.
        module: Atom,
        /// What is done to old code before.
        pre_purge: Purge,
        /// What is done to the code that it makes old.
        post_purge: Purge,
    },
    /// Old code is purged, and what runs it is killed.
    Purge(Vec<Atom>),
    /// The processes of modules are suspended.
    Suspend(Vec<Suspend>),
    /// They go on.
    Resume(Vec<Atom>),
    /// Those that are suspended convert their states.
    CodeChange {
        /// Which way. OTP takes it that nothing said is up.
        direction: Option<Direction>,
        /// The modules, and what their `code_change` is given.
        modules: Vec<(Atom, Term)>,
    },
    /// The processes of modules are terminated by their supervisors.
    Stop(Vec<Atom>),
    /// Those that were stopped are restarted.
    Start(Vec<Atom>),
    /// Waits until other nodes are as far.
    SyncNodes {
        /// What they agree on.
        id: Term,
        /// The nodes.
        nodes: Nodes,
    },
    /// Calls a function.
    Apply(Mfa),
    /// Restarts the emulator, a new one maybe, before anything else.
    RestartNewEmulator,
    /// Restarts the emulator after everything else.
    RestartEmulator,
    /// `restart`, which is translated and which no release handler does.
    Restart,
    /// `reboot`, which is translated and which no release handler does.
    Reboot,
}

/// A module whose processes are suspended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspend {
    /// The module.
    pub module: Atom,
    /// How long each process may take; nothing said is the default.
    pub timeout: Option<Timeout>,
}

/// The nodes that wait for each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Nodes {
    /// Those of these names.
    Named(Vec<Atom>),
    /// Those that this gives.
    Given(Mfa),
}
