//! What is called installed is installed.

use super::attempts::Attempt;
use super::dense::entry;
use super::loaded::Books;
use super::{Invariant, Judgement, Reading, Violation, wording};
use crate::history::{Code, Event, History, Moved, ProcessId, Symbol};
use crate::scenario::{Release, Scenario, Switch};

/// *Once an upgrade has said that it succeeded, what it was to bring is there.*
///
/// - Each module of the release's applications, or of the application that was moved
///   alone, that is loaded is current in the version that the release has of it. What an
///   appup forgets stays as it was, and the install says ok all the same.
/// - Each supervised process whose state has another shape in the new version, and each
///   supervisor whose callback module has changed, was suspended for that: it was found by
///   its child spec (C5). One that was not goes on with its old state in new code, or as a
///   supervisor by its old specs (B13).
///
/// Exceptions:
/// - Modules that the plan has loaded or deleted by hand, or whose artifact it has damaged, and
///   everything where it stands in
///   the way: where it has stuck a module (A13), holds up, suspends or ends a process, or
///   has misled the release handler.
/// - A process that did not answer in time is left out by right (C8), so where an upgrade
///   takes long nothing is said of processes. Nor of one that was started meanwhile, nor of
///   one that no supervisor started.
/// - What the script stopped, and started again, runs what is new anyway.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReleaseComplete;

impl Invariant for ReleaseComplete {
    fn name(&self) -> &'static str {
        "release_complete"
    }

    fn statement(&self) -> &'static str {
        "an upgrade that says ok has brought each loaded module to its new version, and missed no process of it (C5, C10)"
    }

    fn applies(&self, scenario: &Scenario) -> bool {
        !scenario.releases.is_empty()
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        self.judge_read(&Reading::new(scenario, history))
    }

    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        let (scenario, history) = (reading.scenario, reading.history);
        let mut wanted = reading.attempts().iter().filter(|attempt| {
            let is_it = matches!(attempt.moved, Moved::Release | Moved::Application);
            is_it && attempt.is_ok() && attempt.restarted.is_none() && !attempt.is_obstructed
        });
        let mut next = wanted.next();
        let mut watch = Watch::new(scenario, history);
        for (at, event) in history.besides_traffic() {
            let Some(attempt) = next else { break };
            if at == attempt.begins {
                watch.begins();
            }
            watch.follow(at, event);
            if at == attempt.ends {
                if let Err(violation) = watch.ends(attempt) {
                    return Judgement::Violated(violation);
                }
                next = wanted.next();
            }
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
    /// Whether a supervisor started it, and whether it is one.
    is_child: bool,
    is_supervisor: bool,
    is_alive: bool,
    /// The module that it was started to run; of a supervisor, its callback module.
    module: Option<Symbol>,
    /// Whether it was there when the upgrade began, and was suspended by it.
    was_there: bool,
    was_found: bool,
}

struct Watch<'a> {
    scenario: &'a Scenario,
    history: &'a History,
    books: Books,
    processes: Vec<Process>,
    /// What was current as the upgrade began, by the symbols of modules.
    before: Vec<Option<Symbol>>,
    checked: u64,
}

impl<'a> Watch<'a> {
    fn new(scenario: &'a Scenario, history: &'a History) -> Self {
        Watch {
            scenario,
            history,
            books: Books::default(),
            processes: Vec::new(),
            before: Vec::new(),
            checked: 0,
        }
    }

    fn begins(&mut self) {
        for process in &mut self.processes {
            process.was_there = process.is_alive;
            process.was_found = false;
        }
        let symbols = 0..self.history.names().len() as u16;
        let current = |symbol| self.books.of(Symbol(symbol)).and_then(|v| v.current);
        self.before = symbols.map(current).collect();
    }

    fn follow(&mut self, at: usize, event: &Event) {
        match *event {
            Event::Spawned {
                process,
                parent,
                module,
            } => {
                let is_child =
                    parent.is_some_and(|parent| entry(&mut self.processes, parent.0).is_supervisor);
                *entry(&mut self.processes, process.0) = Process {
                    is_child,
                    is_alive: true,
                    module,
                    ..Process::default()
                };
            }
            Event::Registered { process, name } => {
                let described = self.scenario.find_process(self.history.name(name));
                let callback = described.filter(|process| self.scenario.is_supervisor(process));
                if let Some(callback) = callback {
                    let mut names = self.history.names().iter();
                    let symbol = names.position(|name| *name == callback.module);
                    let symbol = symbol.map(|symbol| Symbol(symbol as u16));
                    entry(&mut self.processes, process.0).module = symbol;
                }
            }
            Event::Supervises { process, .. } => {
                entry(&mut self.processes, process.0).is_supervisor = true;
            }
            Event::Suspended { process } | Event::CodeChanged { process, .. } => {
                entry(&mut self.processes, process.0).was_found = true;
            }
            Event::Exited { process, .. } => {
                entry(&mut self.processes, process.0).is_alive = false;
            }
            Event::Restarted => {
                self.processes.clear();
                let _ = self.books.follow(at, event);
            }
            // Whether that may be is for another to judge.
            _ => drop(self.books.follow(at, event)),
        }
    }

