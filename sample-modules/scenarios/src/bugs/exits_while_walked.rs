//! A process ends while an upgrade is at the processes that it has found.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{
    Kind, Module, Process, RequestSpec, Restart, Scenario, Strategy, Supervision, Switch,
};
use upheaval_term::Term;

use super::released::{COUNTER, count, counter, released};
use super::system::{server, system, version};

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
    let permanent = Restart::Permanent;
    let together = Supervision {
        strategy: Strategy::RestForOne,
        intensity: 1000,
        ..Supervision::named("together")
    };
    let scenario = system(
        name,
        "counters that live no longer than the hall that they are in",
    )
    .module(version(hall, "exits_while_walked", "1", file))
    .module(counter())
    .process(Process::supervisor(together).supervised(permanent))
    .process(server("hall").under("together", permanent))
    .request(RequestSpec::new(1, Kind::Call, "hall", |_| {
        Term::atom("entered")
    }))
    .request(RequestSpec::new(4, Kind::Cast, "hall", |draw| {
        Term::atom(*draw.pick(&["enter", "close"]))
    }));
    let guests = ["guest_1", "guest_2", "guest_3"];
    let scenario = guests.iter().fold(scenario, |scenario, guest| {
        let process = Process::new(*guest, "counter", Term::Int(0));
        scenario
            .process(process.under("together", permanent))
            .request(count(1, guest))
    });
    let modules = |counter| [("hall", "1"), ("counter", counter)];
    released(scenario, &modules("1"), &modules("2"), COUNTER)
}
