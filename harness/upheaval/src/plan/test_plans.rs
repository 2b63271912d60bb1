//! Plans and scenarios that the tests of this module share.

use std::path::PathBuf;

use upheaval_term::Term;

use super::{
    ApplicationStep, ChildRequest, Damage, Fault, Mischief, Op, Plan, ReleaseStep, Schedule, Stage,
    Step, SystemMessage, Way,
};
use crate::scenario::{
    Application, ApplicationVersion, ChildRef, DynamicChild, Kind, Module, Process, Release,
    Request, RequestSpec, Restart, Scenario, Source, Switch,
};

pub(super) fn at(steps: u32, seed: u32, op: Op) -> Step {
    Step { op, steps, seed }
}

pub(super) fn calls(client: u32, to: &str, payload: &str) -> Op {
    request(client, Kind::Call, to, payload)
}

pub(super) fn upgrade(module: &str, vsn: &str) -> Op {
    Op::Upgrade {
        module: module.into(),
        vsn: vsn.into(),
    }
}

pub(super) fn kill(process: &str) -> Op {
    Op::Kill {
        process: process.into(),
    }
}

/// A system message to the counter.
pub(super) fn system(message: SystemMessage) -> Op {
    Op::System {
        process: "counter".into(),
        message,
        within: None,
    }
}

fn within(ms: u32, op: Op) -> Op {
    match op {
        Op::System {
            process, message, ..
        } => Op::System {
            process,
            message,
            within: Some(ms),
        },
        op => op,
    }
}

fn change_code(vsn: &str, down: bool) -> SystemMessage {
    SystemMessage::ChangeCode {
        vsn: vsn.into(),
        down,
    }
}

fn request(client: u32, kind: Kind, to: &str, payload: &str) -> Op {
    let payload: Term = payload.parse().expect("the test's own payload is a term");
    Op::Request {
        client,
        request: Request {
            kind,
            to: to.into(),
            payload,
            within: None,
        },
    }
}

fn child(request: ChildRequest) -> Op {
    Op::Child {
        supervisor: "sup".into(),
        request,
    }
}

fn spare() -> ChildRef {
    ChildRef::Id(Term::atom("spare"))
}

/// A child that can be added to [`scenario`]'s supervisor.
pub(super) fn spare_child() -> DynamicChild {
    let spare = Process::new("spare", "echo", Term::Int(0));
    DynamicChild::new("sup", &spare, Restart::Transient)
}

/// A plan for [`scenario`] that uses the whole language.
pub(super) fn one_of_each_op() -> Plan {
    let stuck_loop = || "stuck_loop".to_string();
    let ledger = || "ledger".to_string();
    let counter = || "counter".to_string();
    Plan {
        scenario: "default".into(),
        seed: 0x9f3a_12cc_0000_0001,
        schedule: Schedule::Random,
        steps: vec![
            at(3, 0x0bad_f00d, calls(2, "counter", "{add,5}")),
            at(1, 0, request(1, Kind::Cast, "counter", "reset")),
            at(0, 0, request(3, Kind::Ask, "echo", "hello")),
            at(
                0,
                0,
                Op::Load {
                    module: "ledger".into(),
                    vsn: "2".into(),
                },
            ),
            at(
                1,
                0,
                Op::LoadBinary {
                    module: "ledger".into(),
                    vsn: "1".into(),
                },
            ),
            at(
                1,
                0,
                Op::Reload {
                    module: "ledger".into(),
                    vsn: "2".into(),
                },
            ),
            at(2, 0, upgrade("counter", "2")),
            at(
                0,
                1,
                Op::Purge {
                    module: stuck_loop(),
                },
            ),
            at(
                0,
                0,
                Op::SoftPurge {
                    module: stuck_loop(),
                },
            ),
            at(0, 0, Op::Delete { module: ledger() }),
            at(0, 0, Op::Stick { module: ledger() }),
            at(0, 0, Op::Unstick { module: ledger() }),
            at(0, 0, system(SystemMessage::Suspend)),
            at(0, 0, system(SystemMessage::Resume)),
            at(0, 0, system(SystemMessage::GetState)),
            at(
                0,
                0,
                system(SystemMessage::ReplaceState(Term::map([(
                    Term::atom("count"),
                    Term::Int(3),
                )]))),
            ),
            at(
                0,
                0,
                system(SystemMessage::FailToReplace(Term::atom("boom"))),
            ),
            at(0, 0, system(SystemMessage::GetStatus)),
            at(0, 0, system(change_code("2", false))),
            at(0, 0, within(100, system(change_code("1", true)))),
            at(
                0,
                0,
                system(SystemMessage::Terminate(Term::tuple([
                    Term::atom("shutdown"),
                    Term::atom("now"),
                ]))),
            ),
            at(0, 0, system(SystemMessage::Other(Term::atom("hello")))),
            at(
                0,
                0,
                Op::Exit {
                    process: "counter".into(),
                    reason: Term::atom("normal"),
                },
            ),
            at(0, 0, kill("counter")),
            at(
                0,
                0,
                Op::Start {
                    process: "stray".into(),
                },
            ),
            at(0, 0, child(ChildRequest::Start(spare_child().start))),
            at(0, 0, child(ChildRequest::Terminate(spare()))),
            at(
                0,
                0,
                child(ChildRequest::Terminate(ChildRef::Whereis("spare".into()))),
            ),
            at(0, 0, child(ChildRequest::Restart(Term::atom("spare")))),
            at(0, 0, child(ChildRequest::Delete(Term::atom("spare")))),
            at(0, 0, child(ChildRequest::GetSpec(spare()))),
            at(0, 0, Op::Advance { ms: 5000 }),
            at(0, 0, release(ReleaseStep::Unpack, "2")),
            at(0, 0, release(ReleaseStep::Check, "2")),
            at(0, 0, release(ReleaseStep::Install, "2")),
            at(0, 0, release(ReleaseStep::MakePermanent, "2")),
            at(0, 0, release(ReleaseStep::Remove, "1")),
            at(0, 0, release(ReleaseStep::RebootOld, "1")),
            at(0, 0, application(ApplicationStep::Upgrade)),
            at(0, 0, application(ApplicationStep::Downgrade)),
            at(0, 0, damaged(Way::Load, Damage::Truncated)),
            at(0, 0, damaged(Way::LoadBinary, Damage::Swapped)),
            at(0, 0, damaged(Way::Reload, Damage::Missing)),
            at(0, 0, meanwhile(Mischief::Kill, Stage::Suspended)),
            at(0, 0, meanwhile(Mischief::Freeze, Stage::Loaded)),
            at(0, 0, storm("counter", 3)),
            at(0, 0, Op::Crash { process: counter() }),
            at(0, 0, Op::Freeze { process: counter() }),
            at(0, 0, Op::Thaw { process: counter() }),
            at(0, 0, damaged(Way::Reload, Damage::Stale)),
            at(
                0,
                0,
                damaged_release(release(ReleaseStep::Install, "2"), Damage::Truncated),
            ),
            at(
                0,
                0,
                damaged_release(application(ApplicationStep::Upgrade), Damage::Stale),
            ),
        ],
    }
}

