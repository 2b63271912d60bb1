//! A fun of the module that is replaced is kept in its state.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// deployex#280.
pub(super) fn bug() -> Bug {
    Bug {
        name: "fun_in_state",
        number: 26,
        threads: &["deployex#280"],
        scenario: scenario("bug_fun_in_state", ["v1", "v2"]),
        twin: scenario("twin_fun_in_state", ["twin_v1", "twin_v2"]),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, files: [&str; 2]) -> Scenario {
    let pricing = Module::new("pricing", Switch::CodeChange);
    system(name, "a server that keeps a fun, converted up and down")
        .module(two_versions(pricing, "fun_in_state", files))
        .process(server("pricing").supervised(Restart::Permanent))
        .request(RequestSpec::new(1, Kind::Call, "pricing", |draw| {
            Term::tuple([Term::atom("quote"), Term::Int(draw.below(99))])
        }))
}
