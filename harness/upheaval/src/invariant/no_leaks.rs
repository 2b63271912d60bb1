//! Nobody is left behind, and nothing is held for ever.

mod names;
mod twice;

use names::Names;
use twice::Twice;

use super::dense::entry;
use super::{Invariant, Judgement, Violation};
use crate::history::{Event, History, ProcessId};
use crate::scenario::Scenario;

/// *Who has ended does nothing any more (E3), and no child outlives its supervisor; at rest a
/// name is whose it was last, and nobody holds twice what it began once before it was
/// upgraded.*
///
/// - A process that has exited receives nothing, takes no name, runs no code, starts
///   nobody, and is not there at rest.
/// - A supervisor stops its children when it ends (D1, D4), and one that is killed takes
///   them along by their links (E2): at rest no process is alive that a supervisor started
///   which has ended.
/// - A name belongs to one process, until that ends or gives it up (E3): at rest each process
///   has the name that it took last and did not give up, and nobody has any other.
/// - A process keeps its timers and monitors through a change of its code (B6, C2), so what
///   its `code_change` begins, or the new version for want of knowing better, goes on beside
///   what was there before: a tick comes twice as often from then on, and a `'DOWN'` twice.
///   At rest no process that was upgraded in place has two timers of its own that send the
///   same message to the same process, nor monitors one process twice.
///
/// Exceptions:
/// - A child that has something in its mailbox at rest may not have come to handle that its
///   supervisor ended. What processes other than supervisors start is theirs.
/// - Timers and monitors of which each was asked for: one for each request may well be alike.
///   Of two that are judged at least one was begun in `init` or in `code_change`, or anew as
///   the message of such a timer was handled. So what is begun for a request only, and lost
///   in an upgrade, is not seen; nor are timers and monitors of plain and of special
///   processes, those of the module `timer`, and monitors of who is waiting for an answer.
/// - Who holds such a thing twice by design: a process of the same module that has run one
///   version only does so, too; or somebody else has sent it the timers' message.
/// - For whose state the plan answers; who came into a version without the conversion that
///   its module takes; and supervisors.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLeaks;

impl Invariant for NoLeaks {
    fn name(&self) -> &'static str {
        "no_leaks"
    }

    fn statement(&self) -> &'static str {
        "who has ended does nothing any more (E3), no child outlives its supervisor (D1, E2), a \
         name is whose it was last, and no upgrade leaves a timer or a monitor twice (B6)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let mut watch = Watch {
            history,
            processes: Vec::new(),
            names: Names::default(),
            twice: Twice::new(scenario, history),
            checked: 0,
        };
        let held = match watch.read().and_then(|()| watch.twice.judge()) {
            Ok(held) => held,
            Err(violation) => return Judgement::Violated(violation),
        };
        match history.rest() {
            Ok(_) => Judgement::Held {
                checked: watch.checked + held,
            },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Process {
    parent: Option<ProcessId>,
    spawned: usize,
    exited: Option<usize>,
    is_supervisor: bool,
}

struct Watch<'a> {
    history: &'a History,
    processes: Vec<Process>,
    names: Names,
    twice: Twice<'a>,
    checked: u64,
}

impl Watch<'_> {
    fn read(&mut self) -> Result<(), Violation> {
        for (at, event) in self.history.events().iter().enumerate() {
            self.names.read(at, event);
            self.twice.read(at, event);
            match *event {
                Event::Spawned {
                    process, parent, ..
                } => {
                    if let Some(parent) = parent {
                        self.acts(at, parent, "starts a process")?;
                    }
                    *entry(&mut self.processes, process.0) = Process {
                        parent,
                        spawned: at,
                        ..Process::default()
                    };
                }
                Event::Supervises { process, .. } => {
                    entry(&mut self.processes, process.0).is_supervisor = true;
                }
                Event::Received { process, .. } => self.acts(at, process, "receives a message")?,
                Event::Registered { process, .. } => self.acts(at, process, "takes a name")?,
                Event::Entered { process, .. } => self.acts(at, process, "enters code")?,
                Event::Suspended { process } | Event::Resumed { process } => {
                    self.acts(at, process, "answers a system message")?;
                }
                Event::Exited { process, .. } => {
                    entry(&mut self.processes, process.0).exited = Some(at);
                }
                Event::Final {
                    process,
                    queued,
                    name,
                    ..
                } => {
                    self.acts(at, process, "is there at rest")?;
                    self.rests(at, process, queued)?;
                    self.names.compare(self.history, at, process, name)?;
                    self.checked += u64::from(name.is_some());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn acts(&mut self, at: usize, process: ProcessId, what: &str) -> Result<(), Violation> {
        let Some(exited) = entry(&mut self.processes, process.0).exited else {
            return Ok(());
        };
        Err(Violation {
            message: format!("{} has exited, and {what}", self.history.describe(process)),
            at,
            evidence: vec![exited, at],
        })
    }

    fn rests(&mut self, at: usize, process: ProcessId, queued: u32) -> Result<(), Violation> {
        let child = self.processes[process.0 as usize];
        let Some(parent) = child.parent else {
            return Ok(());
        };
        let supervisor = *entry(&mut self.processes, parent.0);
        if !supervisor.is_supervisor {
            return Ok(());
        }
        self.checked += 1;
        let Some(ended) = supervisor.exited.filter(|_| queued == 0) else {
            return Ok(());
        };
        Err(Violation {
            message: format!(
                "{} is alive at rest, and its supervisor {} has ended",
                self.history.describe(process),
                self.history.describe(parent),
            ),
            at,
            evidence: vec![child.spawned, ended, at],
        })
    }
}

#[cfg(test)]
mod tests;
