//! The processes that a case starts with, and who watches over them.

use upheaval_term::Term;

/// A process of the workload, started before the first op.
#[derive(Clone, Debug, PartialEq)]
pub struct Process {
    /// The name it is registered under; its child id where it is supervised.
    pub name: String,
    /// The module it runs.
    pub module: String,
    /// What its `init` (or its loop) is given.
    pub args: Term,
    /// Whether, and how, the supervisor starts it again; none for a process
    /// that nobody supervises: it stays dead until a plan starts it by hand.
    pub restart: Option<Restart>,
    /// What `replace_state` may make its state: states that every version can read.
    pub replacements: Vec<Term>,
}

/// When a supervisor starts a child again (D2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// Always.
    Permanent,
    /// Unless it ended with `normal`, `shutdown` or `{shutdown,_}`.
    Transient,
    /// Never.
    Temporary,
}

/// The supervisor of the workload: one_for_one, its children in the order in
/// which the scenario lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supervision {
    /// The name that the supervisor is registered under.
    pub name: String,
    /// How many restarts it bears within a period (D4).
    pub intensity: u32,
    /// The period, in seconds of the target's time.
    pub period: u32,
}

impl Default for Supervision {
    /// A supervisor named `sup` with OTP's default of one restart in five
    /// seconds (D4).
    fn default() -> Self {
        Supervision {
            name: "sup".into(),
            intensity: 1,
            period: 5,
        }
    }
}

impl Process {
    /// A process that nobody supervises.
    pub fn new(name: impl Into<String>, module: impl Into<String>, args: Term) -> Self {
        Process {
            name: name.into(),
            module: module.into(),
            args,
            restart: None,
            replacements: Vec::new(),
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
}
