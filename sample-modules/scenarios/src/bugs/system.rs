//! The small systems that bugs are in.

use upheaval::scenario::{Module, Process, Scenario, Supervision};
use upheaval_term::Term;

use crate::modules;

/// A system without modules yet: two clients, and a supervisor that bears some restarts.
pub(super) fn system(name: &str, about: &str) -> Scenario {
    let mut scenario = Scenario::new(name, about);
    scenario.clients = 2;
    scenario.supervision = Supervision {
        intensity: 3,
        ..Supervision::default()
    };
    scenario
}

/// A process that its `start_link` is given nothing for; it is to be put under somebody.
pub(super) fn server(name: &str) -> Process {
    Process::new(name, name, Term::atom("none"))
}

/// Adds a version to a module: that of the file `file` (`v2`, `twin_v2`) in the folder of
/// a bug, in Rust and in Erlang.
pub(super) fn version(module: Module, bug: &str, vsn: &str, file: &str) -> Module {
    module
        .version(vsn, modules::source(&format!("bug_{bug}_{file}")))
        .erlang(modules::erlang(&format!("bugs/{bug}/{file}.erl")))
}

/// A module of two versions, in those files of the folder of a bug.
pub(super) fn two_versions(module: Module, bug: &str, files: [&str; 2]) -> Module {
    let [first, second] = files;
    version(version(module, bug, "1", first), bug, "2", second)
}
