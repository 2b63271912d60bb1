//! The version that runs already is loaded a second time.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::released::{COUNTER, count, counter, counting, number, released, sample};
use super::system::system;

/// basho/cluster_info#10: what runs becomes old code all the same, and whoever is in it
/// lingers and is killed by a purge (A11).
pub(super) fn bug() -> Bug {
    let appup = r#"
{"2",
 [{"1", [{update, counter, {advanced, []}},
         {load_module, echo_loop}]}],
 [{"1", [{update, counter, {advanced, []}}]}]}.
"#;
    Bug {
        name: "loaded_twice",
        number: 22,
        threads: &["basho/cluster_info#10"],
        scenario: scenario("bug_loaded_twice", appup),
        twin: scenario("twin_loaded_twice", COUNTER),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, appup: &str) -> Scenario {
    let echoed = Term::map([(Term::atom("echoed"), Term::Int(0))]);
    let scenario = system(
        name,
        "a counter is upgraded, and a loop beside it stays as it is",
    )
    .module(counter())
    .module(sample("echo_loop", Switch::Load, 1))
    .process(counting("counter"))
    .process(Process::new("echo", "echo_loop", echoed).supervised(Restart::Permanent))
    .request(count(9, "counter"))
    .request(RequestSpec::new(1, Kind::Ask, "echo", number));
    let modules = |counter| [("counter", counter), ("echo_loop", "1")];
    released(scenario, &modules("1"), &modules("2"), appup)
}
