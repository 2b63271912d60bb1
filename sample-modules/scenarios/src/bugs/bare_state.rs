//! `code_change` returns the bare state.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// mochi/egeoip#7.
pub(super) fn bug() -> Bug {
    Bug {
        name: "bare_state",
        number: 16,
        threads: &["mochi/egeoip#7"],
        scenario: scenario("bug_bare_state", "v2"),
        twin: scenario("twin_bare_state", "twin_v2"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, second: &str) -> Scenario {
    let atlas = Module::new("atlas", Switch::CodeChange);
    system(name, "a server that is converted up and down")
        .module(two_versions(atlas, "bare_state", ["v1", second]))
        .process(server("atlas").supervised(Restart::Permanent))
        .request(RequestSpec::new(1, Kind::Call, "atlas", |draw| {
            Term::tuple([Term::atom("lookup"), Term::Int(draw.below(9))])
        }))
}
