//! Nobody crashes.

mod crash;

use crash::Crash;

use super::dense::entry;
use super::loaded::Books;
use super::{Invariant, Judgement, Violation};
use crate::history::{Carrier, Code, Data, Event, History, Moved, ProcessId, Symbol};
use crate::scenario::{Kind, Scenario, Switch};

/// Within an upgrade that takes longer than this, in milliseconds, or than a suspend is
/// waited for, somebody may not have answered (C8).
const PROMPT: u64 = 500;

/// *No process ends by an error of its own code.*
///
/// That is an exit with `{Error,Stack}`, or `{bad_return_value,_}`: a clause that is not
/// there for a request or a state, a match that fails, a fun whose code is gone (A6), a
/// function or a module that is not there (A3), a panic. In the middle of upgrades it shows
/// what no conversion did: a state of the version before, a record of another's, a request
/// of the old form (A7, B6, C5).
///
/// Exceptions:
/// - Who ends by an exit: as told, by a purge or a kill, since somebody that it called ended
///   (`{noproc,{gen_server,call,_}}`) or did not answer (E7), or with the reason of one that
///   it is linked to.
/// - For whose state the plan answers, and what it has done a fault to; who was started by
///   such an op; and everybody once the release handler was misled or the plan has made a
///   fault at nobody alone, until the node restarts.
/// - Everybody while an artifact is damaged, and once something was installed without what
///   should have lain there: nobody knows what versions that were not made for each other ask
///   of one another.
/// - `undef`, and `badfun`, where the plan has deleted a module, or it could not be loaded
///   as the plan wanted; not where an appup has deleted it.
/// - A process of a module that is to be converted and was loaded by hand; and one that an
///   upgrade did not convert and had reason not to: it took so long that the process may not
///   have answered (C8), or the process was started in the middle of it (C5).
/// - Requests that the scenario says [may crash](crate::scenario::RequestSpec::may_crash)
///   whoever handles them.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCrashes;

impl Invariant for NoCrashes {
    fn name(&self) -> &'static str {
        "no_crashes"
    }

    fn statement(&self) -> &'static str {
        "no process ends by an error of its own code, unless the plan answers for it (A6, A7, B6)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let mut watch = Watch {
            scenario,
            history,
            books: Books::default(),
            processes: Vec::new(),
            carriers: Vec::new(),
            deleted: Vec::new(),
            loaded_by_hand: Vec::new(),
            passed_on: Vec::new(),
            plan_answers: false,
            damaged: None,
            has_begun: false,
            in_fault: false,
            upgrade: None,
            now: 0,
            checked: 0,
        };
        for (at, event) in history.events().iter().enumerate() {
            if let Err(violation) = watch.read(at, event) {
                return Judgement::Violated(violation);
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
    name: Option<Symbol>,
    code: Option<Code>,
    /// Whether the plan answers for how it ends.
    is_the_plans: bool,
    /// Whether it was started, or lived, while an upgrade may have missed it.
    may_be_missed: bool,
    /// The version that its state was converted to last.
    converted_to: Option<Code>,
    /// Whether it came into a version without having been converted.
    is_unconverted: bool,
    /// What it received last, and where.
    asked: Option<(usize, Carrier)>,
    /// Where it came into its version.
    entered: Option<usize>,
}

/// An upgrade that is being done.
struct Upgrade {
    began: u64,
}

struct Watch<'a> {
    scenario: &'a Scenario,
    history: &'a History,
    books: Books,
    processes: Vec<Process>,
    /// How each message travels.
    carriers: Vec<Option<Carrier>>,
    /// The modules that the plan has deleted, at whatever time.
    deleted: Vec<Symbol>,
    /// Those that are to be converted, and were loaded outside of an upgrade.
    loaded_by_hand: Vec<Symbol>,
    /// The reasons of crashes that were no violations: links pass them on.
    passed_on: Vec<Data>,
    plan_answers: bool,
    /// The version whose artifact is damaged, until the op ends.
    damaged: Option<Code>,
    has_begun: bool,
    in_fault: bool,
    upgrade: Option<Upgrade>,
    now: u64,
    checked: u64,
}

