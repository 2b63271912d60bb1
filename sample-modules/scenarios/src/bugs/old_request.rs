//! Requests in the old format come after the upgrade.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// riak#407: the server goes round in circles over them.
pub(super) fn bug() -> Bug {
    Bug {
        name: "old_request",
        number: 39,
        threads: &["riak#407"],
        scenario: scenario("bug_old_request", "v2"),
        twin: scenario("twin_old_request", "twin_v2"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, second: &str) -> Scenario {
    let votes = Module::new("votes", Switch::Load);
    system(name, "a server whose clients are not upgraded with it")
        .module(two_versions(votes, "old_request", ["v1", second]))
        .process(server("votes").supervised(Restart::Permanent))
        .request(RequestSpec::new(2, Kind::Cast, "votes", |draw| {
            let name = Term::binary(*draw.pick(&["ada", "joe", "mike"]));
            Term::tuple([Term::atom("vote"), name])
        }))
        .request(RequestSpec::new(1, Kind::Call, "votes", |_| {
            Term::atom("count")
        }))
}
