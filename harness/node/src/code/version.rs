//! A version of a module, as one node has it loaded.

use std::rc::Rc;

use upheaval_module::abi::{Table, behaviour};

use super::{Artifact, ModuleId, NamedFunction};

/// A loaded version. Loading the same artifact twice makes two of them (A11).
#[derive(Clone, Debug)]
pub struct Version(Rc<Loaded>);

#[derive(Debug)]
struct Loaded {
    module: ModuleId,
    artifact: Artifact,
    serial: u32,
}

/// The behaviour of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// A generic server.
    GenServer,
    /// A state machine.
    GenStatem,
    /// A handler of an event manager.
    GenEvent,
    /// A special process.
    Special,
    /// A plain process.
    Process,
    /// The callback module of a supervisor.
    Supervisor,
    /// A module that nobody runs.
    Library,
}

impl Version {
    pub(crate) fn new(module: ModuleId, artifact: Artifact, serial: u32) -> Version {
        Version(Rc::new(Loaded {
            module,
            artifact,
            serial,
        }))
    }

    /// The module's name.
    pub fn module(&self) -> &'static str {
        self.0.artifact.name()
    }

    /// Its `vsn`.
    pub fn vsn(&self) -> &'static str {
        self.0.artifact.vsn()
    }

    /// The number of this load, counted over all modules of the node.
    pub fn serial(&self) -> u32 {
        self.0.serial
    }

    pub(crate) fn behaviour(&self) -> Behaviour {
        match self.table().behaviour {
            behaviour::GEN_SERVER => Behaviour::GenServer,
            behaviour::GEN_STATEM => Behaviour::GenStatem,
            behaviour::GEN_EVENT => Behaviour::GenEvent,
            behaviour::SPECIAL => Behaviour::Special,
            behaviour::SUPERVISOR => Behaviour::Supervisor,
            behaviour::LIBRARY => Behaviour::Library,
            _ => Behaviour::Process,
        }
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = NamedFunction> + use<> {
        self.0.artifact.functions()
    }

    pub(crate) fn module_id(&self) -> ModuleId {
        self.0.module
    }

    pub(crate) fn table(&self) -> &'static Table {
        self.0.artifact.table()
    }
}

/// The same load of the same artifact.
impl PartialEq for Version {
    fn eq(&self, other: &Version) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Version {}
