//! What a supervisor knows of itself and of its children.

use serde::{Deserialize, Serialize};
use upheaval_module::behaviour::{ChildType, Flags, Modules, RestartType, Shutdown, Strategy};
use upheaval_term::{Atom, Pid, RawTerm, Term};

use super::instances::Instances;

/// The supervisor's state.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Supervisor {
    /// Its callback module, and what that is given.
    pub(super) module: Atom,
    pub(super) args: RawTerm,
    pub(super) flags: Flags,
    /// In start order. Under simple_one_for_one only the template.
    pub(super) children: Vec<Child>,
    /// The children of a simple_one_for_one.
    pub(super) instances: Instances,
    /// When it restarted something, in seconds, newest first.
    pub(super) restarts: Vec<u64>,
}

/// A child's spec, and who it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Child {
    pub(super) id: Term,
    pub(super) held: Held,
    pub(super) start: Start,
    pub(super) restart: RestartType,
    pub(super) significant: bool,
    pub(super) shutdown: Shutdown,
    pub(super) child_type: ChildType,
    pub(super) modules: Modules,
}

/// `{M,F,A}`. A temporary child that was added has no arguments: it is never started
/// again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Start {
    pub(super) module: Atom,
    pub(super) function: Atom,
    pub(super) args: Option<Vec<Term>>,
}

/// Who a child is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Held {
    Nobody,
    Process(Pid),
    /// A start failed, and is to be tried again; who it was before.
    Restarting(Option<Pid>),
}

impl Held {
    pub(super) fn of(pid: Option<Pid>) -> Held {
        pid.map_or(Held::Nobody, Held::Process)
    }

    /// Of a child whose start failed.
    pub(super) fn restarting(self) -> Held {
        match self {
            Held::Process(pid) => Held::Restarting(Some(pid)),
            other => other,
        }
    }

    pub(super) fn pid(&self) -> Option<&Pid> {
        match self {
            Held::Process(pid) => Some(pid),
            _ => None,
        }
    }

    /// As `which_children` has it.
    pub(super) fn shown(&self) -> Term {
        match self {
            Held::Nobody => Term::atom("undefined"),
            Held::Process(pid) => Term::Pid(pid.clone()),
            Held::Restarting(_) => Term::atom("restarting"),
        }
    }
}

impl Start {
    fn term(&self) -> Term {
        let args = match &self.args {
            Some(args) => Term::list(args.iter().cloned()),
            None => Term::atom("undefined"),
        };
        let (module, function) = (self.module.clone(), self.function.clone());
        Term::tuple([Term::Atom(module), Term::Atom(function), args])
    }
}

impl Child {
    /// The spec as a map, as `get_childspec` gives it.
    pub(super) fn spec(&self) -> Term {
        Term::map([
            (Term::atom("id"), self.id.clone()),
            (Term::atom("start"), self.start.term()),
            (Term::atom("restart"), written(&self.restart)),
            (Term::atom("significant"), Term::from(self.significant)),
            (Term::atom("shutdown"), written(&self.shutdown)),
            (Term::atom("type"), written(&self.child_type)),
            (Term::atom("modules"), written(&self.modules)),
        ])
    }

    /// OTP's own record, which the error of a failed `start_child` shows.
    pub(super) fn record(&self) -> Term {
        Term::tuple([
            Term::atom("child"),
            self.held.shown(),
            self.id.clone(),
            self.start.term(),
            written(&self.restart),
            Term::from(self.significant),
            written(&self.shutdown),
            written(&self.child_type),
            written(&self.modules),
        ])
    }
}

/// Something of a supervisor as a term; a field of a spec as it is in OTP.
pub(super) fn written<T: Serialize>(field: &T) -> Term {
    match upheaval_term::to_term(field) {
        Ok(term) => term,
        Err(error) => unreachable!("what a supervisor keeps is a term: {error}"),
    }
}

impl Supervisor {
    /// Whether its children are all alike.
    pub(super) fn is_simple(&self) -> bool {
        self.flags.strategy == Strategy::SimpleOneForOne
    }

    /// The one spec of a simple_one_for_one.
    pub(super) fn template(&self) -> &Child {
        &self.children[0]
    }

    pub(super) fn find(&self, id: &Term) -> Option<usize> {
        self.children.iter().position(|child| child.id == *id)
    }

    pub(super) fn find_by_pid(&self, pid: &Pid) -> Option<usize> {
        let is_it = |child: &Child| child.held.pid() == Some(pid);
        self.children.iter().position(is_it)
    }

    /// A child is gone: a temporary one is forgotten (D2).
    pub(super) fn forget(&mut self, place: usize) {
        match self.children[place].restart {
            RestartType::Temporary => drop(self.children.remove(place)),
            _ => self.children[place].held = Held::Nobody,
        }
    }
}
