//! Scenarios over the sample modules: what `upheaval list` shows.

mod bad;
mod behaviours;
pub mod bugs;
mod default;
mod functions;
mod gateway;
mod models;
mod modules;
mod releases;
mod specs;
mod supervisors;

pub use modules::{erlang, source};

use upheaval::scenario::Scenario;

/// The name of the scenario that `upheaval run` runs when it is given none.
pub const DEFAULT: &str = "default";

/// All scenarios, the default one first.
pub fn all() -> Vec<Scenario> {
    vec![
        default::scenario(),
        behaviours::scenario(),
        bugs::dropped_field(),
        functions::scenario(),
        gateway::scenario(),
        releases::scenario(),
        supervisors::scenario(),
    ]
}

/// The scenario of that name; also one of those that are not among [`all`]: those of the
/// [`bugs`] and their twins, and those that only tests run, whose modules end the process,
/// or hold it for ever, or meet a bug of OTP.
pub fn find(name: &str) -> Option<Scenario> {
    let bugs = bugs::all().into_iter();
    let bugs = bugs.flat_map(|bug| [bug.scenario, bug.twin]);
    let bugs = bugs.chain(bugs::untold());
    let untold = bad::scenarios().into_iter().chain([functions::refused()]);
    let mut scenarios = all().into_iter().chain(untold).chain(bugs);
    scenarios.find(|scenario| scenario.name == name)
}
