//! The faults that a scenario offers something for, and what is illegal on purpose.

use upheaval_term::{Atom, Term};

use super::disturbances::{applications, releases};
use crate::plan::{ChildRequest, Damage, Fault, Mischief, Op, Stage, SystemMessage, Way, moved_by};
use crate::scenario::{ChildRef, DynamicChild, Module, Process, Scenario, Switch};

/// A version that no module has, and an id that no child has.
const NOBODY: &str = "nobody";

/// The kinds of fault, with their weights.
pub(super) fn faults(scenario: &Scenario) -> Vec<(u32, Vec<Op>)> {
    let weights = scenario.weights;
    let to_each = |op: fn(String) -> Op| -> Vec<Op> {
        let workers = workers(scenario);
        workers.map(|process| op(process.name.clone())).collect()
    };
    vec![
        (weights.freeze, to_each(|process| Op::Freeze { process })),
        (weights.thaw, to_each(|process| Op::Thaw { process })),
        (weights.crash, crashes(scenario)),
        (weights.storm, storms(scenario)),
        (weights.damage, damages(scenario)),
        (weights.damaged_release, damaged_releases(scenario)),
        (weights.meanwhile, meanwhiles(scenario)),
        (weights.illegal, illegal(scenario)),
    ]
}

/// The processes that are no supervisors.
fn workers(scenario: &Scenario) -> impl Iterator<Item = &Process> {
    let processes = scenario.processes.iter();
    processes.filter(|process| !scenario.is_supervisor(process))
}

fn crashes(scenario: &Scenario) -> Vec<Op> {
    let dynamic = scenario.dynamic.iter().map(|child| &child.name);
    let names = workers(scenario)
        .map(|process| &process.name)
        .chain(dynamic);
    names
        .filter(|name| scenario.crash_of(name).is_some())
        .map(|name| Op::Crash {
            process: name.clone(),
        })
        .collect()
}

/// As many kills as a supervisor bears, and fewer, more often than one too many: what
/// comes after that happens to nobody (D4).
fn storms(scenario: &Scenario) -> Vec<Op> {
    let each = workers(scenario).flat_map(|process| {
        let above = scenario.parent_of(process);
        let supervision = above.and_then(|name| scenario.find_supervision(name));
        let intensity = supervision.map_or(0, |supervision| supervision.intensity);
        let storm = |kills| Op::Storm {
            process: process.name.clone(),
            kills,
        };
        let borne = (2..=intensity).map(storm);
        let borne: Vec<Op> = borne.clone().chain(borne).collect();
        let last_straw = (intensity > 0).then(|| storm(intensity.saturating_add(1)));
        borne.into_iter().chain(last_straw)
    });
    each.collect()
}

/// Each module moved as it is moved in other plans, with an artifact that is damaged.
fn damages(scenario: &Scenario) -> Vec<Op> {
    if scenario.modules.len() < 2 {
        return Vec::new();
    }
    let each = scenario.modules.iter().flat_map(|module| {
        let ways = match module.switch {
            Switch::Load => &[Way::Load, Way::LoadBinary, Way::Reload][..],
            Switch::CodeChange | Switch::Supervisor => &[Way::Upgrade],
        };
        let versions = module.versions.iter();
        versions.flat_map(move |version| {
            ways.iter().flat_map(move |way| {
                let fits = move |damage: &Damage| match damage {
                    Damage::Missing => *way != Way::LoadBinary,
                    Damage::Stale => module.versions.len() > 1,
                    Damage::Truncated | Damage::Swapped => true,
                };
                Damage::ALL
                    .into_iter()
                    .filter(fits)
                    .map(move |damage| faulty(*way, module, &version.vsn, Fault::Artifact(damage)))
            })
        })
    });
    each.collect()
}

