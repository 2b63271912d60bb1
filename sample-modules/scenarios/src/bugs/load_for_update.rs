//! A module is loaded where it has to be updated.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// ranch#290: the appup says `load_module`, and the state has another shape. The twin is
/// moved by an update.
pub(super) fn bug() -> Bug {
    Bug {
        name: "load_for_update",
        number: 18,
        threads: &["ranch#290"],
        scenario: scenario("bug_load_for_update", Switch::Load),
        twin: scenario("twin_load_for_update", Switch::CodeChange),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, switch: Switch) -> Scenario {
    let quota = Module::new("quota", switch);
    system(name, "a server whose state changes its shape")
        .module(two_versions(quota, "load_for_update", ["v1", "v2"]))
        .process(server("quota").supervised(Restart::Permanent))
        .request(RequestSpec::new(1, Kind::Call, "quota", |draw| {
            Term::tuple([Term::atom("take"), Term::Int(1 + draw.below(9))])
        }))
}
