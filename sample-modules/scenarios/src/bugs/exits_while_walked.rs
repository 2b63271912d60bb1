//! A process ends while an upgrade is at the processes that it has found.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{
    Kind, Module, Process, RequestSpec, Restart, Scenario, Strategy, Supervision, Switch,
};
use upheaval_term::Term;

use super::released::{COUNTER, count, counter, released};
use super::system::{system, version};

/// erlang/otp#3696, erlang/otp#5387: the install fails after the point of no return.
///
/// It was supervisors that ended as they were asked for their children then, which OTP 25
/// does not mind; it still does for one that ends between its suspend and its conversion
/// (C9). That takes a supervisor that ends it with another: a suspended process does not
/// end of itself.
pub(super) fn bug() -> Bug {
    Bug {
        name: "exits_while_walked",
        number: 8,
        threads: &["erlang/otp#3696", "erlang/otp#5387"],
        scenario: scenario("bug_exits_while_walked", "v1"),
        twin: scenario("twin_exits_while_walked", "twin_v1"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, file: &str) -> Scenario {
    let hall = Module::new("hall", Switch::Load);
    let scenario = system(
        name,
        "counters that live no longer than the halls that they are in",
    )
    .module(version(hall, "exits_while_walked", "1", file))
    .module(counter());
    let scenario = (1..=3).fold(scenario, hall_with_guest);
    let modules = |counter| [("hall", "1"), ("counter", counter)];
    released(scenario, &modules("1"), &modules("2"), COUNTER)
}

/// A hall, and a guest behind it under a supervisor of both: who ends with it.
fn hall_with_guest(scenario: Scenario, number: u32) -> Scenario {
    let permanent = Restart::Permanent;
    let [together, hall, guest] =
        ["together", "hall", "guest"].map(|what| format!("{what}_{number}"));
    let both = Supervision {
        strategy: Strategy::RestForOne,
        intensity: 1000,
        ..Supervision::named(&together)
    };
    scenario
        .process(Process::supervisor(both).supervised(permanent))
        .process(Process::new(&hall, "hall", Term::atom("none")).under(&together, permanent))
        .process(Process::new(&guest, "counter", Term::Int(0)).under(&together, permanent))
        .request(RequestSpec::new(1, Kind::Call, &hall, |_| {
            Term::atom("entered")
        }))
        .request(RequestSpec::new(4, Kind::Cast, &hall, |draw| {
            match draw.below(2) {
                0 => Term::atom("enter"),
                // As long as an install takes until it is at the guests, and some more.
                _ => Term::tuple([Term::atom("close"), Term::Int(draw.below(16))]),
            }
        }))
        .request(count(1, &guest))
}