/// Each install, check and move of an application, with an artifact that is damaged of what it
/// is to bring.
fn damaged_releases(scenario: &Scenario) -> Vec<Op> {
    let moves = releases(scenario).into_iter().chain(applications(scenario));
    let each = moves.flat_map(|of| {
        let modules = moved_by(scenario, &of).unwrap_or_default();
        let names: Vec<&str> = modules.into_iter().map(|(_, module, _)| module).collect();
        let fits = |module: &str, damage: Damage| match damage {
            Damage::Missing | Damage::Truncated => true,
            Damage::Swapped => scenario.modules.len() > 1,
            Damage::Stale => scenario
                .find_module(module)
                .is_some_and(|m| m.versions.len() > 1),
        };
        let damaged = names.into_iter().flat_map(|module| {
            let all = Damage::ALL.into_iter();
            all.filter(|damage| fits(module, *damage))
                .map(|damage| Op::FaultyRelease {
                    of: Box::new(of.clone()),
                    fault: Fault::ArtifactOf {
                        damage,
                        module: module.into(),
                    },
                })
                .collect::<Vec<_>>()
        });
        damaged.collect::<Vec<_>>()
    });
    each.collect()
}

/// Each upgrade, with something done to a process of the module in its middle.
fn meanwhiles(scenario: &Scenario) -> Vec<Op> {
    let modules = scenario.modules.iter();
    let converted = modules.filter(|module| module.switch == Switch::CodeChange);
    let each = converted.flat_map(|module| {
        let processes = workers(scenario).filter(|process| process.module == module.name);
        processes.flat_map(move |process| {
            module.versions.iter().flat_map(move |version| {
                Stage::ALL.into_iter().flat_map(move |once| {
                    Mischief::ALL.into_iter().map(move |what| {
                        let process = process.name.clone();
                        let fault = Fault::Meanwhile {
                            what,
                            process,
                            once,
                        };
                        faulty(Way::Upgrade, module, &version.vsn, fault)
                    })
                })
            })
        })
    });
    each.collect()
}

fn faulty(way: Way, module: &Module, vsn: &str, fault: Fault) -> Op {
    Op::Faulty {
        way,
        module: module.name.clone(),
        vsn: vsn.into(),
        fault,
    }
}

/// What nobody should do, and what OTP answers with an error that is specified, too.
fn illegal(scenario: &Scenario) -> Vec<Op> {
    let system = |process: &str, message| Op::System {
        process: process.into(),
        message,
        within: None,
    };
    let nobody = Term::atom(NOBODY);
    // Messages that sys does not know, and to a process that runs, or in a version that
    // there is not, a conversion.
    let to_processes = scenario.processes.iter().flat_map(|process| {
        let unknown = SystemMessage::Other(nobody.clone());
        let no_version = SystemMessage::ChangeCode {
            vsn: NOBODY.into(),
            down: false,
        };
        let is_worker = !scenario.is_supervisor(process);
        let unknown = system(&process.name, unknown);
        [
            Some(unknown),
            is_worker.then(|| system(&process.name, no_version)),
        ]
    });
    // Names that nobody has: at least not all the time.
    let dynamic = scenario.dynamic.iter().map(|child| &child.name);
    let to_nobody = dynamic.chain(&scenario.others).flat_map(|name| {
        let messages = [SystemMessage::Suspend, SystemMessage::Resume];
        messages.map(|message| Some(system(name, message)))
    });
    // Children that are there already, or that run, or that nobody knows.
    let children = scenario.processes.iter().flat_map(|process| {
        let described = |above: &&str| {
            let supervision = scenario.find_supervision(above);
            supervision.is_some_and(|supervision| supervision.template.is_none())
        };
        let above = scenario.parent_of(process).filter(described);
        let restart = process.restart.filter(|_| !scenario.is_supervisor(process));
        let again = above.zip(restart).map(|(above, restart)| {
            let child = DynamicChild::new(above, process, restart);
            ChildRequest::Start(child.start)
        });
        let id = Atom::new(&process.name).map_or(nobody.clone(), Term::Atom);
        let requests = [
            again,
            Some(ChildRequest::Restart(id.clone())),
            Some(ChildRequest::Delete(id)),
            Some(ChildRequest::Restart(nobody.clone())),
            Some(ChildRequest::Terminate(ChildRef::Id(nobody.clone()))),
        ];
        requests.map(|request| {
            Some(Op::Child {
                supervisor: above?.into(),
                request: request?,
            })
        })
    });
    to_processes
        .chain(to_nobody)
        .chain(children)
        .flatten()
        .collect()
}
