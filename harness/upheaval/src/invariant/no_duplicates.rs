//! Nothing is received twice.

use super::dense::entry;
use super::wording::{describe, sent_at};
use super::{Invariant, Judgement, Violation};
use crate::history::{Event, History, MessageId, ProcessId};
use crate::scenario::Scenario;

/// *A message is received at most once.*
///
/// A suspension, a conversion or a load neither loses what waits in a mailbox nor shows it
/// again (B1, E5), and a call that timed out while its server was suspended takes effect
/// once at most (B10, E7).
///
/// Exceptions: what a state machine has postponed is received once more for each time
/// that it was (E5). What was sent twice is two messages, though they say the same.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDuplicates;

impl Invariant for NoDuplicates {
    fn name(&self) -> &'static str {
        "no_duplicates"
    }

    fn statement(&self) -> &'static str {
        "a message is received once only (B1, E5), unless it was postponed"
    }

    fn judge(&self, _scenario: &Scenario, history: &History) -> Judgement {
        let mut taken: Vec<bool> = Vec::new();
        let mut checked = 0;
        for (at, event) in history.events().iter().enumerate() {
            match *event {
                Event::Received {
                    message, process, ..
                } => {
                    checked += 1;
                    let taken = entry(&mut taken, message.0);
                    if std::mem::replace(taken, true) {
                        return Judgement::Violated(again(history, message, process, at));
                    }
                }
                Event::Postponed { message, .. } => *entry(&mut taken, message.0) = false,
                _ => {}
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

fn again(history: &History, message: MessageId, process: ProcessId, at: usize) -> Violation {
    let concerns = |event: &Event| match event {
        Event::Received { message: m, .. } | Event::Postponed { message: m, .. } => *m == message,
        Event::Suspended { process: p } | Event::Resumed { process: p } => *p == process,
        _ => false,
    };
    let events = &history.events()[..at];
    let first = events
        .iter()
        .position(|event| matches!(event, Event::Received { message: m, .. } if *m == message));
    let first = first.unwrap_or(at);
    let since = (first..at).filter(|&index| concerns(&events[index]));
    Violation {
        message: format!(
            "{} received {} again, without having postponed it",
            history.describe(process),
            describe(history, message)
        ),
        at,
        evidence: (sent_at(history, message).into_iter())
            .chain(since)
            .chain([at])
            .collect(),
    }
}

#[cfg(test)]
mod tests;