impl Watch<'_> {
    fn read(&mut self, at: usize, event: &Event) -> Result<(), Violation> {
        match *event {
            Event::Clock { ms } => self.now = ms,
            Event::OpBegins { .. } => self.has_begun = true,
            Event::Upgrades { moved, .. } if moved != Moved::Nothing => {
                self.upgrade = Some(Upgrade { began: self.now });
            }
            Event::Damaged { code, .. } => self.damaged = Some(code),
            Event::OpEnds { result } => self.ends(result),
            Event::Fault { process } => {
                self.in_fault = true;
                self.answers_for(process);
            }
            Event::Interfered { process } => self.answers_for(Some(process)),
            Event::Misled => self.plan_answers = true,
            Event::Restarted => self.restarted(at, event),
            Event::Spawned { process, .. } => {
                *entry(&mut self.processes, process.0) = Process {
                    is_the_plans: self.in_fault,
                    may_be_missed: self.upgrade.is_some(),
                    ..Process::default()
                };
            }
            Event::Registered { process, name } => {
                let process = entry(&mut self.processes, process.0);
                process.name.get_or_insert(name);
            }
            Event::Sent {
                message, carrier, ..
            } => *entry(&mut self.carriers, message.0) = Some(carrier),
            Event::Received {
                message, process, ..
            } => {
                let carrier = self.carriers.get(message.0 as usize).copied().flatten();
                let process = entry(&mut self.processes, process.0);
                process.asked = carrier.map(|carrier| (at, carrier));
                let is_judged = !process.is_the_plans && !self.plan_answers;
                self.checked += u64::from(is_judged);
            }
            Event::Entered { process, code } => self.enters(at, process, code),
            Event::CodeChanged {
                process, after, to, ..
            } => {
                entry(&mut self.processes, process.0).converted_to = after.map(|_| to);
            }
            // It could not even begin to handle anything there.
            Event::Unreadable { process, to, .. } => self.enters(at, process, to),
            Event::Loaded { code } => {
                let _ = self.books.follow(at, event);
                // What is loaded before the first op is what is to be there.
                if self.upgrade.is_none() && self.has_begun && self.is_converted(code) {
                    self.loaded_by_hand.push(code.module);
                }
            }
            Event::Deleted { code } => {
                let _ = self.books.follow(at, event);
                if self.upgrade.is_none() {
                    self.deleted.push(code.module);
                }
            }
            Event::Purged { .. } => drop(self.books.follow(at, event)),
            Event::Exited { process, reason } => return self.exited(at, process, reason),
            _ => {}
        }
        Ok(())
    }

    fn restarted(&mut self, at: usize, event: &Event) {
        let _ = self.books.follow(at, event);
        self.plan_answers = false;
        self.damaged = None;
        self.deleted.clear();
        self.loaded_by_hand.clear();
        self.passed_on.clear();
    }

    fn ends(&mut self, result: Data) {
        self.in_fault = false;
        if let Some(code) = self.damaged.take().filter(|_| self.upgrade.is_some()) {
            let current = self.books.of(code.module).and_then(|v| v.current);
            let result = self.history.term(result);
            let is_error = result.as_tuple().is_some_and(|r| r[0].is_atom("error"));
            self.plan_answers |= !is_error && current != Some(code.vsn);
        }
        let Some(Upgrade { began }) = self.upgrade.take() else {
            return;
        };
        let prompt = PROMPT.min(u64::from(self.scenario.patience.system));
        if self.now - began >= prompt {
            for process in &mut self.processes {
                process.may_be_missed = true;
            }
        }
    }

    fn answers_for(&mut self, process: Option<ProcessId>) {
        match process {
            Some(process) => entry(&mut self.processes, process.0).is_the_plans = true,
            None => self.plan_answers = true,
        }
    }

    /// Whether a module's processes are to be converted from version to version.
    fn is_converted(&self, code: Code) -> bool {
        let module = self.scenario.find_module(self.history.name(code.module));
        module.is_some_and(|module| module.switch != Switch::Load)
    }

    fn enters(&mut self, at: usize, process: ProcessId, code: Code) {
        let is_converted = self.is_converted(code);
        let process = entry(&mut self.processes, process.0);
        let was = process.code.replace(code);
        process.entered = Some(at);
        // It may come back to the version that it was converted to before.
        process.is_unconverted = is_converted
            && was.is_some_and(|was| was.module == code.module && was.vsn != code.vsn)
            && process.converted_to != Some(code);
    }

    fn exited(&mut self, at: usize, id: ProcessId, reason: Data) -> Result<(), Violation> {
        let Some(crash) = Crash::of(self.history.term(reason)) else {
            return Ok(());
        };
        let process = *entry(&mut self.processes, id.0);
        let bytes = self.history.bytes(reason);
        let mut passed_on = self.passed_on.iter();
        let is_passed_on = passed_on.any(|other| self.history.bytes(*other) == bytes);
        if is_passed_on || self.is_excused(process, &crash) {
            self.passed_on.push(reason);
            return Ok(());
        }
        let runs = process.code.map(|code| {
            let code = super::wording::code(self.history, code);
            format!(" in {code}")
        });
        let asked = process.asked.map(|(at, _)| at);
        let mut evidence: Vec<usize> = (process.entered.into_iter())
            .chain(asked)
            .chain([at])
            .collect();
        evidence.sort_unstable();
        Err(Violation {
            message: format!(
                "{} crashed{} with {}",
                self.history.describe(id),
                runs.unwrap_or_default(),
                crash.error
            ),
            at,
            evidence,
        })
    }

    fn is_excused(&self, process: Process, crash: &Crash) -> bool {
        if self.plan_answers || self.damaged.is_some() || process.is_the_plans {
            return true;
        }
        let module = process.code.map(|code| code.module);
        let is_by_hand = module.is_some_and(|module| self.loaded_by_hand.contains(&module));
        if is_by_hand || (process.is_unconverted && process.may_be_missed) {
            return true;
        }
        if crash.is_of_code_that_is_gone() && self.plan_took_code_away(process, crash) {
            return true;
        }
        process
            .asked
            .is_some_and(|(_, carrier)| self.may_crash(process, carrier))
    }

    /// Whether a module is gone since the plan has deleted it, or was not there as the
    /// process began to do what it was asked, where no release has it: the load that it
    /// waits for may have failed, and another succeeded before it crashes (A12).
    fn plan_took_code_away(&self, process: Process, crash: &Crash) -> bool {
        if !self.deleted.is_empty() {
            return true;
        }
        let releases = !self.scenario.releases.is_empty();
        let began = process.asked.map(|(at, _)| at);
        let is_gone = |name: &str| {
            let symbol = self.history.names().iter().position(|n| n == name);
            let versions = symbol.and_then(|symbol| self.books.of(Symbol(symbol as u16)));
            versions.is_none_or(|versions| {
                let is_new = versions.old.is_none() && versions.changed > began;
                versions.current.is_none() || began.is_some() && is_new
            })
        };
        let mut modules = self.scenario.modules.iter();
        !releases
            && match crash.undefined() {
                Some(module) if self.scenario.find_module(module).is_none() => false,
                // What was called stands in Erlang's stack, but not in everybody's.
                _ => modules.any(|module| is_gone(&module.name)),
            }
    }

    /// Whether the scenario has requests that may crash a process, and it has just received
    /// one like them.
    fn may_crash(&self, process: Process, carrier: Carrier) -> bool {
        let name = process.name.map(|name| self.history.name(name));
        let mut requests = self.scenario.requests.iter();
        requests.any(|request| {
            request.may_crash
                && name == Some(request.to.as_str())
                && carrier == carrier_of(request.kind)
        })
    }
}

/// How a request of that kind travels.
fn carrier_of(kind: Kind) -> Carrier {
    match kind {
        Kind::Call => Carrier::Call,
        Kind::Cast => Carrier::Cast,
        Kind::Send => Carrier::Info,
        Kind::Notify => Carrier::Notify,
        Kind::Manage => Carrier::Manage,
        Kind::Ask => Carrier::Ask,
    }
}

#[cfg(test)]
mod tests;
