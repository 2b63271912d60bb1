//! The processes that a case starts with.

use upheaval_term::Term;

use super::{GIVEN, Restart, Shutdown, Supervision};

/// A process of the workload, started before the first op.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// The name it is registered under; its child id where it is supervised.
    pub name: String,
    /// The module it runs.
    pub module: String,
    /// What its `init` (or its loop) is given.
    pub args: Term,
    /// Whether, and how, its supervisor starts it again; none for a process
    /// that nobody supervises: it stays dead until a plan starts it by hand.
    pub restart: Option<Restart>,
    /// The name of the supervisor that it is a child of, where that is another than
    /// the scenario's [`supervision`](super::Scenario::supervision).
    pub under: Option<String>,
    /// Whether its end may end its supervisor (D6).
    pub significant: bool,
    /// How it is stopped, where that is not OTP's default: five seconds for a worker,
    /// no end for a supervisor (D7).
    pub shutdown: Option<Shutdown>,
    /// What it is as a supervisor, where it is one that the scenario describes.
    pub supervises: Option<Supervision>,
    /// What `replace_state` may make its state: states that every version can read.
    pub replacements: Vec<Term>,
}

impl Process {
    /// A process that nobody supervises.
    pub fn new(name: impl Into<String>, module: impl Into<String>, args: Term) -> Self {
        Process {
            name: name.into(),
            module: module.into(),
            args,
            restart: None,
            under: None,
            significant: false,
            shutdown: None,
            supervises: None,
            replacements: Vec::new(),
        }
    }

    /// A supervisor that the scenario describes; those [under](Process::under) it are
    /// its children. It is one of the scenario's own if it is put under another.
    ///
    /// ```
    /// use upheaval::scenario::{Process, Restart, Scenario, Strategy, Supervision};
    /// use upheaval_term::Term;
    ///
    /// let pair = Supervision {
    ///     strategy: Strategy::OneForAll,
    ///     intensity: 3,
    ///     ..Supervision::named("pair")
    /// };
    /// let tree = Scenario::new("tree", "two counters that live and die together")
    ///     .process(Process::supervisor(pair).supervised(Restart::Permanent))
    ///     .process(Process::new("left", "counter", Term::Int(0)).under("pair", Restart::Permanent))
    ///     .process(Process::new("right", "counter", Term::Int(0)).under("pair", Restart::Transient));
    /// # let _ = tree;
    /// ```
    pub fn supervisor(supervision: Supervision) -> Self {
        Process {
            supervises: Some(supervision.clone()),
            ..Process::new(supervision.name, GIVEN, Term::List(Vec::new()))
        }
    }

    /// Says what `replace_state` may make its state, whatever version it runs.
    #[must_use]
    pub fn replaceable(mut self, states: impl IntoIterator<Item = Term>) -> Self {
        self.replacements.extend(states);
        self
    }

    /// Puts it under the scenario's supervisor.
    #[must_use]
    pub fn supervised(mut self, restart: Restart) -> Self {
        self.restart = Some(restart);
        self
    }

    /// Puts it under another supervisor than the scenario's own.
    #[must_use]
    pub fn under(mut self, supervisor: impl Into<String>, restart: Restart) -> Self {
        self.under = Some(supervisor.into());
        self.restart = Some(restart);
        self
    }

    /// Lets its end be one that may end its supervisor (D6).
    #[must_use]
    pub fn significant(mut self) -> Self {
        self.significant = true;
        self
    }

    /// Says how it is stopped (D7).
    #[must_use]
    pub fn shutdown(mut self, shutdown: Shutdown) -> Self {
        self.shutdown = Some(shutdown);
        self
    }
}
