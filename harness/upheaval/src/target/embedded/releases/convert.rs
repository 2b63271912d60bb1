//! How processes are suspended, converted and resumed by a script.

use upheaval_node::{Outcome, Pid, SystemRequest};
use upheaval_release::{Direction, Suspend, Timeout};
use upheaval_term::{Atom, Term};

use super::evaluate::{Progress, Stop, raised};
use super::supervised::Supervised;
use crate::target::embedded::run::Run;

/// How long the release handler waits for the answer to a system message where an
/// appup says nothing, in milliseconds (C3).
const DEFAULT: u64 = 5000;

impl Run<'_> {
    /// One process after the other. Who does not answer is left out, and told to go on
    /// should it be suspended later (C8).
    pub(super) fn suspend(
        &mut self,
        modules: &[Suspend],
        progress: &mut Progress<'_>,
    ) -> Result<(), Stop> {
        let all = self.supervised_by_applications().map_err(raised)?;
        for Suspend { module, timeout } in modules {
            let patience = match timeout {
                None | Some(Timeout::Default) => DEFAULT,
                Some(Timeout::Milliseconds(ms)) => *ms,
                Some(Timeout::Infinity) => u64::from(u32::MAX),
            };
            let mut pids = Vec::new();
            for Supervised { pid, .. } in all.iter().filter(|one| one.runs(module)) {
                match self.tell(*pid, SystemRequest::Suspend, patience) {
                    Some(Outcome::Ok(_)) => pids.push(*pid),
                    _ => {
                        // It is waited for, and nobody minds how it ends.
                        let _ = self.tell(*pid, SystemRequest::Resume, DEFAULT);
                    }
                }
                progress.pauses.next(self)?;
            }
            progress.suspended.insert(0, (module.clone(), pids));
        }
        Ok(())
    }

    pub(super) fn resume(
        &mut self,
        modules: &[Atom],
        progress: &mut Progress<'_>,
    ) -> Result<(), Stop> {
        for module in modules {
            let (these, others) = std::mem::take(&mut progress.suspended)
                .into_iter()
                .partition(|(m, _)| m == module);
            progress.suspended = others;
            let these: Vec<(Atom, Vec<Pid>)> = these;
            for pid in these.into_iter().flat_map(|(_, pids)| pids) {
                let _ = self.tell(pid, SystemRequest::Resume, DEFAULT);
                progress.pauses.next(self)?;
            }
        }
        Ok(())
    }

    pub(super) fn convert(
        &mut self,
        direction: Direction,
        modules: &[(Atom, Term)],
        progress: &mut Progress<'_>,
    ) -> Result<(), Stop> {
        for (module, extra) in modules {
            let known = progress.vsns.iter().find(|(m, ..)| m == module);
            let down = direction == Direction::Down;
            let vsn = known.and_then(|(_, old, new)| match direction {
                Direction::Up => old.clone(),
                Direction::Down => Some(new.clone()),
            });
            let suspended = progress.suspended.iter().find(|(m, _)| m == module);
            for pid in suspended.map_or(Vec::new(), |(_, pids)| pids.clone()) {
                self.convert_one(pid, module, (vsn.as_deref(), down), extra)?;
                progress.pauses.next(self)?;
            }
        }
        Ok(())
    }

    fn convert_one(
        &mut self,
        pid: Pid,
        module: &Atom,
        (vsn, down): (Option<&str>, bool),
        extra: &Term,
    ) -> Result<(), Stop> {
        let vsn_term = vsn.map_or(Term::atom("undefined"), Term::string);
        let vsn_term = match down {
            true => Term::tuple([Term::atom("down"), vsn_term]),
            false => vsn_term,
        };
        let request = SystemRequest::ChangeCode {
            module: module.as_str().to_owned(),
            vsn: vsn.unwrap_or("undefined").to_owned(),
            down,
            extra: extra.clone(),
        };
        let exit = |why: Term| {
            let args = [
                Term::Pid(pid.term()),
                Term::Atom(module.clone()),
                vsn_term.clone(),
                extra.clone(),
            ];
            let called = [
                Term::atom("sys"),
                Term::atom("change_code"),
                Term::list(args),
            ];
            raised(Term::tuple([why, Term::tuple(called)]))
        };
        let term = |bytes: Vec<u8>| upheaval_term::decode(&bytes).unwrap_or(Term::atom("badarg"));
        match self.tell(pid, request, DEFAULT) {
            Some(Outcome::Ok(_)) => Ok(()),
            Some(Outcome::Error(why)) => Err(Stop::Raised(Term::tuple([
                Term::atom("code_change_failed"),
                Term::Pid(pid.term()),
                Term::Atom(module.clone()),
                vsn_term,
                term(why),
            ]))),
            Some(Outcome::Down(why) | Outcome::Raised(why)) => Err(exit(term(why))),
            _ => Err(exit(Term::atom("timeout"))),
        }
    }

    /// Sends a system message and waits for the answer.
    fn tell(&mut self, pid: Pid, request: SystemRequest, ms: u64) -> Option<Outcome> {
        let tag = self.node.system(pid, request);
        self.wait_for(tag, ms)
    }
}
