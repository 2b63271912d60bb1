//! A fun travels in a message.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions, version};

/// emqx-management#260: by the time the receiver calls it, its code is gone. (There the
/// receiver was on another node, which never had that code.)
pub(super) fn bug() -> Bug {
    Bug {
        name: "fun_in_message",
        number: 28,
        threads: &["emqx-management#260"],
        scenario: scenario("bug_fun_in_message", ["v1", "v2"]),
        twin: scenario("twin_fun_in_message", ["twin_v1", "twin_v2"]),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, files: [&str; 2]) -> Scenario {
    let runner = Module::new("runner", Switch::Load);
    let api = Module::new("api", Switch::CodeChange);
    let work = |kind| RequestSpec::new(1, kind, "runner", |_| Term::atom("work"));
    let mut scenario = system(name, "a server that sends jobs to another one")
        .module(version(runner, "fun_in_message", "1", "runner_v1"))
        .module(two_versions(api, "fun_in_message", files))
        .process(server("runner").supervised(Restart::Permanent))
        .process(server("api").supervised(Restart::Permanent))
        .request(RequestSpec::new(30, Kind::Call, "api", |draw| {
            Term::tuple([Term::atom("run"), Term::Int(draw.below(9))])
        }))
        .request(work(Kind::Call))
        .request(work(Kind::Cast));
    // A job is called only after its code was loaded over twice.
    scenario.sizes.disturbances = 20;
    scenario
}
