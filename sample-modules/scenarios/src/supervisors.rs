//! A supervision tree that uses every strategy.

use upheaval::scenario::{
    AutoShutdown, Draw, DynamicChild, Kind, Process, RequestSpec, Restart, Scenario, Shutdown,
    Strategy, Supervision, Template, Weights,
};
use upheaval_term::Term;

use crate::modules;

/// Under a one_for_one: a `counter`, a `pair` that lives and dies together, a `chain` in
/// which each depends on the one before, a `crowd` of children that come and go, a
/// `job` that ends with its significant `task`, an `office` whose callback module is
/// upgraded, and two ledgers, of which one may linger while the other does not.
pub(crate) fn scenario() -> Scenario {
    let counter = |name: &str| Process::new(name, "counter", Term::Int(0));
    let ledger = |name: &str| Process::new(name, "ledger", Term::list::<Term>([]));
    let named = |name: &str, strategy| Supervision {
        strategy,
        intensity: 3,
        ..Supervision::named(name)
    };
    let crowd = Supervision {
        template: Some(Template {
            restart: Restart::Transient,
            ..Template::new("counter")
        }),
        ..named("crowd", Strategy::SimpleOneForOne)
    };
    let job = Supervision {
        auto_shutdown: AutoShutdown::AnySignificant,
        ..named("job", Strategy::OneForOne)
    };
    let mut scenario = Scenario::new(
        "supervisors",
        "a supervision tree with every strategy, whose children come and go",
    )
    .module(modules::counter())
    .module(modules::plain("echo_loop"))
    .module(modules::office_sup())
    .module(modules::ledger())
    .process(counter("counter").supervised(Restart::Permanent))
    .process(Process::supervisor(named("pair", Strategy::OneForAll)).supervised(Restart::Permanent))
    .process(counter("left").under("pair", Restart::Permanent))
    .process(
        counter("right")
            .under("pair", Restart::Transient)
            .shutdown(Shutdown::BRUTAL_KILL),
    )
    .process(
        Process::supervisor(named("chain", Strategy::RestForOne)).supervised(Restart::Permanent),
    )
    .process(counter("first").under("chain", Restart::Permanent))
    .process(Process::new("second", "echo_loop", echoed()).under("chain", Restart::Permanent))
    .process(counter("third").under("chain", Restart::Temporary))
    .process(Process::supervisor(crowd).supervised(Restart::Permanent))
    .process(Process::supervisor(job).supervised(Restart::Transient))
    .process(
        counter("task")
            .under("job", Restart::Transient)
            .significant(),
    )
    .process(counter("helper").under("job", Restart::Permanent))
    .process(Process::new("office", "office_sup", Term::Int(0)).supervised(Restart::Permanent))
    .process(ledger("journal").supervised(Restart::Permanent))
    .process(ledger("accounts").supervised(Restart::Transient))
    .other("desk")
    .other("lamp")
    .other("phone")
    .dynamic(DynamicChild::new(
        "sup",
        &counter("extra"),
        Restart::Transient,
    ))
    .dynamic(DynamicChild::instance("crowd", "one", Term::Int(0)))
    .dynamic(DynamicChild::instance("crowd", "two", Term::Int(0)))
    .request(RequestSpec::new(3, Kind::Call, "counter", add))
    .request(RequestSpec::new(2, Kind::Call, "left", add))
    .request(RequestSpec::new(1, Kind::Call, "left", add).within(100))
    .request(RequestSpec::new(2, Kind::Cast, "right", add))
    .request(RequestSpec::new(2, Kind::Call, "first", add))
    .request(RequestSpec::new(1, Kind::Ask, "second", word))
    .request(RequestSpec::new(1, Kind::Call, "task", add))
    .request(RequestSpec::new(2, Kind::Call, "desk", add))
    .request(RequestSpec::new(1, Kind::Ask, "lamp", word))
    .request(RequestSpec::new(1, Kind::Call, "extra", add))
    .request(RequestSpec::new(1, Kind::Call, "one", add))
    .request(RequestSpec::new(1, Kind::Call, "journal", deposit))
    .request(RequestSpec::new(1, Kind::Call, "accounts", deposit));
    scenario.clients = 3;
    scenario.supervision.intensity = 5;
    scenario.weights = Weights {
        kill: 4,
        // Unlike an exit signal it is over before the next op, so that no upgrade looks
        // for a process that is about to be another.
        terminate: 4,
        children: 8,
        ..Weights::default()
    };
    scenario
}

fn echoed() -> Term {
    Term::map([(Term::atom("echoed"), Term::Int(0))])
}

fn add(draw: &mut Draw<'_>) -> Term {
    Term::tuple([Term::atom("add"), Term::Int(1 + draw.below(9))])
}

fn deposit(draw: &mut Draw<'_>) -> Term {
    let account = Term::binary(*draw.pick(&["a", "b"]));
    let amount = Term::Int(1 + draw.below(99));
    Term::tuple([Term::atom("deposit"), account, amount])
}

fn word(draw: &mut Draw<'_>) -> Term {
    Term::atom(*draw.pick(&["hello", "how", "are", "you"]))
}
