//! An upgrade leaves nobody suspended.

use upheaval_term::Term;

use super::dense::entry;
use super::{Invariant, Judgement, Violation};
use crate::history::{Data, Event, History, Moved, ProcessId, Symbol};
use crate::scenario::Scenario;

/// Within how many milliseconds, at most, a suspend is surely answered before somebody
/// gives up waiting for it.
const PROMPT: u64 = 500;

/// *When an upgrade is over, whoever it suspended has been resumed (C2); and at rest nobody
/// is suspended any more.*
///
/// An upgrade has a process in it where it suspends it and then converts its state, or loads
/// its module in place of what is current. Whom the plan suspends by hand stays so; at the end
/// the harness resumes everybody, and then nobody may be suspended (B4).
///
/// Exceptions:
/// - A process that does not answer in time is left out (C8): its suspension takes effect
///   later (B5), maybe in another op, or after all is over. So of a process that the plan has
///   done something to so many times, as many suspensions are nobody's.
/// - `upgrade_app` and `downgrade_app` that fail after the point of no return leave
///   processes suspended (C13): where an op gives `{'EXIT',_}` nothing is said.
/// - A node that restarts resumes nobody (C12).
#[derive(Clone, Copy, Debug, Default)]
pub struct NobodySuspended;

impl Invariant for NobodySuspended {
    fn name(&self) -> &'static str {
        "nobody_suspended"
    }

    fn statement(&self) -> &'static str {
        "when an upgrade is over, whoever it suspended has been resumed (C2), and at rest everybody"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let mut watch = Watch {
            history,
            prompt: PROMPT.min(u64::from(scenario.patience.system)),
            processes: Vec::new(),
            has_current: Vec::new(),
            of_op: Vec::new(),
            is_upgrade: false,
            began: 0,
            now: 0,
            last_op: 0,
            checked: 0,
        };
        match (watch.read(), history.rest()) {
            (Err(violation), _) => Judgement::Violated(violation),
            (Ok(()), Err(reason)) => Judgement::Inconclusive { reason },
            (Ok(()), Ok(rest)) => match watch.settle(rest) {
                Err(violation) => Judgement::Violated(violation),
                Ok(()) => Judgement::Held {
                    checked: watch.checked,
                },
            },
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Process {
    module: Option<Symbol>,
    /// Where it was suspended, if it still is.
    suspended: Option<usize>,
    /// How often the plan may have told it to suspend, and it has not done so yet.
    told: u32,
}

/// A process that an op has suspended.
struct OfOp {
    process: ProcessId,
    is_prompt: bool,
    is_upgraded: bool,
}

struct Watch<'a> {
    history: &'a History,
    prompt: u64,
    processes: Vec<Process>,
    /// Whether a module has current code, by the symbol of its name.
    has_current: Vec<bool>,
    /// Whom the op that is being done has suspended, if it is an upgrade.
    of_op: Vec<OfOp>,
    /// Whether that op is an upgrade.
    is_upgrade: bool,
    /// When that op began, and what time it is, in milliseconds.
    began: u64,
    now: u64,
    /// Where the last op ended.
    last_op: usize,
    checked: u64,
}

impl Watch<'_> {
    fn read(&mut self) -> Result<(), Violation> {
        for (at, event) in self.history.besides_traffic() {
            match *event {
                Event::Clock { ms } => self.now = ms,
                Event::OpBegins { .. } => {
                    self.of_op.clear();
                    self.is_upgrade = false;
                    self.began = self.now;
                }
                Event::Fault {
                    process: Some(process),
                } => entry(&mut self.processes, process.0).told += 1,
                Event::Upgrades { moved, .. } => self.is_upgrade = moved != Moved::Nothing,
                Event::OpEnds { result } => self.op_ends(at, result)?,
                Event::Spawned {
                    process, module, ..
                } => entry(&mut self.processes, process.0).module = module,
                Event::Suspended { process } => {
                    let it = entry(&mut self.processes, process.0);
                    it.suspended = Some(at);
                    let is_told = it.told > 0;
                    it.told = it.told.saturating_sub(1);
                    if !self.is_upgrade || is_told {
                        continue;
                    }
                    let is_prompt = self.now - self.began < self.prompt;
                    self.of_op.push(OfOp {
                        process,
                        is_prompt,
                        is_upgraded: false,
                    });
                }
                Event::CodeChanged { process, .. } => {
                    let of_op = self.of_op.iter_mut();
                    for one in of_op.filter(|one| one.process == process) {
                        one.is_upgraded = true;
                    }
                }
                Event::Loaded { code } => {
                    let had = std::mem::replace(
                        entry(&mut self.has_current, u32::from(code.module.0)),
                        true,
                    );
                    for one in self.of_op.iter_mut().filter(|one| had && one.is_prompt) {
                        let process = self.processes[one.process.0 as usize];
                        one.is_upgraded |=
                            process.module == Some(code.module) && process.suspended.is_some();
                    }
                }
                Event::Deleted { code } => {
                    *entry(&mut self.has_current, u32::from(code.module.0)) = false;
                }
                Event::Resumed { process } | Event::Exited { process, .. } => {
                    entry(&mut self.processes, process.0).suspended = None;
                }
                Event::Restarted => {
                    self.has_current.clear();
                    self.of_op.clear();
                    for process in &mut self.processes {
                        process.suspended = None;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn op_ends(&mut self, at: usize, result: Data) -> Result<(), Violation> {
        self.last_op = at;
        let upgraded = self.of_op.iter().filter(|one| one.is_upgraded);
        let mut upgraded = upgraded.map(|one| one.process).peekable();
        if upgraded.peek().is_some() && is_raised(&self.history.term(result)) {
            return Ok(());
        }
        for process in upgraded {
            self.checked += 1;
            if let Some(since) = self.processes[process.0 as usize].suspended {
                let result = self.history.term(result);
                let who = self.history.describe(process);
                return Err(Violation {
                    message: format!(
                        "{who} is still suspended by an upgrade that is over, and gave {result}"
                    ),
                    at,
                    evidence: vec![since, at],
                });
            }
        }
        self.of_op.clear();
        Ok(())
    }

    /// Judges who is suspended now that everybody has been resumed.
    fn settle(&mut self, rest: usize) -> Result<(), Violation> {
        for (id, process) in self.processes.iter().enumerate() {
            let Some(since) = process.suspended.filter(|since| *since < self.last_op) else {
                continue;
            };
            let who = self.history.describe(ProcessId(id as u32));
            return Err(Violation {
                message: format!("{who} is still suspended at rest"),
                at: rest,
                evidence: vec![since, rest],
            });
        }
        Ok(())
    }
}

/// `{'EXIT',_}`.
fn is_raised(result: &Term) -> bool {
    matches!(result.as_tuple(), Some([tag, _]) if tag.is_atom("EXIT"))
}

#[cfg(test)]
mod tests;
