//! A state machine has no `code_change/4`.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// archethic-node#691.
pub(super) fn bug() -> Bug {
    Bug {
        name: "no_code_change",
        number: 17,
        threads: &["archethic-node#691"],
        scenario: scenario("bug_no_code_change", "v2"),
        twin: scenario("twin_no_code_change", "twin_v2"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, second: &str) -> Scenario {
    let valve = Module::new("valve", Switch::CodeChange);
    system(name, "a state machine that is converted up and down")
        .module(two_versions(valve, "no_code_change", ["v1", second]))
        .process(server("valve").supervised(Restart::Permanent))
        .request(RequestSpec::new(1, Kind::Call, "valve", |_| {
            Term::atom("turn")
        }))
}
