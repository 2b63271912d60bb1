//! Scenarios over the sample modules: what `upheaval list` shows.

mod behaviours;
mod bugs;
mod default;
mod functions;
mod gateway;
mod models;
mod modules;
mod releases;
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

/// The scenario of that name.
pub fn find(name: &str) -> Option<Scenario> {
    all().into_iter().find(|scenario| scenario.name == name)
}
