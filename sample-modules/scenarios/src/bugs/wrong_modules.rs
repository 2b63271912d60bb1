//! A child's spec names another module than the one that it runs.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Module, Restart, Scenario, Switch};

use super::released::{COUNTER, count, counter, released, sample};
use super::system::{server, system, version};

/// ninenines/cowboy#80: nobody finds the process.
pub(super) fn bug() -> Bug {
    let buggy = Module::new("desk_sup", Switch::Supervisor);
    Bug {
        name: "wrong_modules",
        number: 1,
        threads: &["ninenines/cowboy#80"],
        scenario: scenario(
            "bug_wrong_modules",
            version(buggy, "wrong_modules", "1", "v1"),
        ),
        twin: scenario(
            "twin_wrong_modules",
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