/// The ledger is moved to its version 2, and the artifact is damaged before.
pub(super) fn damaged(way: Way, damage: Damage) -> Op {
    Op::Faulty {
        way,
        module: "ledger".into(),
        vsn: "2".into(),
        fault: Fault::Artifact(damage),
    }
}

/// The release handler does that, and the counter's artifact is damaged before.
pub(super) fn damaged_release(of: Op, damage: Damage) -> Op {
    Op::FaultyRelease {
        of: Box::new(of),
        fault: Fault::ArtifactOf {
            damage,
            module: "counter".into(),
        },
    }
}

/// The counter is upgraded to its version 2, and something happens to it meanwhile.
pub(super) fn meanwhile(what: Mischief, once: Stage) -> Op {
    Op::Faulty {
        way: Way::Upgrade,
        module: "counter".into(),
        vsn: "2".into(),
        fault: Fault::Meanwhile {
            what,
            process: "counter".into(),
            once,
        },
    }
}

pub(super) fn storm(process: &str, kills: u32) -> Op {
    Op::Storm {
        process: process.into(),
        kills,
    }
}

fn release(step: ReleaseStep, vsn: &str) -> Op {
    Op::Release {
        step,
        vsn: vsn.into(),
    }
}

fn application(step: ApplicationStep) -> Op {
    Op::Application {
        step,
        application: "shop".into(),
        vsn: "2".into(),
    }
}

/// A scenario of the default sizes, with each kind of module and process.
pub(super) fn scenario() -> Scenario {
    let module = |name: &str, switch| {
        let file = || Source::File(PathBuf::from("nowhere.so"));
        Module::new(name, switch)
            .version("1", file())
            .version("2", file())
    };
    let nil = || Term::list([0; 0]);
    let mut scenario = Scenario::new("default", "what the tests of plans run")
        .module(module("counter", Switch::CodeChange).crashes_on(Term::atom("oops")))
        .module(module("ledger", Switch::Load))
        .module(module("echo", Switch::Load))
        .module(module("stuck_loop", Switch::Load))
        .process(Process::new("counter", "counter", nil()).supervised(Restart::Permanent))
        .process(Process::new("ledger", "ledger", nil()).supervised(Restart::Transient))
        .process(Process::new("echo", "echo", nil()).supervised(Restart::Permanent))
        .process(Process::new("stray", "stuck_loop", nil()))
        .application(
            Application::new("shop")
                .supervisor("sup")
                .version(ApplicationVersion::new("1", [("counter", "1")]))
                .version(ApplicationVersion::new("2", [("counter", "2")])),
        )
        .release(Release::new("1", [("shop", "1")]))
        .release(Release::new("2", [("shop", "2")]))
        .request(RequestSpec::new(4, Kind::Call, "counter", |random| {
            Term::tuple([Term::atom("add"), Term::Int(random.below(100))])
        }))
        .request(RequestSpec::new(2, Kind::Cast, "counter", |_| {
            Term::atom("reset")
        }))
        .request(RequestSpec::new(3, Kind::Call, "ledger", |random| {
            let amount = Term::Int(random.below(10));
            Term::tuple([Term::atom("deposit"), Term::binary("alice"), amount])
        }))
        .request(RequestSpec::new(1, Kind::Ask, "echo", |_| {
            Term::atom("hello")
        }));
    // As many that a plan can be shrunk a long way.
    scenario.sizes.requests = 200;
    scenario.clients = 5;
    // Nothing of them is drawn unless a test says so.
    scenario.weights.release = 0;
    scenario.other("spare")
}
