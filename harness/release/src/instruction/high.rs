//! High-level instructions, which an appup is made of.

use upheaval_term::Atom;

use super::{Change, LowLevel, ModType, Purge, StartType, Timeout};

/// An instruction of an appup: a high-level one with everything that it leaves out
/// filled in as OTP does (C3), or a low-level one.
#[derive(Clone, Debug, PartialEq)]
pub enum Instruction {
    /// The processes of a module are suspended while its new version is loaded.
    /// `{update,M,supervisor}` is one that is static and advanced.
    Update {
        /// The module.
        module: Atom,
        /// Whether new code can run on the old state.
        mod_type: ModType,
        /// How long each suspend may take.
        timeout: Timeout,
        /// Whether `code_change` is called.
        change: Change,
        /// What is done to old code before the load.
        pre_purge: Purge,
        /// What is done to the code that the load makes old.
        post_purge: Purge,
        /// Modules that it needs.
        dep_mods: Vec<Atom>,
    },
    /// A module is loaded while its processes run.
    LoadModule {
        /// The module.
        module: Atom,
        /// What is done to old code before the load.
        pre_purge: Purge,
        /// What is done to the code that the load makes old.
        post_purge: Purge,
        /// Modules that it needs.
        dep_mods: Vec<Atom>,
    },
    /// A new module is loaded.
    AddModule {
        /// The module.
        module: Atom,
        /// Modules that it needs.
        dep_mods: Vec<Atom>,
    },
    /// A module is removed.
    DeleteModule {
        /// The module.
        module: Atom,
        /// Modules that it needs.
        dep_mods: Vec<Atom>,
    },
    /// An application is loaded and started.
    AddApplication {
        /// The application.
        application: Atom,
        /// How it is started.
        start: StartType,
    },
    /// An application is stopped, and its modules are removed.
    RemoveApplication {
        /// The application.
        application: Atom,
    },
    /// An application is stopped, its modules are exchanged, and it is started.
    RestartApplication {
        /// The application.
        application: Atom,
    },
    /// A low-level instruction, which stays as it is.
    Low(LowLevel),
}

impl Instruction {
    /// The module whose code it changes, and those that it needs.
    pub(crate) fn dependencies(&self) -> Option<(&Atom, &[Atom])> {
        match self {
            Instruction::Update {
                module, dep_mods, ..
            }
            | Instruction::LoadModule {
                module, dep_mods, ..
            }
            | Instruction::AddModule { module, dep_mods }
            | Instruction::DeleteModule { module, dep_mods } => Some((module, dep_mods)),
            Instruction::AddApplication { .. }
            | Instruction::RemoveApplication { .. }
            | Instruction::RestartApplication { .. }
            | Instruction::Low(_) => None,
        }
    }
}
