//! What can be done to a scenario besides requests.

use std::collections::BTreeSet;

use upheaval_release::{Appup, Instruction, LowLevel};
use upheaval_term::Term;

use super::faults::faults;
use crate::plan::{ApplicationStep, ChildRequest, Op, ReleaseStep, SystemMessage};
use crate::scenario::{ApplicationVersion, ChildRef, Process, Scenario, Switch};

/// The clock's jumps, in milliseconds: a moment, a tick, a second, OTP's
/// timeout of a call (and the default restart period), and just past it.
const JUMPS: [u32; 5] = [1, 100, 1000, 5000, 6000];

/// The kinds of disturbance that a scenario offers something for, with their
/// weights.
pub(super) fn disturbances(scenario: &Scenario) -> impl Iterator<Item = (u32, Vec<Op>)> {
    let weights = scenario.weights;
    // Those of a module that switches by itself, and those that are switched.
    let versions = |switched: bool, op: fn(String, String) -> Op| -> Vec<Op> {
        let modules = scenario
            .modules
            .iter()
            .filter(|module| (module.switch != Switch::Load) == switched);
        modules
            .flat_map(|m| {
                m.versions
                    .iter()
                    .map(move |v| op(m.name.clone(), v.vsn.clone()))
            })
            .collect()
    };
    let modules = |op: fn(String) -> Op| -> Vec<Op> {
        scenario
            .modules
            .iter()
            .map(|module| op(module.name.clone()))
            .collect()
    };
    let kills = |supervisors: bool| -> Vec<Op> {
        let processes = scenario.processes.iter();
        let those = processes.filter(|process| scenario.is_supervisor(process) == supervisors);
        those
            .map(|process| Op::Kill {
                process: process.name.clone(),
            })
            .collect()
    };
    let systems = |messages: &dyn Fn(&Process) -> Vec<SystemMessage>| -> Vec<Op> {
        let each = scenario.processes.iter().flat_map(|process| {
            messages(process).into_iter().map(|message| Op::System {
                process: process.name.clone(),
                message,
                within: None,
            })
        });
        each.collect()
    };
    let called = called_by_scripts(scenario);
    let kinds = [
        (
            weights.load,
            versions(false, |module, vsn| Op::Load { module, vsn }),
        ),
        (
            weights.load_binary,
            versions(false, |module, vsn| Op::LoadBinary { module, vsn }),
        ),
        (
            weights.reload,
            versions(false, |module, vsn| Op::Reload { module, vsn }),
        ),
        (
            weights.upgrade,
            versions(true, |module, vsn| Op::Upgrade { module, vsn }),
        ),
        (weights.purge, modules(|module| Op::Purge { module })),
        (
            weights.soft_purge,
            modules(|module| Op::SoftPurge { module }),
        ),
        (
            weights.suspend,
            systems(&|process| match called.contains(&process.name) {
                true => Vec::new(),
                false => vec![SystemMessage::Suspend],
            }),
        ),
        (weights.resume, systems(&|_| vec![SystemMessage::Resume])),
        (weights.kill, kills(false)),
        (weights.start, starts(scenario)),
        (weights.release, releases(scenario)),
        (weights.application, applications(scenario)),
        (weights.advance, JUMPS.map(|ms| Op::Advance { ms }).to_vec()),
        (
            weights.get_state,
            systems(&|process| stateful(process, SystemMessage::GetState)),
        ),
        (
            weights.replace_state,
            systems(&|process| {
                let states = process.replacements.iter().cloned();
                let failure = SystemMessage::FailToReplace(Term::atom("oops"));
                let states = states.map(SystemMessage::ReplaceState);
                match process.replacements.is_empty() {
                    true => Vec::new(),
                    false => states.chain([failure]).collect(),
                }
            }),
        ),
        (
            weights.get_status,
            systems(&|process| stateful(process, SystemMessage::GetStatus)),
        ),
        (
            weights.change_code,
            systems(&|process| changes(scenario, process)),
        ),
        (
            weights.terminate,
            systems(&|_| {
                let reasons = reasons().into_iter();
                reasons.map(SystemMessage::Terminate).collect()
            }),
        ),
        (weights.exit, exits(scenario)),
        (weights.delete, modules(|module| Op::Delete { module })),
        (weights.stick, modules(|module| Op::Stick { module })),
        (weights.unstick, modules(|module| Op::Unstick { module })),
        (weights.children, children(scenario)),
        (weights.kill_supervisor, kills(true)),
    ];
    let kinds = kinds.into_iter().chain(faults(scenario));
    kinds.filter(|(_, ops)| !ops.is_empty())
}