    fn ends(&mut self, attempt: &Attempt) -> Result<(), Violation> {
        for (module, vsn) in self.modules(attempt) {
            let mut names = self.history.names().iter();
            let Some(symbol) = names.position(|name| name == module) else {
                continue;
            };
            let symbol = Symbol(symbol as u16);
            let current = self.books.of(symbol).and_then(|versions| versions.current);
            let Some(current) = current.filter(|_| !attempt.by_hand.contains(&symbol)) else {
                continue;
            };
            let code = Code {
                module: symbol,
                vsn: current,
            };
            self.checked += 1;
            if self.history.name(current) != vsn {
                return Err(self.left_out(attempt, code, vsn));
            }
            let before = self.before.get(usize::from(symbol.0)).copied().flatten();
            if before.is_some_and(|before| before != current) && !attempt.is_long {
                self.found(attempt, code)?;
            }
        }
        Ok(())
    }

    /// The modules that were to come, with their versions.
    fn modules(&self, attempt: &Attempt) -> Vec<(&'a str, &'a str)> {
        let scenario = self.scenario;
        let (name, vsn) = (
            self.history.name(attempt.name),
            self.history.name(attempt.vsn),
        );
        let of = |name: &str, vsn: &str| scenario.find_application(name)?.find_version(vsn);
        let release = |release: &'a Release| {
            let each = release.applications.iter();
            each.filter_map(|(name, vsn)| of(name, vsn)).collect()
        };
        let versions: Vec<_> = match attempt.moved {
            Moved::Release => scenario.find_release(vsn).map_or(Vec::new(), release),
            _ => of(name, vsn).into_iter().collect(),
        };
        let modules = versions.into_iter().flat_map(|version| &version.modules);
        modules
            .map(|(module, vsn)| (module.as_str(), vsn.as_str()))
            .collect()
    }

    fn left_out(&self, attempt: &Attempt, code: Code, wanted: &str) -> Violation {
        let changed = self.books.of(code.module).and_then(|v| v.changed);
        let mut evidence: Vec<usize> = changed
            .into_iter()
            .chain([attempt.begins, attempt.ends])
            .collect();
        evidence.sort_unstable();
        Violation {
            message: format!(
                "{} gave {}, and {} is still current, not version {wanted}",
                wording::upgrade(self.history, attempt.moved, attempt.name, attempt.vsn),
                attempt.result,
                wording::code(self.history, code),
            ),
            at: attempt.ends,
            evidence,
        }
    }

    /// Whoever was there and is to be converted was found.
    fn found(&mut self, attempt: &Attempt, code: Code) -> Result<(), Violation> {
        let module = self.scenario.find_module(self.history.name(code.module));
        let Some(switch) = module.map(|module| module.switch) else {
            return Ok(());
        };
        for (id, process) in self.processes.iter().enumerate() {
            let is_to_be_found = match switch {
                Switch::Load => false,
                Switch::CodeChange => process.is_child && !process.is_supervisor,
                Switch::Supervisor => process.is_supervisor,
            };
            let is_of_it = process.module == Some(code.module) && process.is_alive;
            if !is_to_be_found || !is_of_it || !process.was_there {
                continue;
            }
            self.checked += 1;
            if !process.was_found {
                let loaded = self.books.of(code.module).and_then(|v| v.changed);
                return Err(Violation {
                    message: format!(
                        "{} has brought {}, and did not find {}: it was not suspended, and \
                         goes on with what it had before",
                        wording::upgrade(self.history, attempt.moved, attempt.name, attempt.vsn),
                        wording::code(self.history, code),
                        self.history.describe(ProcessId(id as u32)),
                    ),
                    at: attempt.ends,
                    evidence: [attempt.begins]
                        .into_iter()
                        .chain(loaded)
                        .chain([attempt.ends])
                        .collect(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
