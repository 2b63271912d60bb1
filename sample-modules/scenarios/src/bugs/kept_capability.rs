//! A downgrade keeps what only the new version is able to read.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Draw, Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// riak_kv#802.
pub(super) fn bug() -> Bug {
    Bug {
        name: "kept_capability",
        number: 38,
        threads: &["riak_kv#802"],
        scenario: scenario("bug_kept_capability", "v2"),
        twin: scenario("twin_kept_capability", "twin_v2"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, second: &str) -> Scenario {
    let objects = Module::new("objects", Switch::CodeChange);
    let mut scenario = system(name, "a store that writes another format as it is upgraded")
        .module(two_versions(objects, "kept_capability", ["v1", second]))
        .process(server("objects").supervised(Restart::Permanent))
        .request(RequestSpec::new(
            1,
            Kind::Call,
            "objects",
            |draw| match draw.below(2) {
                0 => Term::tuple([Term::atom("get"), key(draw)]),
                _ => Term::tuple([Term::atom("put"), key(draw), Term::Int(draw.below(9))]),
            },
        ));
    // A busy store: a put and the get of its key have to meet around an upgrade.
    scenario.sizes.requests = 200;
    scenario
}

fn key(draw: &mut Draw<'_>) -> Term {
    Term::binary(*draw.pick(&["a", "b", "c"]))
}
