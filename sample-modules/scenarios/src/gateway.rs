//! A gateway: the miniature of a system that is kept up by releases.

use upheaval::scenario::{
    Application, ApplicationVersion, Draw, DynamicChild, Kind, Process, Release, RequestSpec,
    Restart, Scenario, Supervision, Weights,
};
use upheaval_term::Term;

use crate::modules;

/// Acceptors tell `connections`, so they and the sessions are done with it in one group;
/// a third acceptor is started, and stopped again on the way down. An acceptor that waits
/// for somebody stays in its code (A8), so the next release waits for it.
const GATEWAY_2: &str = r#"
{"2",
 [{"1", [{add_module, spare},
         {update, connections, {advanced, []}},
         {update, session, {advanced, []}, [connections]},
         {load_module, acceptor, soft_purge, soft_purge, [connections]},
         {update, listener_sup, supervisor},
         {apply, {supervisor, restart_child, [listener, acceptor_3]}}]}],
 [{"1", [{apply, {supervisor, terminate_child, [listener, acceptor_3]}},
         {apply, {supervisor, delete_child, [listener, acceptor_3]}},
         {update, listener_sup, supervisor},
         {load_module, acceptor, soft_purge, soft_purge, [connections]},
         {update, session, {advanced, []}, [connections]},
         {update, connections, {advanced, []}},
         {delete_module, spare}]}]}.
"#;

const GATEWAY_3: &str = r#"
{"3",
 [{"2", [{update, connections, 2000, {advanced, []}, brutal_purge, soft_purge, []},
         {delete_module, spare}]}],
 [{"2", [{add_module, spare},
         {update, connections, {advanced, []}}]}]}.
"#;

/// With this version everybody starts anew.
const GATEWAY_4: &str = r#"
{"4",
 [{"3", [{restart_application, gateway}]}],
 [{"3", [{restart_application, gateway}]}]}.
"#;

/// What is noted and done is lost on the way down.
const AUDIT_2: &str = r#"
{"2",
 [{"1", [{update, event_log, {advanced, []}},
         {update, worker_sup, supervisor},
         {update, worker, soft}]}],
 [{"1", [{restart_application, audit}]}]}.
"#;

const AUDIT_3: &str = r#"
{"3",
 [{"2", [{update, event_log, {advanced, []}}]}],
 [{"2", [{update, event_log, {advanced, []}}]}]}.
"#;

const METRICS_2: &str = r#"
{"2",
 [{"1", [{update, meter, {advanced, []}}]}],
 [{"1", [{update, meter, {advanced, []}}]}]}.
"#;

/// With this version what was measured is forgotten.
const METRICS_3: &str = r#"
{"3",
 [{"2", [{restart_application, metrics}]}],
 [{"2", [{restart_application, metrics}]}]}.
"#;

