//! Native state is left behind by the code that it belongs to.

use upheaval::benchmark::{Bug, On};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system};
use crate::modules::source;

/// jsonx#10, emqx/quic#422: the next version reads it, and faults. On real Erlang it would
/// take a NIF, and those are in no scenario.
pub(super) fn bug() -> Bug {
    Bug {
        name: "native_state",
        number: 34,
        threads: &["jsonx#10", "emqx/quic#422"],
        scenario: scenario("bug_native_state", ["v1", "v2"]),
        twin: scenario("twin_native_state", ["twin_v1", "twin_v2"]),
        targets: &[On::Embedded],
    }
}

fn scenario(name: &str, [first, second]: [&str; 2]) -> Scenario {
    let file = |file: &str| source(&format!("bug_native_state_{file}"));
    let parser = Module::new("parser", Switch::Load);
    system(name, "a server with a state in native memory")
        .module(parser.version("1", file(first)).version("2", file(second)))
        .process(server("parser").supervised(Restart::Permanent))
        .request(RequestSpec::new(1, Kind::Call, "parser", |draw| {
            Term::tuple([Term::atom("parse"), Term::Int(draw.below(9))])
        }))
}
