//! A record that another module owns has changed.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Module, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use super::system::{server, system, two_versions};

/// ejabberd#3568: the conversion takes the old records for new ones, and crashes.
pub(super) fn bug() -> Bug {
    Bug {
        name: "owned_record",
        number: 35,
        threads: &["ejabberd#3568"],
        scenario: scenario("bug_owned_record", "v2"),
        twin: scenario("twin_owned_record", "twin_v2"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, second: &str) -> Scenario {
    let customers = Module::new("customers", Switch::CodeChange);
    system(name, "a server that keeps records of another module")
        .module(two_versions(customers, "owned_record", ["v1", second]))
        .process(server("customers").supervised(Restart::Permanent))
        .request(RequestSpec::new(1, Kind::Call, "customers", |draw| {
            let city = Term::binary(*draw.pick(&["Oslo", "Quito", "Hanoi"]));
            Term::tuple([Term::atom("add"), city])
        }))
}
