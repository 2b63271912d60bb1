//! Scenarios over modules that no harness survives in its own process, and over one that
//! is not deterministic. Only tests run them.

use upheaval::scenario::{Draw, Kind, Module, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

use crate::modules;

/// How many harmless requests come on a bad one: with 80 requests, so that many cases
/// have none.
const HARMLESS: u32 = 240;

/// One for each way in which a module can end or hold its process, one with all of them,
/// and one over a module with a static.
pub(crate) fn scenarios() -> Vec<Scenario> {
    let abort = || Term::atom("abort");
    let fault = || Term::atom("fault");
    let overflow = || Term::atom("overflow");
    let exit = || Term::tuple([Term::atom("exit"), Term::Int(3)]);
    let spin = || Term::atom("spin");
    vec![
        rogue("bad_abort", vec![abort()]),
        rogue("bad_fault", vec![fault()]),
        rogue("bad_overflow", vec![overflow()]),
        rogue("bad_exit", vec![exit()]),
        rogue("bad_spin", vec![spin()]),
        rogue("bad_mixed", vec![abort(), fault(), exit()]),
        numbers(),
    ]
}

fn rogue(name: &str, bad: Vec<Term>) -> Scenario {
    let scenario = Scenario::new(name, "a counter that ends or holds the process it runs in")
        .module(Module::new("rogue", Switch::Load).version("1", modules::source("bad_rogue")))
        .process(Process::new("rogue", "rogue", Term::Int(0)).supervised(Restart::Permanent))
        .request(RequestSpec::new(HARMLESS, Kind::Call, "rogue", |draw| {
            Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))])
        }));
    bad.into_iter().fold(scenario, |scenario, request| {
        let draw = move |_: &mut Draw<'_>| request.clone();
        scenario.request(RequestSpec::new(1, Kind::Call, "rogue", draw))
    })
}

fn numbers() -> Scenario {
    Scenario::new("bad_static", "a server that counts in a static")
        .module(Module::new("numbers", Switch::Load).version("1", modules::source("bad_static")))
        .process(
            Process::new("numbers", "numbers", Term::list::<Term>([]))
                .supervised(Restart::Permanent),
        )
        .request(RequestSpec::new(1, Kind::Call, "numbers", |_| {
            Term::atom("next")
        }))
}
