//! An install says that it is done, and has not done all.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::released::{COUNTER, count, counter, counting, number, released, sample};
use super::system::system;

const BOTH: &str = r#"
{"2",
 [{"1", [{update, counter, {advanced, []}},
         {load_module, echo_loop, soft_purge, soft_purge, []}]}],
 [{"1", [{load_module, echo_loop, soft_purge, soft_purge, []},
         {update, counter, {advanced, []}}]}]}.
"#;

/// deployex#274: a module that has changed does not stand in the appup, and the install is
/// called good.
pub(super) fn bug() -> Bug {
    Bug {
        name: "success_too_early",
        number: 44,
        threads: &["deployex#274"],
        scenario: scenario("bug_success_too_early", COUNTER),
        twin: scenario("twin_success_too_early", BOTH),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, appup: &str) -> Scenario {
    let echoed = Term::map([(Term::atom("echoed"), Term::Int(0))]);
    let scenario = system(name, "a counter and a loop that are upgraded")
        .module(counter())
        .module(sample("echo_loop", Switch::Load, 2))
        .process(counting("counter"))
        .process(Process::new("echo", "echo_loop", echoed).supervised(Restart::Permanent))
        .request(count(1, "counter"))
        .request(RequestSpec::new(1, Kind::Ask, "echo", number));
    let modules = |vsn| [("counter", vsn), ("echo_loop", vsn)];
    released(scenario, &modules("1"), &modules("2"), appup)
}
