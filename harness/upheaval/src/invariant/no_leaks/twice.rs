//! Who holds what twice since it was upgraded.

use crate::history::{Carrier, Code, Data, Event, Held, History, ProcessId, Symbol};
use crate::invariant::Violation;
use crate::invariant::dense::entry;
use crate::scenario::{Scenario, Switch};

#[derive(Clone, Default)]
struct Process {
    code: Option<Code>,
    /// The version that its state was converted to last.
    converted_to: Option<Code>,
    /// Where it came to run another version than before, or was converted.
    changes: Vec<usize>,
    /// The version that it came into and was not converted to, although its module takes
    /// that. A real process comes into it in order to be converted.
    unconverted_in: Option<Code>,
    /// Whether nobody can say how it should go on: the plan answers for it, or it went on
    /// from a version that it was not converted to.
    is_excused: bool,
    is_supervisor: bool,
}

/// What a process holds twice at rest.
#[derive(Clone, Copy)]
struct Doubled {
    at: usize,
    process: ProcessId,
    held: Held,
    of: Data,
}

/// The processes, and what they hold twice.
pub(super) struct Twice<'a> {
    scenario: &'a Scenario,
    history: &'a History,
    processes: Vec<Process>,
    misled: bool,
    doubled: Vec<Doubled>,
    looked_at: u64,
}

impl<'a> Twice<'a> {
    pub(super) fn new(scenario: &'a Scenario, history: &'a History) -> Self {
        Twice {
            scenario,
            history,
            processes: Vec::new(),
            misled: false,
            doubled: Vec::new(),
            looked_at: 0,
        }
    }

    pub(super) fn read(&mut self, at: usize, event: &Event) {
        match *event {
            Event::Misled => self.misled = true,
            Event::OpBegins { .. } | Event::OpEnds { .. } | Event::Restarted => self.misled = false,
            Event::Loaded { .. } if self.misled => {
                (self.processes.iter_mut()).for_each(|process| process.is_excused = true);
            }
            Event::Interfered { process } => {
                entry(&mut self.processes, process.0).is_excused = true;
            }
            Event::Spawned { process, .. } => {
                *entry(&mut self.processes, process.0) = Process {
                    is_excused: self.misled,
                    ..Process::default()
                };
            }
            Event::Supervises { process, .. } => {
                entry(&mut self.processes, process.0).is_supervisor = true;
            }
            Event::Entered { process, code } => self.enters(at, process, code),
            Event::CodeChanged {
                process,
                to,
                after: Some(_),
                ..
            } => {
                let process = entry(&mut self.processes, process.0);
                process.converted_to = Some(to);
                process.changes.push(at);
                process.unconverted_in.take_if(|code| *code == to);
            }
            Event::Final { process, .. } => {
                self.looked_at += u64::from(self.is_judged(process));
            }
            Event::Twice { process, held, of } => self.doubled.push(Doubled {
                at,
                process,
                held,
                of,
            }),
            _ => {}
        }
    }

    fn enters(&mut self, at: usize, process: ProcessId, code: Code) {
        let module = self.scenario.find_module(self.history.name(code.module));
        let is_converted = module.is_some_and(|module| module.switch != Switch::Load);
        let process = entry(&mut self.processes, process.0);
        let was = process.code.replace(code);
        if was.is_some_and(|was| was.module == code.module && was.vsn != code.vsn) {
            process.changes.push(at);
            process.is_excused |= process.unconverted_in.is_some();
            let is_unconverted = is_converted && process.converted_to != Some(code);
            process.unconverted_in = is_unconverted.then_some(code);
        }
    }

    /// Whether it was upgraded in place, and nobody else answers for how it goes on.
    fn is_judged(&self, process: ProcessId) -> bool {
        let process = self.processes.get(process.0 as usize);
        process.is_some_and(|process| {
            let is_excused = process.is_excused || process.unconverted_in.is_some();
            !process.changes.is_empty() && !is_excused && !process.is_supervisor
        })
    }

    /// How many processes were looked at.
    pub(super) fn judge(&self) -> Result<u64, Violation> {
        let leak = self.doubled.iter().find(|doubled| self.is_leak(doubled));
        let Some(Doubled {
            at,
            process,
            held,
            of,
        }) = leak.copied()
        else {
            return Ok(self.looked_at);
        };
        let (who, of) = (self.history.describe(process), self.history.term(of));
        let what = match held {
            Held::Timer => format!("has two timers at rest that send {of}"),
            Held::Monitor => match of.as_pid() {
                Some(pid) => {
                    let whom = self.history.describe(ProcessId(pid.id));
                    format!("monitors {whom} twice at rest")
                }
                None => format!("monitors {of} twice at rest"),
            },
        };
        let changes = &self.processes[process.0 as usize].changes;
        Err(Violation {
            message: format!(
                "{who} was upgraded, and {what}: one that it had begun before goes on, too"
            ),
            at,
            evidence: changes.iter().copied().chain([at]).collect(),
        })
    }

    fn is_leak(&self, doubled: &Doubled) -> bool {
        self.is_judged(doubled.process)
            && !self.is_of_every_version(doubled)
            && !(doubled.held == Held::Timer && self.was_sent_by_another(doubled))
    }

    /// Whether a process of the same module holds something like it twice that has run
    /// one version only: then it is meant.
    fn is_of_every_version(&self, doubled: &Doubled) -> bool {
        let module = self.module(doubled.process);
        self.doubled.iter().any(|other| {
            let has_changed = !self.processes[other.process.0 as usize].changes.is_empty();
            other.held == doubled.held && self.module(other.process) == module && !has_changed
        })
    }

    fn module(&self, process: ProcessId) -> Option<Symbol> {
        let code = self.processes.get(process.0 as usize)?.code?;
        Some(code.module)
    }

    /// Whether anybody else has sent it the message of its timers, which then go on for
    /// once more.
    fn was_sent_by_another(&self, doubled: &Doubled) -> bool {
        let message = self.history.bytes(doubled.of);
        self.history.events().iter().any(|event| {
            matches!(*event, Event::Sent { from, to, carrier: Carrier::Info, payload, .. }
                if to == Some(doubled.process)
                    && from != doubled.process
                    && self.history.bytes(payload) == message)
        })
    }
}
