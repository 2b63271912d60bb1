//! What each op does, to whatever system, and what it returns.

use upheaval_term::{Atom, Term};

use super::TargetError;
use super::control::{Control, System, Whom};
use super::fault::{self, Faults};
use super::marks;
use super::misled::{is_misled, runs_other_code};
use super::spoilt::Spoilt;
use super::upgrade::{self, Pauses};
use crate::plan::{ChildRequest, Fault, Op, ReleaseStep, Step, SystemMessage, Way};
use crate::scenario::{ChildRef, Scenario};

/// Does what an op says; gives what the function that it stands for returns. Where
/// that exits, it is `{error,Reason}`.
pub(super) fn perform(
    scenario: &Scenario,
    system: &mut impl Control,
    step: &Step,
) -> Result<Term, TargetError> {
    if moves_code(&step.op) {
        system.answer_for_frozen()?;
    }
    marks::mark(scenario, system, &step.op)?;
    match &step.op {
        Op::Request { client, request } => system.request(*client, request),
        Op::Load { module, vsn } => {
            move_module(scenario, system, Way::Load, (module, vsn), (step, None))
        }
        Op::LoadBinary { module, vsn } => move_module(
            scenario,
            system,
            Way::LoadBinary,
            (module, vsn),
            (step, None),
        ),
        Op::Reload { module, vsn } => {
            move_module(scenario, system, Way::Reload, (module, vsn), (step, None))
        }
        Op::Upgrade { module, vsn } => {
            move_module(scenario, system, Way::Upgrade, (module, vsn), (step, None))
        }
        Op::Faulty {
            way,
            module,
            vsn,
            fault,
        } => move_module(scenario, system, *way, (module, vsn), (step, Some(fault))),
        Op::Purge { module } => system.purge(module),
        Op::SoftPurge { module } => system.soft_purge(module),
        Op::Delete { module } => system.delete(module),
        Op::Stick { module } => system.stick(module, true),
        Op::Unstick { module } => system.stick(module, false),
        Op::System {
            process,
            message,
            within,
        } => send(scenario, system, process, message, *within),
        Op::Exit { process, reason } => system.exit(process, reason),
        Op::Kill { process } => system.kill(process),
        Op::Storm { process, kills } => fault::storm(system, process, *kills),
        Op::Crash { process } => fault::crash(scenario, system, process),
        Op::Freeze { process } => system.freeze(process),
        Op::Thaw { process } => system.thaw(process),
        Op::Start { process } => system.start(process),
        Op::Child {
            supervisor,
            request,
        } => {
            let request = child_request(system, request)?;
            system.call(supervisor, &request)
        }
        Op::Release { .. } | Op::Application { .. } => {
            ask_release_handler(scenario, system, &step.op, None)
        }
        Op::FaultyRelease { of, fault } => {
            let spoilt = Spoilt::by(scenario, of, fault);
            ask_release_handler(scenario, system, of, spoilt)
        }
        Op::Advance { ms } => {
            system.advance(*ms)?;
            Ok(Term::atom("ok"))
        }
    }
}

/// Whether an op moves what runs to another version.
fn moves_code(op: &Op) -> bool {
    matches!(
        op,
        Op::Load { .. }
            | Op::LoadBinary { .. }
            | Op::Reload { .. }
            | Op::Upgrade { .. }
            | Op::Faulty { .. }
            | Op::FaultyRelease { .. }
            | Op::Release { .. }
            | Op::Application { .. }
    )
}

/// Moves a module to a version, with a fault in the middle, or none.
fn move_module(
    scenario: &Scenario,
    system: &mut impl Control,
    way: Way,
    (module, vsn): (&str, &str),
    (step, fault): (&Step, Option<&Fault>),
) -> Result<Term, TargetError> {
    let faults = Faults(fault);
    if way == Way::Upgrade {
        let result = upgrade::upgrade(scenario, system, (module, vsn), faults, step.seed)?;
        faults.mend(system, module, vsn)?;
        return Ok(result);
    }
    system.deploy(module, vsn)?;
    faults.damage(scenario, system, (module, vsn))?;
    if way != Way::Load {
        purge_lingerers(system, module)?;
    }
    let result = match way {
        Way::LoadBinary => system.load_binary(module)?,
        Way::Reload => match system.reload(module)? {
            Some(result) => result,
            // What the purge killed may be restarted before the load.
            None => {
                system.purge(module)?;
                Pauses::new(step.seed).next(system)?;
                system.load_file(module)?
            }
        },
        Way::Load | Way::Upgrade => system.load_file(module)?,
    };
    faults.mend(system, module, vsn)?;
    Ok(result)
}

