//! Code that somebody still runs is cleaned away.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::released::{COUNTER, count, counter, counting, number, released, sample};
use super::system::system;

const CLEANED: &str = r#"
{"2",
 [{"1", [{update, counter, {advanced, []}},
         {delete_module, echo_loop}]}],
 [{"1", [{add_module, echo_loop},
         {update, counter, {advanced, []}}]}]}.
"#;

/// deployex#278: the next call is `undef` (A3).
pub(super) fn bug() -> Bug {
    Bug {
        name: "cleaned_too_much",
        number: 43,
        threads: &["deployex#278"],
        scenario: scenario("bug_cleaned_too_much", &[("counter", "2")], CLEANED),
        twin: scenario(
            "twin_cleaned_too_much",
            &[("counter", "2"), ("echo_loop", "1")],
            COUNTER,
        ),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, second: &[(&str, &str)], appup: &str) -> Scenario {
    let echoed = Term::map([(Term::atom("echoed"), Term::Int(0))]);
    let scenario = system(name, "a counter is upgraded, and a loop beside it goes on")
        .module(counter())
        .module(sample("echo_loop", Switch::Load, 1))
        .process(counting("counter"))
        .process(Process::new("echo", "echo_loop", echoed).supervised(Restart::Permanent))
        .request(count(1, "counter"))
        .request(RequestSpec::new(1, Kind::Ask, "echo", number));
    let first = [("counter", "1"), ("echo_loop", "1")];
    released(scenario, &first, second, appup)
}
