//! A fun is stored elsewhere, and its module is loaded twice.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions, version};

/// opentelemetry-erlang#25.
pub(super) fn bug() -> Bug {
    Bug {
        name: "fun_stored",
        number: 27,
        threads: &["opentelemetry-erlang#25"],
        scenario: scenario("bug_fun_stored", ["v1", "v2"]),
        twin: scenario("twin_fun_stored", ["twin_v1", "twin_v2"]),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, files: [&str; 2]) -> Scenario {
    let registry = Module::new("registry", Switch::Load);
    let tracer = Module::new("tracer", Switch::Load);
    system(name, "a server that stores a fun with another one")
        .module(version(registry, "fun_stored", "1", "registry_v1"))
        .module(two_versions(tracer, "fun_stored", files))
        .process(server("registry").supervised(Restart::Permanent))
        .process(server("tracer").supervised(Restart::Permanent))
        .request(RequestSpec::new(1, Kind::Call, "tracer", |_| {
            Term::atom("trace")
        }))
        .request(RequestSpec::new(3, Kind::Call, "registry", |draw| {
            Term::tuple([Term::atom("sample"), Term::Int(draw.below(9))])
        }))
}
