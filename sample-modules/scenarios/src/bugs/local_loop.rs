//! An idle receive loop goes on with a local call.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{
    Application, ApplicationVersion, Kind, Module, Process, Release, RequestSpec, Restart,
    Scenario, Switch, Weights,
};
use upheaval_term::Term;

use super::system::{system, two_versions};

const LOADED: &str = r#"
{"2",
 [{"1", [{load_module, relay}]}],
 [{"1", [{load_module, relay}]}]}.
"#;

const UPDATED: &str = r#"
{"2",
 [{"1", [{update, relay, soft}]}],
 [{"1", [{update, relay, soft}]}]}.
"#;

/// cloudant/fabric#143: the process stays in the version that it began in. The twin is a
/// special process, which is suspended and goes on in the new one.
pub(super) fn bug() -> Bug {
    Bug {
        name: "local_loop",
        number: 23,
        threads: &["cloudant/fabric#143"],
        scenario: scenario("bug_local_loop", ["v1", "v2"], LOADED),
        twin: scenario("twin_local_loop", ["twin_v1", "twin_v2"], UPDATED),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, files: [&str; 2], appup: &str) -> Scenario {
    let relay = Module::new("relay", Switch::Load);
    let relayed = Term::map([(Term::atom("relayed"), Term::Int(0))]);
    let mut scenario = system(name, "a loop that a release upgrades")
        .module(two_versions(relay, "local_loop", files))
        .process(Process::new("relay", "relay", relayed).supervised(Restart::Permanent))
        .application(
            Application::new("relays")
                .supervisor("sup")
                .version(ApplicationVersion::new("1", [("relay", "1")]))
                .version(ApplicationVersion::new("2", [("relay", "2")]).appup(appup)),
        )
        .release(Release::new("1", [("relays", "1")]))
        .release(Release::new("2", [("relays", "2")]))
        .request(RequestSpec::new(1, Kind::Ask, "relay", |draw| {
            Term::Int(draw.below(9))
        }));
    scenario.weights = Weights {
        release: 8,
        kill: 1,
        ..Weights::NONE
    };
    scenario
}