/// Does a function of the release handler, with something else in the place of an artifact that
/// it may read, or not.
fn ask_release_handler(
    scenario: &Scenario,
    system: &mut impl Control,
    op: &Op,
    spoilt: Option<Spoilt>,
) -> Result<Term, TargetError> {
    let is_led_astray = match op {
        Op::Release {
            step: ReleaseStep::Install,
            ..
        } => is_misled(scenario, system)?,
        Op::Application { .. } => runs_other_code(scenario, system)?,
        _ => false,
    };
    if is_led_astray {
        system.mislead()?;
    }
    if let Some(spoilt) = spoilt {
        system.spoil(spoilt)?;
    }
    match op {
        Op::Release { step, vsn } => system.release(*step, vsn),
        Op::Application {
            step,
            application,
            vsn,
        } => {
            let result = system.application(*step, application, vsn)?;
            if is_left_unfinished(&result) {
                answer_for_all(scenario, system)?;
            }
            Ok(result)
        }
        // No plan is run that the scenario does not fit.
        _ => Ok(error(Term::atom("undef"))),
    }
}

/// Whether an application was left between two versions, as nothing restarts the node
/// then (C13).
fn is_left_unfinished(result: &Term) -> bool {
    let parts = result.as_tuple();
    parts.is_some_and(|parts| parts.first().is_some_and(|what| what.is_atom("EXIT")))
}

/// The plan answers for the states of everybody that has one.
fn answer_for_all(scenario: &Scenario, system: &mut impl Control) -> Result<(), TargetError> {
    let processes = scenario.processes.iter().map(|process| &process.name);
    let dynamic = scenario.dynamic.iter().map(|child| &child.name);
    for name in processes.chain(dynamic).chain(&scenario.others) {
        if !scenario.names_a_supervisor(name) {
            system.interfere(Whom::Name(name))?;
        }
    }
    Ok(())
}

/// Whether what the purge within a load kills is restarted before or after the new
/// code is there is a race that a system at rest must not have: so whoever lingers is
/// purged before. Old code that nobody lingers in is left to the load itself.
fn purge_lingerers(system: &mut impl Control, module: &str) -> Result<(), TargetError> {
    if system.at_rest() && system.lingers(module)? {
        system.purge(module)?;
        system.run_on(0)?;
    }
    Ok(())
}

/// A request as `supervisor` takes it.
fn child_request(system: &mut impl Control, request: &ChildRequest) -> Result<Term, TargetError> {
    let mut child = |child: &ChildRef| match child {
        ChildRef::Id(id) => Ok(id.clone()),
        ChildRef::Whereis(name) => system.whereis(name),
    };
    let (what, of) = match request {
        ChildRequest::Start(start) => ("start_child", start.clone()),
        ChildRequest::Terminate(of) => ("terminate_child", child(of)?),
        ChildRequest::Restart(id) => ("restart_child", id.clone()),
        ChildRequest::Delete(id) => ("delete_child", id.clone()),
        ChildRequest::GetSpec(of) => ("get_childspec", child(of)?),
    };
    Ok(Term::tuple([Term::atom(what), of]))
}

fn send(
    scenario: &Scenario,
    system: &mut impl Control,
    process: &str,
    message: &SystemMessage,
    within: Option<u32>,
) -> Result<Term, TargetError> {
    let interferes = match message {
        SystemMessage::ReplaceState(_) | SystemMessage::ChangeCode { .. } => true,
        // A supervisor ends of itself, too: this time it does not.
        SystemMessage::Terminate(_) => scenario.names_a_supervisor(process),
        _ => false,
    };
    if interferes {
        system.interfere(Whom::Name(process))?;
    }
    let module = scenario.find_process(process).map(|p| p.module.as_str());
    let message = match message {
        SystemMessage::Suspend => System::Suspend,
        SystemMessage::Resume => System::Resume,
        SystemMessage::GetState => System::GetState,
        SystemMessage::ReplaceState(state) => System::ReplaceState(state),
        SystemMessage::FailToReplace(why) => System::FailToReplace(why),
        SystemMessage::GetStatus => System::GetStatus,
        SystemMessage::ChangeCode { vsn, down } => System::ChangeCode {
            module: module.unwrap_or(process),
            vsn,
            down: *down,
        },
        SystemMessage::Terminate(why) => System::Terminate(why),
        SystemMessage::Other(message) => System::Other(message),
    };
    let ms = within.unwrap_or_else(|| system.system_patience());
    let answer = system.system_within(Whom::Name(process), &message, ms)?;
    Ok(answer.unwrap_or_else(error))
}

/// `{error,Reason}`.
pub(super) fn error(why: Term) -> Term {
    Term::tuple([Term::atom("error"), why])
}

/// A name as an atom; `Scenario::validate` has seen to it that it is one.
pub(super) fn name(name: &str) -> Term {
    Atom::new(name).map_or(Term::atom("undefined"), Term::Atom)
}
