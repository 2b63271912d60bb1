//! Code that is reached by other ways than a behaviour's callbacks.

use upheaval::scenario::{
    Draw, Kind, Process, RequestSpec, Restart, Scenario, Supervision, Weights,
};
use upheaval_term::Term;

use crate::modules;

/// Clients ask a `tariff` that keeps funs, a local and an external one (A6, A7), and a
/// `till` that the local one was sent to. Both say so where its code is gone. A `gauge`
/// has versions whose `on_load` waits for `till`, refuses or crashes, and calls `scale`,
/// which is loaded, by its own `on_load`, when it is first called (A12).
///
/// That one never refuses: where somebody waits for a first load that fails, OTP 25 forgets
/// them, and they wait for ever.
pub(crate) fn scenario() -> Scenario {
    with_scale(
        "functions",
        "servers that keep, send and call funs, and modules with on_load, loaded as they run",
        2,
    )
}

/// The same with a version of `scale` that refuses to be loaded, for plans written by hand.
pub(crate) fn refused() -> Scenario {
    with_scale(
        "functions_refused",
        "functions, and a module whose first on_load may refuse",
        3,
    )
}

fn with_scale(name: &str, about: &str, versions: u32) -> Scenario {
    let mut scenario = Scenario::new(name, about)
        .module(modules::loaded("tariff", 3).crashes_on(modules::nonsense()))
        .module(modules::loaded("till", 2).crashes_on(modules::nonsense()))
        .module(modules::loaded("gauge", 4).crashes_on(modules::nonsense()))
        .module(modules::loaded("scale", versions))
        .process(
            Process::new("tariff", "tariff", Term::atom("none")).supervised(Restart::Permanent),
        )
        .process(Process::new("till", "till", Term::atom("none")).supervised(Restart::Permanent))
        .request(RequestSpec::new(
            4,
            Kind::Call,
            "tariff",
            |draw| match draw.below(4) {
                0 => Term::atom("renew"),
                1 => Term::atom("hand_over"),
                2 => number("rate", draw),
                _ => number("price", draw),
            },
        ))
        .request(RequestSpec::new(3, Kind::Call, "till", |draw| {
            number("charge", draw)
        }))
        .process(Process::new("gauge", "gauge", Term::atom("none")).supervised(Restart::Permanent))
        .request(RequestSpec::new(2, Kind::Call, "gauge", |_| {
            Term::atom("version")
        }))
        .request(RequestSpec::new(1, Kind::Call, "gauge", |draw| {
            number("weigh", draw)
        }))
        .request(RequestSpec::new(1, Kind::Cast, "till", |draw| {
            number("note", draw)
        }));
    scenario.clients = 3;
    scenario.supervision = Supervision {
        intensity: 3,
        ..Supervision::named("sup")
    };
    scenario.weights = Weights {
        stick: 1,
        unstick: 1,
        ..Weights::default()
    };
    scenario
}

fn number(what: &'static str, draw: &mut Draw<'_>) -> Term {
    Term::tuple([Term::atom(what), Term::Int(draw.below(99))])
}
