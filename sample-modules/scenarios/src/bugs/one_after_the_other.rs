//! Processes that do not answer are waited for one after the other.

use upheaval::benchmark::{Bug, On};
use upheaval::scenario::{Kind, Module, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::released::released;
use super::system::{system, two_versions};

const CLERK: &str = r#"
{"2",
 [{"1", [{update, clerk, 5000, soft, soft_purge, soft_purge, []}]}],
 [{"1", [{update, clerk, 5000, soft, soft_purge, soft_purge, []}]}]}.
"#;

/// erlang/otp#11001: those that do answer pause as long as it takes.
///
/// Real Erlang could do it as well, but not in a time that anybody would wait: a case of it
/// takes many minutes.
pub(super) fn bug() -> Bug {
    Bug {
        name: "one_after_the_other",
        number: 10,
        threads: &["erlang/otp#11001"],
        scenario: scenario("bug_one_after_the_other", ["v1", "v2"]),
        twin: scenario("twin_one_after_the_other", ["twin_v1", "twin_v2"]),
        targets: &[On::Embedded],
    }
}

fn scenario(name: &str, files: [&str; 2]) -> Scenario {
    let clerk = Module::new("clerk", Switch::Load);
    let clerks = ["clerk_1", "clerk_2", "clerk_3", "clerk_4"];
    let scenario = system(name, "clerks that have much to do are upgraded").module(two_versions(
        clerk,
        "one_after_the_other",
        files,
    ));
    let scenario = clerks.iter().fold(scenario, |scenario, clerk| {
        let process = Process::new(*clerk, "clerk", Term::atom("none"));
        scenario
            .process(process.supervised(Restart::Permanent))
            .request(RequestSpec::new(2, Kind::Call, *clerk, |_| {
                Term::atom("served")
            }))
            .request(RequestSpec::new(1, Kind::Cast, *clerk, |_| {
                Term::atom("serve")
            }))
    });
    released(scenario, &[("clerk", "1")], &[("clerk", "2")], CLERK)
}
