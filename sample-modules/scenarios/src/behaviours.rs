//! A process of each behaviour, in three versions each.

use upheaval::scenario::{
    Draw, DynamicChild, Kind, Process, RequestSpec, Restart, Scenario, Supervision, Weights,
};
use upheaval_term::Term;

use crate::modules;

/// Clients talk to a `cache` that waits and continues, a `door` that is a state machine,
/// an event manager with handlers of `event_log`, and a `meter` that is a special
/// process, while all of them are converted up and down, suspended and killed. In an
/// `annex`, which may be suspended as well (C7), there is a second cache. None is
/// told to stop: one that ends and is restarted while its module is upgraded is found
/// by no suspend, in Erlang as here.
pub(crate) fn scenario() -> Scenario {
    let annex = Supervision {
        intensity: 3,
        ..Supervision::named("annex")
    };
    let mut scenario = Scenario::new(
        "behaviours",
        "a gen_server with timeouts, a gen_statem, a gen_event and a special process",
    )
    .module(modules::cache())
    .module(modules::door())
    .module(modules::event_log())
    .module(modules::meter())
    .process(Process::new("cache", "cache", Term::Int(7)).supervised(Restart::Permanent))
    .process(Process::new("door", "door", Term::atom("none")).supervised(Restart::Permanent))
    .process(
        Process::new(
            "events",
            "event_log",
            Term::list([Term::atom("a"), Term::atom("b")]),
        )
        .supervised(Restart::Permanent),
    )
    .process(Process::new("meter", "meter", Term::Int(0)).supervised(Restart::Permanent))
    .process(Process::supervisor(annex).supervised(Restart::Permanent))
    .process(Process::new("attic", "cache", Term::Int(2)).under("annex", Restart::Permanent))
    .dynamic(DynamicChild::new(
        "annex",
        &Process::new("guest", "cache", Term::Int(1)),
        Restart::Transient,
    ))
    .request(RequestSpec::new(
        3,
        Kind::Call,
        "cache",
        |draw| match draw.below(2) {
            0 => Term::tuple([Term::atom("get"), key(draw)]),
            _ => put(draw),
        },
    ))
    .request(RequestSpec::new(1, Kind::Call, "cache", put).within(100))
    .request(RequestSpec::new(
        2,
        Kind::Cast,
        "cache",
        |draw| match draw.below(3) {
            0 => Term::atom("clear"),
            _ => put(draw),
        },
    ))
    .request(RequestSpec::new(6, Kind::Call, "door", |draw| {
        Term::atom(*draw.pick(&["unlock", "unlock", "pass", "pass", "pass", "count"]))
    }))
    .request(RequestSpec::new(3, Kind::Cast, "door", |draw| {
        match draw.below(6) {
            0..2 => Term::atom("lock"),
            2 => Term::atom("calm"),
            timer => {
                let name = if timer == 3 { "hush" } else { "alarm" };
                let ms = *draw.pick(&[0, 300, 1500]);
                Term::tuple([Term::atom(name), Term::Int(ms)])
            }
        }
    }))
    .request(RequestSpec::new(1, Kind::Call, "door", |_| Term::atom("pass")).within(300))
    .request(RequestSpec::new(2, Kind::Send, "door", |_| {
        Term::atom("kick")
    }))
    .request(RequestSpec::new(
        3,
        Kind::Notify,
        "events",
        |draw| match draw.below(8) {
            0 => Term::tuple([Term::atom("crash"), id(draw)]),
            1 => Term::tuple([Term::atom("leave"), id(draw)]),
            _ => Term::tuple([Term::atom("note"), Term::Int(1 + draw.below(9))]),
        },
    ))
    .request(RequestSpec::new(5, Kind::Manage, "events", manage))
    .request(RequestSpec::new(4, Kind::Ask, "meter", |draw| {
        Term::Int(1 + draw.below(9))
    }))
    .request(RequestSpec::new(1, Kind::Call, "attic", put));
    scenario.clients = 4;
    scenario.supervision = Supervision {
        intensity: 3,
        ..Supervision::named("sup")
    };
    scenario.weights = Weights {
        change_code: 1,
        ..Weights::default()
    };
    scenario
}

/// A request to the event manager.
fn manage(draw: &mut Draw<'_>) -> Term {
    let why = Term::atom("why");
    match draw.below(10) {
        0 => Term::atom("which_handlers"),
        1 => Term::atom("get_modules"),
        2..4 => Term::tuple([Term::atom("add_handler"), handler(draw), id(draw)]),
        4 => Term::tuple([Term::atom("delete_handler"), handler(draw), why]),
        5 => Term::tuple([
            Term::atom("swap_handler"),
            handler(draw),
            why,
            handler(draw),
            id(draw),
        ]),
        6 => Term::tuple([
            Term::atom("sync_notify"),
            Term::tuple([Term::atom("note"), Term::Int(1)]),
        ]),
        _ => {
            let request = *draw.pick(&["count", "count", "count", "crash", "leave"]);
            Term::tuple([Term::atom("call"), handler(draw), Term::atom(request)])
        }
    }
}

fn handler(draw: &mut Draw<'_>) -> Term {
    Term::tuple([Term::atom("event_log"), id(draw)])
}

fn key(draw: &mut Draw<'_>) -> Term {
    Term::atom(*draw.pick(&["first", "one", "two"]))
}

fn put(draw: &mut Draw<'_>) -> Term {
    Term::tuple([Term::atom("put"), key(draw), Term::Int(draw.below(99))])
}

fn id(draw: &mut Draw<'_>) -> Term {
    Term::atom(*draw.pick(&["a", "b", "c"]))
}
