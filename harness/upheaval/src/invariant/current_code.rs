//! Callbacks run what is current.

use super::dense::entry;
use super::loaded::Books;
use super::{Invariant, Judgement, Violation, wording};
use crate::history::{Carrier, Code, Event, History, ProcessId};
use crate::scenario::{InOrder, Scenario};

/// *Each callback runs the code that is current when it is called (A7); and who was
/// resumed after the last load runs what was loaded.*
///
/// - A call, a cast or an event is handled in the version that is current then, whatever
///   the server ran before.
/// - A state is converted by the version that is current, from it or to it (B16).
/// - A process that was resumed after its module was loaded last goes on in what is current
///   (C2): at rest it runs that.
///
/// Exceptions: a plain process, or a server that blocks in a callback, stays in the code
/// that it was called in by right (A8), so messages that can have been taken in a receive
/// are not judged, and at rest nobody who was not resumed: because the upgrade did not find
/// it (C5), because it did not answer (C8), or because it does not handle system messages
/// at all. Nor is a module whose processes take even requests in
/// [receives of their own](InOrder::Nothing).
#[derive(Clone, Copy, Debug, Default)]
pub struct CurrentCode;

impl Invariant for CurrentCode {
    fn name(&self) -> &'static str {
        "current_code"
    }

    fn statement(&self) -> &'static str {
        "a callback runs the code that is current when it is called (A7), and who is resumed goes on in it (C2)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let mut watch = Watch::new(scenario, history);
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

struct Watch<'a> {
    history: &'a History,
    books: Books,
    /// Whether a module's requests are taken by a behaviour, by the symbols of names.
    by_behaviour: Vec<bool>,
    /// Which messages only a behaviour takes.
    requests: Vec<bool>,
    /// Where each process was resumed last.
    resumed: Vec<Option<usize>>,
    checked: u64,
}

impl<'a> Watch<'a> {
    fn new(scenario: &Scenario, history: &'a History) -> Self {
        let by_behaviour = |name: &String| {
            scenario
                .find_module(name)
                .is_none_or(|module| module.in_order != InOrder::Nothing)
        };
        Watch {
            history,
            books: Books::default(),
            by_behaviour: history.names().iter().map(by_behaviour).collect(),
            requests: Vec::new(),
            resumed: Vec::new(),
            checked: 0,
        }
    }

    fn read(&mut self) -> Result<(), Violation> {
        for (at, event) in self.history.events().iter().enumerate() {
            match *event {
                Event::Sent {
                    message, carrier, ..
                } => {
                    *entry(&mut self.requests, message.0) = matches!(
                        carrier,
                        Carrier::Call | Carrier::Cast | Carrier::Notify | Carrier::Manage
                    );
                }
                Event::Received {
                    message,
                    process,
                    code: Some(code),
                } if *entry(&mut self.requests, message.0)
                    && self.by_behaviour[usize::from(code.module.0)] =>
                {
                    self.runs(at, process, code)?;
                }
                Event::CodeChanged {
                    process, from, to, ..
                } => self.converted(at, process, from, to)?,
                Event::Resumed { process } => {
                    *entry(&mut self.resumed, process.0) = Some(at);
                }
                Event::Final {
                    process,
                    code: Some(code),
                    ..
                } => {
                    let changed = self.books.of(code.module).and_then(|v| v.changed);
                    if changed.is_some() && *entry(&mut self.resumed, process.0) > changed {
                        self.runs(at, process, code)?;
                    }
                }
                Event::Loaded { .. }
                | Event::Deleted { .. }
                | Event::Purged { .. }
                | Event::Restarted => {
                    // Whether that may be is for another to judge.
                    let _ = self.books.follow(at, event);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A process runs this version, which has to be current.
    fn runs(&mut self, at: usize, process: ProcessId, code: Code) -> Result<(), Violation> {
        let Some(versions) = self.books.of(code.module) else {
            return Ok(());
        };
        if versions.changed.is_none() {
            return Ok(());
        }
        self.checked += 1;
        if versions.current == Some(code.vsn) {
            return Ok(());
        }
        let what = match self.history.events()[at] {
            Event::Received { message, .. } => {
                let message = wording::describe(self.history, message);
                format!("received {message} in")
            }
            _ => "was resumed after the last load, and at rest runs".into(),
        };
        Err(self.violation(at, process, code, &what))
    }

    fn converted(
        &mut self,
        at: usize,
        process: ProcessId,
        from: Code,
        to: Code,
    ) -> Result<(), Violation> {
        let Some(versions) = self.books.of(to.module) else {
            return Ok(());
        };
        let Some(current) = versions.current else {
            return Ok(());
        };
        self.checked += 1;
        if current == from.vsn || current == to.vsn {
            return Ok(());
        }
        let from = wording::code(self.history, from);
        let what = format!("was converted from {from} to");
        Err(self.violation(at, process, to, &what))
    }

    fn violation(&self, at: usize, process: ProcessId, code: Code, what: &str) -> Violation {
        let versions = self.books.of(code.module);
        let current = versions.and_then(|versions| versions.current);
        let current = match current {
            Some(vsn) => wording::code(self.history, Code { vsn, ..code }),
            None => "nothing".into(),
        };
        let entered =
            |event: &Event| matches!(event, Event::Entered { process: p, .. } if *p == process);
        let before = &self.history.events()[..at];
        let resumed = self.resumed.get(process.0 as usize).copied().flatten();
        let mut evidence: Vec<usize> = (before.iter().rposition(entered).into_iter())
            .chain(versions.and_then(|versions| versions.changed))
            .chain(resumed)
            .chain([at])
            .collect();
        evidence.sort_unstable();
        Violation {
            message: format!(
                "{} {what} {} while {current} is current",
                self.history.describe(process),
                wording::code(self.history, code),
            ),
            at,
            evidence,
        }
    }
}

#[cfg(test)]
mod tests;
