//! What is to be found.

use crate::scenario::Scenario;

/// A bug that happened to a real system, made small, and what is right instead.
///
/// The two scenarios are as like as can be: the same processes, clients, requests and
/// weights, and all that differs is the buggy version, appup or child spec. Neither says
/// anything of the bug: no model, no spec and no weight that only it needs.
///
/// ```
/// use upheaval::benchmark::{Bug, EVERYWHERE};
/// use upheaval::scenario::{Kind, Module, Process, RequestSpec, Restart, Scenario, Source, Switch};
/// use upheaval_term::Term;
///
/// fn scenario(name: &str, second: &str) -> Scenario {
///     let source = |file: &str| Source::File(file.into());
///     Scenario::new(name, "a counter whose second version forgets")
///         .module(
///             Module::new("counter", Switch::CodeChange)
///                 .version("1", source("counter_v1.so"))
///                 .erlang("counter/v1.erl")
///                 .version("2", source(&format!("{second}.so")))
///                 .erlang(format!("counter/{second}.erl")),
///         )
///         .process(Process::new("counter", "counter", Term::Int(0)).supervised(Restart::Permanent))
///         .request(RequestSpec::new(1, Kind::Call, "counter", |_| Term::atom("get")))
/// }
///
/// let bug = Bug {
///     name: "forgetful",
///     number: 99,
///     threads: &["owner/repository#1"],
///     scenario: scenario("bug_forgetful", "v2"),
///     twin: scenario("twin_forgetful", "twin_v2"),
///     targets: EVERYWHERE,
/// };
/// # let _ = bug;
/// ```
#[derive(Clone, Debug)]
pub struct Bug {
    /// Its cause, in snake case.
    pub name: &'static str,
    /// Its number in the list of the benchmark.
    pub number: u32,
    /// The public threads in which it was told, as `owner/repository#number`.
    pub threads: &'static [&'static str],
    /// The system that has it: `bug_` and its name.
    pub scenario: Scenario,
    /// The same system without it: `twin_` and its name.
    pub twin: Scenario,
    /// The targets that can express it.
    pub targets: &'static [On],
}

/// A kind of target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The embedded node.
    Embedded,
    /// Real Erlang/OTP.
    Beam,
}

impl On {
    /// Its name, as the command line gives it.
    pub const fn name(self) -> &'static str {
        match self {
            On::Embedded => "embedded",
            On::Beam => "beam",
        }
    }
}

/// Both targets can express it.
pub const EVERYWHERE: &[On] = &[On::Embedded, On::Beam];

/// A bug that no target can express.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beyond {
    /// Its cause, in snake case.
    pub name: &'static str,
    /// Its number in the list of the benchmark.
    pub number: u32,
    /// The public threads in which it was told.
    pub threads: &'static [&'static str],
    /// Why it cannot be expressed.
    pub why: &'static str,
}
