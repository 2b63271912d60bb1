//! A supervisor of its author's own kind, which does not keep up with OTP's.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Module, Restart, Scenario, Switch};

use super::released::{COUNTER, count, counter, released};
use super::system::{server, system, version};

/// klarna/supervisor3#21, rabbitmq-common#230: nobody understands who its children are, and
/// they are silently not upgraded.
pub(super) fn bug() -> Bug {
    Bug {
        name: "stale_supervisor",
        number: 5,
        threads: &["klarna/supervisor3#21", "rabbitmq-common#230"],
        scenario: scenario("bug_stale_supervisor", "v1"),
        twin: scenario("twin_stale_supervisor", "twin_v1"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, file: &str) -> Scenario {
    let of = |module, file| version(module, "stale_supervisor", "1", file);
    let agency_sup = Module::new("agency_sup", Switch::Supervisor);
    let scenario = system(
        name,
        "a counter, under a supervisor that is none of OTP's, that is upgraded",
    )
    .module(of(agency_sup, "agency_sup_v1"))
    .module(of(Module::new("agency", Switch::Load), file))
    .module(counter())
    .process(server("agency_sup").supervised(Restart::Permanent))
    .other("agency")
    .other("agent")
    .request(count(1, "agent"));
    let modules = |counter| [("agency_sup", "1"), ("agency", "1"), ("counter", counter)];
    released(scenario, &modules("1"), &modules("2"), COUNTER)
}
