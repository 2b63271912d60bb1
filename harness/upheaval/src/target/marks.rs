//! What a history is told of an op before it is done: whether it is an upgrade, or a fault.

use super::TargetError;
use super::control::Control;
use super::fault::stale_upgrade;
use crate::history::Moved;
use crate::plan::{ChildRequest, Damage, Fault, Op, ReleaseStep, SystemMessage, Way};
use crate::scenario::Scenario;

/// Writes down what an op is, where what comes of it is judged by that. An op that nothing
/// is known of here is a fault: so nobody is blamed for what it does.
pub(super) fn mark(
    scenario: &Scenario,
    system: &mut impl Control,
    op: &Op,
) -> Result<(), TargetError> {
    match op {
        Op::Upgrade { module, vsn } => system.upgrades(Moved::Module, module, vsn),
        Op::Faulty {
            module,
            vsn,
            fault: Fault::Meanwhile { process, .. },
            ..
        } => {
            system.fault(Some(process))?;
            system.upgrades(Moved::Module, module, vsn)
        }
        Op::Faulty {
            way: Way::Upgrade,
            module,
            vsn,
            fault: Fault::Artifact(Damage::Stale),
        } => {
            let from = system.current_vsn(module)?;
            let to = from.and_then(|from| stale_upgrade(scenario, module, (&from, vsn)));
            match to {
                Some(to) => system.upgrades(Moved::Module, module, to),
                None => Ok(()),
            }
        }
        Op::FaultyRelease { of, .. } => mark(scenario, system, of),
        // It loads nothing, or what nobody expects, as if by hand; where it is an upgrade,
        // the plan answers for those that it would have converted.
        Op::Faulty { .. } => Ok(()),
        Op::Application {
            application, vsn, ..
        } => system.upgrades(Moved::Application, application, vsn),
        Op::Release { step, vsn } => match step {
            ReleaseStep::Install => system.upgrades(Moved::Release, &scenario.name, vsn),
            ReleaseStep::MakePermanent => system.upgrades(Moved::Nothing, &scenario.name, vsn),
            _ => Ok(()),
        },
        Op::System {
            message: SystemMessage::Resume | SystemMessage::GetState | SystemMessage::GetStatus,
            ..
        }
        | Op::Child {
            request: ChildRequest::GetSpec(_),
            ..
        }
        | Op::Request { .. }
        | Op::Load { .. }
        | Op::LoadBinary { .. }
        | Op::Reload { .. }
        | Op::Purge { .. }
        | Op::SoftPurge { .. }
        | Op::Delete { .. }
        | Op::Unstick { .. }
        | Op::Start { .. }
        | Op::Thaw { .. }
        | Op::Advance { .. } => Ok(()),
        Op::System { process, .. }
        | Op::Exit { process, .. }
        | Op::Kill { process }
        | Op::Storm { process, .. }
        | Op::Crash { process }
        | Op::Freeze { process }
        | Op::Child {
            supervisor: process,
            ..
        } => system.fault(Some(process)),
        _ => system.fault(None),
    }
}
