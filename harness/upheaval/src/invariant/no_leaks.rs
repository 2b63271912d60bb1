//! Nobody is left behind.

use super::dense::entry;
use super::{Invariant, Judgement, Violation};
use crate::history::{Event, History, ProcessId};
use crate::scenario::Scenario;

/// *Who has ended does nothing any more (E3); and no child outlives its supervisor.*
///
/// - A process that has exited receives nothing, takes no name, runs no code, starts
///   nobody, and is not there at rest.
/// - A supervisor stops its children when it ends (D1, D4), and one that is killed takes
///   them along by their links (E2): at rest no process is alive that a supervisor started
///   which has ended.
///
/// Exceptions: a child that has something in its mailbox at rest may not have come to
/// handle that its supervisor ended. What processes other than supervisors start is theirs.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLeaks;

impl Invariant for NoLeaks {
    fn name(&self) -> &'static str {
        "no_leaks"
    }

    fn statement(&self) -> &'static str {
        "who has ended does nothing any more (E3), and no child outlives its supervisor (D1, E2)"
    }

    fn judge(&self, _scenario: &Scenario, history: &History) -> Judgement {
        let mut watch = Watch {
            history,
            processes: Vec::new(),
            checked: 0,
        };
        if let Err(violation) = watch.read() {
            return Judgement::Violated(violation);
        }
        match history.rest() {
            Ok(_) => Judgement::Held {
                checked: watch.checked,
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
    checked: u64,
}

impl Watch<'_> {
    fn read(&mut self) -> Result<(), Violation> {
        for (at, event) in self.history.events().iter().enumerate() {
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
                    process, queued, ..
                } => {
                    self.acts(at, process, "is there at rest")?;
                    self.rests(at, process, queued)?;
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
