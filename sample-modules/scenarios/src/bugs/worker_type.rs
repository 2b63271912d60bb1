//! The spec of a supervisor does not say that it is one.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Module, Restart, Scenario, Switch};

use super::released::{COUNTER, count, counter, released, sample};
use super::system::{server, system, version};

/// supabase/supavisor#850: its children are skipped by upgrades.
pub(super) fn bug() -> Bug {
    Bug {
        name: "worker_type",
        number: 4,
        threads: &["supabase/supavisor#850"],
        scenario: scenario("bug_worker_type", "v1"),
        twin: scenario("twin_worker_type", "twin_v1"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, file: &str) -> Scenario {
    let floor_sup = Module::new("floor_sup", Switch::Supervisor);
    let scenario = system(
        name,
        "a counter, under a supervisor under another, that is upgraded",
    )
    .module(version(floor_sup, "worker_type", "1", file))
    .module(sample("desk_sup", Switch::Supervisor, 1))
    .module(counter())
    .process(server("floor_sup").supervised(Restart::Permanent))
    .other("desks")
    .other("desk")
    .request(count(1, "desk"));
    let modules = |counter| [("floor_sup", "1"), ("desk_sup", "1"), ("counter", counter)];
    released(scenario, &modules("1"), &modules("2"), COUNTER)
}
