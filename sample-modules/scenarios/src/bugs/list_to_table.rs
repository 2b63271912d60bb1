//! The state moves from a list to a table, and nothing converts it.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Draw, Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// knutin/elli#90.
pub(super) fn bug() -> Bug {
    Bug {
        name: "list_to_table",
        number: 19,
        threads: &["knutin/elli#90"],
        scenario: scenario("bug_list_to_table", "v2"),
        twin: scenario("twin_list_to_table", "twin_v2"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, second: &str) -> Scenario {
    let headers = Module::new("headers", Switch::CodeChange);
    system(name, "a server whose list becomes a table")
        .module(two_versions(headers, "list_to_table", ["v1", second]))
        .process(server("headers").supervised(Restart::Permanent))
        .request(RequestSpec::new(
            1,
            Kind::Call,
            "headers",
            |draw| match draw.below(2) {
                0 => Term::tuple([Term::atom("get"), key(draw)]),
                _ => Term::tuple([Term::atom("put"), key(draw), Term::Int(draw.below(9))]),
            },
        ))
}

fn key(draw: &mut Draw<'_>) -> Term {
    Term::atom(*draw.pick(&["host", "accept", "cookie"]))
}
