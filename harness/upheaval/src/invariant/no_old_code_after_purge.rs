//! What is purged does not run.

use super::loaded::Books;
use super::{Invariant, Judgement, Violation, wording};
use crate::history::{Code, Event, History, ProcessId};
use crate::scenario::Scenario;

/// *Once a version is purged, no process runs it (A4, A9).*
///
/// A purge kills whoever lingers in the old code, and returns when the last of them is down
/// (A10). So nobody enters a purged version any more, nor handles a message in it, until it
/// is loaded again.
///
/// Exceptions: a server that is idle, or a process that hibernates, does not linger, and
/// survives (A5): it goes on in what is current then. One that lingers and should have been
/// killed, and then never does anything, cannot be told from those in a history.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoOldCodeAfterPurge;

impl Invariant for NoOldCodeAfterPurge {
    fn name(&self) -> &'static str {
        "no_old_code_after_purge"
    }

    fn statement(&self) -> &'static str {
        "once a version is purged, no process runs it (A4, A9, A10)"
    }

    fn judge(&self, _scenario: &Scenario, history: &History) -> Judgement {
        let mut books = Books::default();
        let mut checked = 0;
        for (at, event) in history.events().iter().enumerate() {
            let (process, code) = match *event {
                Event::Entered { process, code }
                | Event::Received {
                    process,
                    code: Some(code),
                    ..
                } => (process, code),
                Event::Loaded { .. }
                | Event::Deleted { .. }
                | Event::Purged { .. }
                | Event::Restarted => {
                    // Whether that may be is for another to judge.
                    let _ = books.follow(at, event);
                    continue;
                }
                _ => continue,
            };
            checked += u64::from(books.has_purged(code.module));
            if books.is_purged(code) {
                return Judgement::Violated(violation(history, process, code, at));
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

fn violation(history: &History, process: ProcessId, code: Code, at: usize) -> Violation {
    let what = match history.events()[at] {
        Event::Received { message, .. } => {
            format!("received {} in", wording::describe(history, message))
        }
        _ => "entered".into(),
    };
    let explains = |event: &Event| match *event {
        Event::Entered {
            process: p,
            code: c,
        } => p == process && c == code,
        Event::Purged { code: c, .. } => c == code,
        _ => false,
    };
    let before = &history.events()[..at];
    let evidence = (0..at).filter(|&index| explains(&before[index]));
    Violation {
        message: format!(
            "{} {what} {}, which was purged",
            history.describe(process),
            wording::code(history, code)
        ),
        at,
        evidence: evidence.chain([at]).collect(),
    }
}

#[cfg(test)]
mod tests;
