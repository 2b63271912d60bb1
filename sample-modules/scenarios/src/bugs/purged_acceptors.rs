//! A purge kills acceptors that linger, and their supervisor passes its intensity.

use upheaval::benchmark::{Bug, EVERYWHERE};
use upheaval::scenario::{Kind, Process, RequestSpec, Restart, Scenario, Supervision, Switch};
use upheaval_term::Term;

use super::released::{number, released, sample};
use super::system::system;

/// cb_admin#39: each of them is a restart (D3).
pub(super) fn bug() -> Bug {
    Bug {
        name: "purged_acceptors",
        number: 21,
        threads: &["cb_admin#39"],
        scenario: scenario("bug_purged_acceptors", "brutal_purge"),
        twin: scenario("twin_purged_acceptors", "soft_purge"),
        targets: EVERYWHERE,
    }
}

fn scenario(name: &str, purge: &str) -> Scenario {
    let permanent = Restart::Permanent;
    let echoed = || Term::map([(Term::atom("echoed"), Term::Int(0))]);
    let acceptors = ["acceptor_1", "acceptor_2"];
    let scenario = system(
        name,
        "acceptors that wait in a receive as they are upgraded",
    )
    .module(sample("echo_loop", Switch::Load, 2))
    .process(Process::supervisor(Supervision::named("acceptors")).supervised(permanent));
    let scenario = acceptors.iter().fold(scenario, |scenario, acceptor| {
        let process = Process::new(*acceptor, "echo_loop", echoed());
        scenario
            .process(process.under("acceptors", permanent))
            .request(RequestSpec::new(1, Kind::Ask, *acceptor, number))
    });
    let steps = format!("{{load_module, echo_loop, {purge}, {purge}, []}}");
    let appup = format!("{{\"2\",\n [{{\"1\", [{steps}]}}],\n [{{\"1\", [{steps}]}}]}}.\n");
    released(
        scenario,
        &[("echo_loop", "1")],
        &[("echo_loop", "2")],
        &appup,
    )
}
