//! What an op does to whom, and what its result says.

use upheaval_term::Term;

use super::{Deed, Outcome};
use crate::plan::{ApplicationStep, ChildRequest, Op, ReleaseStep, SystemMessage};

/// Whom an op concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Concerned<'a> {
    /// The process of that name.
    Process(&'a str),
    /// Those that run a module.
    Module(&'a str),
    /// Those that run a module of an application.
    Application(&'a str),
    Everybody,
}

impl<'a> Concerned<'a> {
    /// Whom an op concerns, whether or not what it does is counted.
    pub(crate) fn by(op: &'a Op) -> Option<Concerned<'a>> {
        match op {
            Op::Freeze { process } | Op::Thaw { process } | Op::Storm { process, .. } => {
                Some(Concerned::Process(process))
            }
            Op::Faulty { module, .. } | Op::Stick { module } | Op::Unstick { module } => {
                Some(Concerned::Module(module))
            }
            Op::FaultyRelease { of, .. } => Concerned::by(of),
            op => Deed::of(op).map(|(_, whom)| whom),
        }
    }
}

impl Deed {
    /// What an op does, and to whom. Nothing for traffic, for the clock, for faults that only
    /// lead to something, and for what touches no process: books of the release handler, and
    /// who is not there yet.
    pub(crate) fn of(op: &Op) -> Option<(Deed, Concerned<'_>)> {
        use Concerned::{Application, Everybody, Module, Process};
        Some(match op {
            Op::Load { module, .. } => (Deed::Load, Module(module)),
            Op::LoadBinary { module, .. } => (Deed::LoadBinary, Module(module)),
            Op::Reload { module, .. } => (Deed::Reload, Module(module)),
            Op::Upgrade { module, .. } => (Deed::Upgrade, Module(module)),
            Op::Purge { module } => (Deed::Purge, Module(module)),
            Op::SoftPurge { module } => (Deed::SoftPurge, Module(module)),
            Op::Delete { module } => (Deed::Delete, Module(module)),
            Op::System {
                process, message, ..
            } => (Deed::of_message(message)?, Process(process)),
            Op::Exit { process, .. } => (Deed::Exit, Process(process)),
            Op::Kill { process } => (Deed::Kill, Process(process)),
            Op::Crash { process } => (Deed::Crash, Process(process)),
            Op::Child {
                supervisor,
                request,
            } => (Deed::of_child(request), Process(supervisor)),
            Op::Release {
                step: ReleaseStep::Install,
                ..
            } => (Deed::Install, Everybody),
            Op::Release {
                step: ReleaseStep::RebootOld,
                ..
            } => (Deed::RebootOld, Everybody),
            Op::Application {
                step, application, ..
            } => match step {
                ApplicationStep::Upgrade => (Deed::UpgradeApp, Application(application)),
                ApplicationStep::Downgrade => (Deed::DowngradeApp, Application(application)),
            },
            _ => return None,
        })
    }

    fn of_message(message: &SystemMessage) -> Option<Deed> {
        Some(match message {
            SystemMessage::Suspend => Deed::Suspend,
            SystemMessage::Resume => Deed::Resume,
            SystemMessage::GetState => Deed::GetState,
            SystemMessage::ReplaceState(_) | SystemMessage::FailToReplace(_) => Deed::ReplaceState,
            SystemMessage::GetStatus => Deed::GetStatus,
            SystemMessage::ChangeCode { .. } => Deed::ChangeCode,
            SystemMessage::Terminate(_) => Deed::Terminate,
            SystemMessage::Other(_) => return None,
        })
    }

    fn of_child(request: &ChildRequest) -> Deed {
        match request {
            ChildRequest::Start(_) => Deed::StartChild,
            ChildRequest::Terminate(_) => Deed::TerminateChild,
            ChildRequest::Restart(_) => Deed::RestartChild,
            ChildRequest::Delete(_) => Deed::DeleteChild,
            ChildRequest::GetSpec(_) => Deed::GetChildspec,
        }
    }

    /// What the result of an op says came of it. A purge gives true and false, and both are
    /// good; of what else gives false, that means that it was refused.
    pub(crate) fn outcome(self, result: &Term) -> Outcome {
        match result {
            Term::Atom(atom) if atom.as_str() == "false" && self != Deed::Purge => Outcome::Error,
            Term::Tuple(parts) => match &parts[..] {
                [tag, why] if tag.is_atom("error") => self.failure(why),
                [tag, _] if tag.is_atom("EXIT") => Outcome::Error,
                _ => Outcome::Ok,
            },
            _ => Outcome::Ok,
        }
    }

    /// What a reason is of: `timeout`, `{timeout,{sys,_}}`, `noproc`, or another.
    fn failure(self, why: &Term) -> Outcome {
        let reason = match why.as_tuple() {
            Some([reason, _]) => reason,
            _ => why,
        };
        // Where several are concerned, one of them has ended, and the op has failed for all.
        let is_of_several = matches!(
            self,
            Deed::Upgrade | Deed::Install | Deed::RebootOld | Deed::UpgradeApp | Deed::DowngradeApp
        );
        match reason {
            reason if reason.is_atom("timeout") => Outcome::Timeout,
            reason if reason.is_atom("noproc") && !is_of_several => Outcome::Ended,
            _ => Outcome::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(deed: Deed, result: &str) -> Outcome {
        let result = result.parse().expect("the test's own term");
        deed.outcome(&result)
    }

    #[test]
    fn results_are_told_apart_by_what_they_say() {
        assert_eq!(outcome(Deed::Load, "{module,counter}"), Outcome::Ok);
        assert_eq!(outcome(Deed::Load, "{error,not_purged}"), Outcome::Error);
        assert_eq!(outcome(Deed::Suspend, "ok"), Outcome::Ok);
        let timeout = "{error,{timeout,{sys,suspend,[counter,500]}}}";
        assert_eq!(outcome(Deed::Suspend, timeout), Outcome::Timeout);
        let gone = "{error,{noproc,{sys,suspend,[counter,500]}}}";
        assert_eq!(outcome(Deed::Suspend, gone), Outcome::Ended);
        assert_eq!(
            outcome(Deed::StartChild, "{error,timeout}"),
            Outcome::Timeout
        );
        assert_eq!(outcome(Deed::Kill, "{error,noproc}"), Outcome::Ended);
        assert_eq!(outcome(Deed::UpgradeApp, "{'EXIT',boom}"), Outcome::Error);
    }

    #[test]
    fn c09_an_upgrade_of_several_in_which_one_has_ended_has_failed() {
        let gone = "{error,{noproc,{sys,change_code,[counter]}}}";
        assert_eq!(outcome(Deed::ChangeCode, gone), Outcome::Ended);
        assert_eq!(outcome(Deed::Upgrade, gone), Outcome::Error);
        assert_eq!(outcome(Deed::Install, gone), Outcome::Error);
    }

    #[test]
    fn false_is_a_refusal_but_of_a_purge() {
        assert_eq!(outcome(Deed::SoftPurge, "false"), Outcome::Error);
        assert_eq!(outcome(Deed::Delete, "false"), Outcome::Error);
        assert_eq!(outcome(Deed::Purge, "false"), Outcome::Ok);
        assert_eq!(outcome(Deed::Purge, "true"), Outcome::Ok);
    }

    #[test]
    fn traffic_and_the_clock_concern_no_process() {
        let plan: crate::plan::Plan = "
            scenario default
            seed 0x1
            client 1 calls counter get
            advance 5 ms
            stick counter
            unpack_release 2
            start stray
            kill counter
            purge counter
            install_release 2"
            .parse()
            .expect("the test's own plan");
        let deeds: Vec<_> = plan.steps.iter().filter_map(|s| Deed::of(&s.op)).collect();
        assert_eq!(
            deeds,
            [
                (Deed::Kill, Concerned::Process("counter")),
                (Deed::Purge, Concerned::Module("counter")),
                (Deed::Install, Concerned::Everybody),
            ]
        );
    }
}