/// The supervisors that the scripts of releases call. Such a call has no timeout: of one
/// that is suspended the release handler would never hear again, and no target could go on.
fn called_by_scripts(scenario: &Scenario) -> BTreeSet<String> {
    let versions = scenario.applications.iter().flat_map(|a| &a.versions);
    // What cannot be read is refused by the targets, with its place.
    let appups = versions.filter_map(|version| Appup::parse(version.appup.as_ref()?).ok());
    let instructions = appups.flat_map(|appup| {
        let clauses = appup.up.into_iter().chain(appup.down);
        clauses.flat_map(|clause| clause.steps)
    });
    instructions
        .filter_map(|step| match step.instruction {
            Instruction::Low(LowLevel::Apply(function)) if function.module == "supervisor" => {
                Some(function.args.first()?.as_atom()?.as_str().to_owned())
            }
            _ => None,
        })
        .collect()
}

/// Conversions by hand, up from and down to each version.
fn changes(scenario: &Scenario, process: &Process) -> Vec<SystemMessage> {
    let module = scenario.find_module(&process.module);
    let versions = module.map_or(&[][..], |module| &module.versions).iter();
    let both = versions.flat_map(|version| {
        [false, true].map(|down| SystemMessage::ChangeCode {
            vsn: version.vsn.clone(),
            down,
        })
    });
    both.collect()
}

/// Reasons that supervisors tell apart (D2).
fn reasons() -> [Term; 4] {
    let bye = Term::tuple([Term::atom("shutdown"), Term::atom("bye")]);
    [
        Term::atom("normal"),
        Term::atom("shutdown"),
        bye,
        Term::atom("oops"),
    ]
}

fn exits(scenario: &Scenario) -> Vec<Op> {
    let each = scenario.processes.iter().flat_map(|process| {
        reasons().map(|reason| Op::Exit {
            process: process.name.clone(),
            reason,
        })
    });
    each.collect()
}

/// What is done with the children that come and go: each is added as often as it is
/// terminated.
fn children(scenario: &Scenario) -> Vec<Op> {
    let each = scenario.dynamic.iter().flat_map(|child| {
        let start = ChildRequest::Start(child.start.clone());
        let terminate = ChildRequest::Terminate(child.child.clone());
        let others = match &child.child {
            ChildRef::Id(id) => vec![
                ChildRequest::Restart(id.clone()),
                ChildRequest::Delete(id.clone()),
                ChildRequest::GetSpec(child.child.clone()),
            ],
            ChildRef::Whereis(_) => vec![ChildRequest::GetSpec(child.child.clone())],
        };
        let all = [start.clone(), start, terminate.clone(), terminate];
        all.into_iter().chain(others).map(|request| Op::Child {
            supervisor: child.supervisor.clone(),
            request,
        })
    });
    each.collect()
}

/// A look at the state of a process; a supervisor's is OTP's own business.
fn stateful(process: &Process, message: SystemMessage) -> Vec<SystemMessage> {
    match process.supervises {
        Some(_) => Vec::new(),
        None => vec![message],
    }
}

/// What can be asked of the release handler, the steps that lead on more often than
/// the others.
pub(super) fn releases(scenario: &Scenario) -> Vec<Op> {
    let often = |step| match step {
        ReleaseStep::Install => 4,
        ReleaseStep::Unpack => 3,
        ReleaseStep::MakePermanent => 2,
        ReleaseStep::Check | ReleaseStep::RebootOld | ReleaseStep::Remove => 1,
    };
    let of = |vsn: &String| {
        let vsn = vsn.clone();
        let steps = ReleaseStep::ALL.iter();
        steps.flat_map(move |step| {
            let op = Op::Release {
                step: *step,
                vsn: vsn.clone(),
            };
            std::iter::repeat_n(op, often(*step))
        })
    };
    (scenario.releases.iter())
        .flat_map(|release| of(&release.vsn))
        .collect()
}

/// Each application moved alone to each version that an appup leads to, up or down;
/// there are none without a release.
pub(super) fn applications(scenario: &Scenario) -> Vec<Op> {
    if scenario.releases.is_empty() {
        return Vec::new();
    }
    let each = scenario.applications.iter().flat_map(|application| {
        let to = |step, version: &ApplicationVersion| Op::Application {
            step,
            application: application.name.clone(),
            vsn: version.vsn.clone(),
        };
        let versions = &application.versions;
        let ups = versions.iter().filter(|version| version.appup.is_some());
        let ups = ups.map(move |version| to(ApplicationStep::Upgrade, version));
        // The appup is that of a later version.
        let downs = versions.iter().enumerate().filter(|(place, _)| {
            let mut later = versions[place + 1..].iter();
            later.any(|version| version.appup.is_some())
        });
        ups.chain(downs.map(move |(_, version)| to(ApplicationStep::Downgrade, version)))
    });
    each.collect()
}

/// What can be started by hand: each process that nobody supervises, and the
/// supervisor where it has a child.
fn starts(scenario: &Scenario) -> Vec<Op> {
    let alone = scenario.processes.iter().filter(|p| p.restart.is_none());
    let supervisor = scenario
        .has_supervisor()
        .then_some(&scenario.supervision.name);
    alone
        .map(|process| &process.name)
        .chain(supervisor)
        .map(|process| Op::Start {
            process: process.clone(),
        })
        .collect()
}
