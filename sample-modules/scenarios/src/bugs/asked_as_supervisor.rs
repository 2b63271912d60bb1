//! A child's spec says that it is a supervisor, which it is not.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Module, Restart, Scenario, Switch};

use super::released::{COUNTER, count, counter, released, sample};
use super::system::{server, system, version};

/// elixir-broadway/broadway#71: it is asked for its children, and crashes.
pub(super) fn bug() -> Bug {
    let buggy = Module::new("desk_sup", Switch::Supervisor);
    Bug {
        name: "asked_as_supervisor",
        number: 3,
        threads: &["elixir-broadway/broadway#71"],
        scenario: scenario(
            "bug_asked_as_supervisor",
            version(buggy, "asked_as_supervisor", "1", "v1"),
        ),
        twin: scenario(
            "twin_asked_as_supervisor",
            sample("desk_sup", Switch::Supervisor, 1),
        ),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, desk_sup: Module) -> Scenario {
    let scenario = system(
        name,
        "a counter, under a supervisor of its own, that is upgraded",
    )
    .module(desk_sup)
    .module(counter())
    .process(server("desk_sup").supervised(Restart::Permanent))
    .other("desk")
    .request(count(1, "desk"));
    let modules = |counter| [("desk_sup", "1"), ("counter", counter)];
    released(scenario, &modules("1"), &modules("2"), COUNTER)
}
