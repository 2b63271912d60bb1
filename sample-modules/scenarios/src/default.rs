//! The default scenario: each way that code is changed in a running system.

use upheaval::scenario::{Draw, Kind, Process, RequestSpec, Restart, Scenario, Supervision};
use upheaval_term::Term;

use crate::modules;

/// Three clients talk to a `counter`, a `ledger` that calls the counter, an
/// `echo_loop` and a `stuck_loop` under a supervisor, and to a `stray`
/// `stuck_loop` that nobody supervises, while modules are loaded and purged,
/// servers are suspended, converted and resumed, and processes are killed.
/// `spare` is loaded although nobody runs it.
pub(crate) fn scenario() -> Scenario {
    let mut scenario = Scenario::new(
        crate::DEFAULT,
        "counter, ledger, echo_loop and stuck_loop under a supervisor, a stray, three clients",
    )
    .module(modules::counter())
    .module(modules::ledger())
    .module(modules::loaded("echo_loop", 3))
    .module(modules::plain("stuck_loop"))
    .module(modules::plain("spare"))
    .process(Process::new("counter", "counter", Term::Int(0)).supervised(Restart::Permanent))
    .process(
        Process::new("ledger", "ledger", Term::list::<Term>([])).supervised(Restart::Permanent),
    )
    .process(Process::new("echo", "echo_loop", map("echoed")).supervised(Restart::Transient))
    .process(Process::new("stuck", "stuck_loop", map("answered")).supervised(Restart::Permanent))
    .process(Process::new("stray", "stuck_loop", map("answered")))
    .request(RequestSpec::new(6, Kind::Call, "counter", |draw| {
        if draw.below(4) == 0 {
            Term::atom("get")
        } else {
            Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))])
        }
    }))
    .request(
        RequestSpec::new(1, Kind::Call, "counter", |draw| {
            Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))])
        })
        .within(100),
    )
    .request(RequestSpec::new(2, Kind::Cast, "counter", |draw| {
        Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))])
    }))
    .request(RequestSpec::new(4, Kind::Call, "ledger", |draw| {
        let account = Term::binary(*draw.pick(&["a", "b", "c"]));
        if draw.below(4) == 0 {
            Term::tuple([Term::atom("balance"), account])
        } else {
            let amount = Term::Int(1 + draw.below(99));
            Term::tuple([Term::atom("deposit"), account, amount])
        }
    }))
    .request(RequestSpec::new(3, Kind::Ask, "echo", word))
    .request(RequestSpec::new(3, Kind::Ask, "stuck", word))
    .request(RequestSpec::new(2, Kind::Ask, "stray", word));
    scenario.clients = 3;
    scenario.supervision = Supervision {
        intensity: 3,
        ..Supervision::named("sup")
    };
    scenario
}

fn map(field: &'static str) -> Term {
    Term::map([(Term::atom(field), Term::Int(0))])
}

fn word(draw: &mut Draw<'_>) -> Term {
    Term::atom(*draw.pick(&["hello", "how", "are", "you"]))
}
