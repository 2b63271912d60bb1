//! A plan run step by step: after each op the system comes to rest, and everybody
//! is looked at.

use upheaval_term::Term;

use crate::history::{History, ProcessId};

/// What was seen of a plan that was run step by step.
#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// What happened.
    pub history: History,
    /// For each op, how everybody was at rest after it.
    pub looks: Vec<Rest>,
    /// The target's clock in milliseconds: when the system was started, and then of each
    /// op at its beginning and at the look after it, and of the end. Real time, where the target has no
    /// other.
    pub clock: Vec<u64>,
}

/// A system at rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rest {
    /// Whether it came to rest at all.
    pub rests: bool,
    /// Everybody who is alive, in the order of their spawning.
    pub processes: Vec<Look>,
    /// What each supervisor says of its children, in the order of their spawning.
    pub supervisors: Vec<SupervisorLook>,
    /// What is loaded of each module of the scenario, in its order.
    pub modules: Vec<ModuleLook>,
    /// The releases that are unpacked, with their statuses, as the release handler
    /// lists them.
    pub releases: Vec<(String, String)>,
    /// The scenario's applications that are loaded, in its order.
    pub applications: Vec<ApplicationLook>,
}

/// An application, as the application controller has it.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationLook {
    /// Its name.
    pub name: String,
    /// Its version.
    pub vsn: String,
    /// Whether it is started.
    pub started: bool,
    /// Its environment, `[{Key,Value}]` in the order of the keys.
    pub env: Term,
}

/// What is loaded of a module.
#[derive(Clone, Debug, PartialEq)]
pub struct ModuleLook {
    /// The module.
    pub module: String,
    /// The version that is current.
    pub current: Option<String>,
    /// Whether there is old code.
    pub has_old: bool,
}

/// How a process is.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Who.
    pub process: ProcessId,
    /// The name that it is registered under now.
    pub name: Option<String>,
    /// The module and the version that it runs; none for clients and supervisors.
    pub code: Option<(String, String)>,
    /// Its state, where it is a server between callbacks.
    pub state: Option<Term>,
    /// Messages that it has not taken.
    pub queued: u32,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it waits inside a callback or a receive.
    pub blocked: bool,
    /// Whether it lingers in old code (A5).
    pub lingering: bool,
    /// Whether it is frozen: then it cannot be asked for its state, nor is it said whether
    /// it is suspended or blocked.
    pub frozen: bool,
}

/// What a supervisor says of its children.
#[derive(Clone, Debug, PartialEq)]
pub struct SupervisorLook {
    /// Who.
    pub process: ProcessId,
    /// What `which_children` and `count_children` give; none where it does not answer:
    /// it is suspended, or waits for a child to stop.
    pub children: Option<(Term, Term)>,
}
