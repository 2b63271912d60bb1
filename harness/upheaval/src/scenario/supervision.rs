//! Supervisors, and the children that are added to them while they run.

use upheaval_term::{Atom, Term};

use super::{AutoShutdown, Process, Restart, Shutdown, Strategy};

/// The callback module of the supervisors that a scenario describes.
pub(crate) const GIVEN: &str = "upheaval_supervisor";

/// A supervisor, as a scenario describes it; its children are started in the order in
/// which the scenario lists them.
#[derive(Clone, Debug, PartialEq)]
pub struct Supervision {
    /// The name that the supervisor is registered under.
    pub name: String,
    /// Who is restarted when a child ends (D5).
    pub strategy: Strategy,
    /// How many restarts it bears within a period (D4).
    pub intensity: u32,
    /// The period, in seconds of the target's time.
    pub period: u32,
    /// Whether it ends with its significant children (D6).
    pub auto_shutdown: AutoShutdown,
    /// What the children of a simple_one_for_one are.
    pub template: Option<Template>,
}

/// What the children of a simple_one_for_one are.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// The module that each of them runs.
    pub module: String,
    /// When one is started again.
    pub restart: Restart,
    /// How one is stopped.
    pub shutdown: Shutdown,
    /// Whether the end of one may end the supervisor (D6).
    pub significant: bool,
}

impl Supervision {
    /// A supervisor with OTP's defaults: one_for_one, one restart in five seconds
    /// (D4), no automatic shutdown.
    pub fn named(name: impl Into<String>) -> Self {
        Supervision {
            name: name.into(),
            strategy: Strategy::OneForOne,
            intensity: 1,
            period: 5,
            auto_shutdown: AutoShutdown::Never,
            template: None,
        }
    }
}

impl Default for Supervision {
    /// A supervisor named `sup` with OTP's defaults.
    fn default() -> Self {
        Supervision::named("sup")
    }
}

impl Template {
    /// Permanent workers of a module, with five seconds to stop.
    pub fn new(module: impl Into<String>) -> Self {
        Template {
            module: module.into(),
            restart: Restart::Permanent,
            shutdown: Shutdown::After(5000),
            significant: false,
        }
    }
}

/// A child that plans add to a supervisor while it runs, and take away again.
#[derive(Clone, Debug, PartialEq)]
pub struct DynamicChild {
    /// The supervisor's name.
    pub supervisor: String,
    /// The name that the child is registered under.
    pub name: String,
    /// The module that it runs, where the scenario says so.
    pub module: Option<String>,
    /// What `supervisor:start_child` is given: a child spec, or for a
    /// simple_one_for_one the rest of the arguments.
    pub start: Term,
    /// How it is spoken of.
    pub child: ChildRef,
}

/// How a supervisor's child is spoken of.
#[derive(Clone, Debug, PartialEq)]
pub enum ChildRef {
    /// By its id.
    Id(Term),
    /// By its pid, as the children of a simple_one_for_one are: that of the process of
    /// this name.
    Whereis(String),
}

impl DynamicChild {
    /// A worker with a spec of its own.
    pub fn new(supervisor: impl Into<String>, process: &Process, restart: Restart) -> Self {
        let module = atom(&process.module);
        let id = atom(&process.name);
        let args = Term::list([id.clone(), process.args.clone()]);
        let start = Term::tuple([module, Term::atom("start_link"), args]);
        let restart = upheaval_term::to_term(&restart).unwrap_or(Term::atom("permanent"));
        DynamicChild {
            supervisor: supervisor.into(),
            name: process.name.clone(),
            module: Some(process.module.clone()),
            start: Term::map([
                (Term::atom("id"), id.clone()),
                (Term::atom("start"), start),
                (Term::atom("restart"), restart),
            ]),
            child: ChildRef::Id(id),
        }
    }

    /// One more child of a simple_one_for_one: `Module:start_link(Name, Args)`, the
    /// module being that of the template.
    pub fn instance(supervisor: impl Into<String>, name: impl Into<String>, args: Term) -> Self {
        let name = name.into();
        DynamicChild {
            supervisor: supervisor.into(),
            module: None,
            start: Term::list([atom(&name), args]),
            child: ChildRef::Whereis(name.clone()),
            name,
        }
    }
}

/// A name as an atom; `Scenario::validate` refuses one that is none.
fn atom(name: &str) -> Term {
    Atom::new(name).map_or(Term::atom("undefined"), Term::Atom)
}