/// Three applications in four releases. `gateway` has a listener with acceptors, the
/// register of its connections, and a session; `audit` a log and a pool of workers; and
/// `metrics`, which comes with release 2, a meter. Between releases 1 and 2 `gateway`
/// moves and `metrics` is added or removed; between 2 and 3 all of them move, and on the
/// way down `audit` is restarted; and between 3 and 4 `gateway` and `metrics` are restarted.
pub(crate) fn scenario() -> Scenario {
    let permanent = Restart::Permanent;
    let named = |name: &str| Supervision {
        intensity: 3,
        ..Supervision::named(name)
    };
    let mut scenario = Scenario::new(
        "gateway",
        "a gateway of three applications, with acceptors, sessions, a log and a pool of workers",
    )
    .module(modules::connections())
    .module(modules::session())
    .module(modules::plain("acceptor"))
    .module(modules::supervisor("listener_sup"))
    .module(modules::plain("spare"))
    .module(modules::event_log())
    .module(modules::supervisor("worker_sup"))
    .module(modules::worker())
    .module(modules::meter())
    .process(Process::new("connections", "connections", nothing()).supervised(permanent))
    .process(Process::new("session", "session", nothing()).supervised(permanent))
    .process(Process::new("listener", "listener_sup", nothing()).supervised(permanent))
    .process(Process::supervisor(named("audit_sup")))
    .process(Process::new("log", "event_log", ids()).under("audit_sup", permanent))
    .process(Process::new("workers", "worker_sup", nothing()).under("audit_sup", permanent))
    .process(Process::supervisor(named("metrics_sup")))
    .process(Process::new("meter", "meter", Term::Int(0)).under("metrics_sup", permanent))
    .other("acceptor_1")
    .other("acceptor_2")
    .other("acceptor_3")
    .dynamic(DynamicChild::instance("workers", "worker_1", nothing()))
    .dynamic(DynamicChild::instance("workers", "worker_2", nothing()))
    .application(gateway())
    .application(
        Application::new("audit")
            .supervisor("audit_sup")
            .version(audit("1", "1"))
            .version(audit("2", "2").appup(AUDIT_2))
            .version(audit("3", "2").appup(AUDIT_3)),
    )
    .application(
        Application::new("metrics")
            .supervisor("metrics_sup")
            .version(ApplicationVersion::new("1", [("meter", "1")]))
            .version(ApplicationVersion::new("2", [("meter", "2")]).appup(METRICS_2))
            .version(ApplicationVersion::new("3", [("meter", "3")]).appup(METRICS_3)),
    )
    .release(Release::new("1", [("gateway", "1"), ("audit", "1")]))
    .release(Release::new(
        "2",
        [("gateway", "2"), ("audit", "1"), ("metrics", "1")],
    ))
    .release(Release::new(
        "3",
        [("gateway", "3"), ("audit", "2"), ("metrics", "2")],
    ))
    .release(Release::new(
        "4",
        [("gateway", "4"), ("audit", "3"), ("metrics", "3")],
    ))
    .request(RequestSpec::new(4, Kind::Ask, "acceptor_1", peer))
    .request(RequestSpec::new(3, Kind::Ask, "acceptor_2", peer))
    .request(RequestSpec::new(2, Kind::Ask, "acceptor_3", peer))
    .request(RequestSpec::new(
        4,
        Kind::Call,
        "connections",
        |draw| match draw.below(5) {
            0 => Term::atom("count"),
            1..3 => Term::tuple([Term::atom("close"), peer(draw)]),
            _ => Term::tuple([Term::atom("open"), peer(draw)]),
        },
    ))
    .request(RequestSpec::new(4, Kind::Call, "session", |draw| {
        Term::atom(*draw.pick(&["login", "login", "fetch", "fetch", "count"]))
    }))
    .request(RequestSpec::new(1, Kind::Call, "session", |_| Term::atom("fetch")).within(100))
    .request(RequestSpec::new(1, Kind::Cast, "session", |_| {
        Term::atom("logout")
    }))
    .request(RequestSpec::new(3, Kind::Notify, "log", |draw| {
        Term::tuple([Term::atom("note"), Term::Int(1 + draw.below(9))])
    }))
    .request(RequestSpec::new(2, Kind::Call, "worker_1", work))
    .request(RequestSpec::new(1, Kind::Call, "worker_2", work))
    .request(RequestSpec::new(2, Kind::Ask, "meter", |draw| {
        Term::Int(1 + draw.below(9))
    }));
    scenario.clients = 4;
    scenario.supervision = named("gateway_sup");
    scenario.weights = Weights {
        release: 14,
        application: 3,
        damaged_release: 2,
        suspend: 1,
        resume: 1,
        kill: 1,
        children: 3,
        start: 1,
        freeze: 1,
        thaw: 2,
        crash: 1,
        illegal: 1,
        ..Weights::NONE
    };
    scenario
}

fn gateway() -> Application {
    let version = |vsn: &str, connections, others, most| {
        let modules = [
            ("connections", connections),
            ("session", others),
            ("acceptor", others),
            ("listener_sup", others),
        ];
        let spare = (vsn == "2").then_some(("spare", "1"));
        ApplicationVersion::new(vsn, modules.into_iter().chain(spare))
            .env("max_connections", Term::Int(most))
    };
    Application::new("gateway")
        .supervisor("gateway_sup")
        .version(version("1", "1", "1", 100))
        .version(version("2", "2", "2", 200).appup(GATEWAY_2))
        .version(version("3", "3", "2", 200).appup(GATEWAY_3))
        .version(version("4", "3", "2", 200).appup(GATEWAY_4))
}

fn audit(vsn: &str, workers: &str) -> ApplicationVersion {
    let modules = [
        ("event_log", vsn),
        ("worker_sup", workers),
        ("worker", workers),
    ];
    ApplicationVersion::new(vsn, modules)
}

fn nothing() -> Term {
    Term::List(Vec::new())
}

fn ids() -> Term {
    Term::list([Term::atom("requests"), Term::atom("errors")])
}

fn peer(draw: &mut Draw<'_>) -> Term {
    Term::binary(*draw.pick(&["a", "b", "c"]))
}

fn work(draw: &mut Draw<'_>) -> Term {
    Term::tuple([Term::atom("work"), Term::Int(draw.below(99))])
}
