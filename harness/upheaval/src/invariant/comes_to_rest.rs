//! A system comes to rest.

use super::dense::entry;
use super::{Invariant, Judgement, Violation};
use crate::history::{Event, History, ProcessId};
use crate::scenario::Scenario;

/// How often somebody has to have received something, or come into code, after the last op
/// to be surely going round in circles where it was just the time that ran out.
const SURELY: u32 = 1000;

/// *Once no new requests come, a system comes to rest: everybody waits for a message or a
/// timer.*
///
/// Who goes on for ever takes its own answer for a question, asks again at once what was
/// refused, or does not know what to do with a request of the version before (A8). The one
/// that did most after the last op is named.
///
/// Exceptions:
/// - On a system that takes real time, nothing is said where it was only slow: somebody must
///   have received a thousand messages since the last op.
/// - What is abandoned for another reason, as of a release that does not boot, is
///   inconclusive.
/// - Timers that start one another are no circle: at rest is also who waits for one.
#[derive(Clone, Copy, Debug, Default)]
pub struct ComesToRest;

impl Invariant for ComesToRest {
    fn name(&self) -> &'static str {
        "comes_to_rest"
    }

    fn statement(&self) -> &'static str {
        "once no new requests come, everybody comes to wait for a message or a timer (A8)"
    }

    fn judge(&self, _scenario: &Scenario, history: &History) -> Judgement {
        let reason = match history.rest() {
            Ok(_) => {
                let was_disturbed = history.events().iter().any(is_op);
                return Judgement::Held {
                    checked: u64::from(was_disturbed),
                };
            }
            Err(reason) => reason,
        };
        let Some((at, is_sure)) = gave_up(history) else {
            return Judgement::Inconclusive { reason };
        };
        let busiest = busiest(history, at);
        if !is_sure && busiest.is_none_or(|(_, times, _)| times < SURELY) {
            return Judgement::Inconclusive { reason };
        }
        let (message, last) = match busiest {
            Some((process, times, last)) => (
                format!(
                    "the system does not come to rest: {} goes round in circles, and has received \
                     a message or come into code {times} times since the last op",
                    history.describe(process)
                ),
                Some(last),
            ),
            None => (
                "the system does not come to rest: somebody goes round in circles, and receives \
                 no message"
                    .into(),
                None,
            ),
        };
        Judgement::Violated(Violation {
            message,
            at,
            evidence: last.into_iter().flatten().chain([at]).collect(),
        })
    }
}

/// Where a run was abandoned because it would not come to rest, and whether that was not
/// just a matter of time.
fn gave_up(history: &History) -> Option<(usize, bool)> {
    let events = history.events().iter().enumerate();
    let at = |(at, event): (usize, &Event)| match event {
        Event::Abandoned { reason } => Some((at, history.term(*reason))),
        _ => None,
    };
    let (at, reason) = events.rev().find_map(at)?;
    let tag = reason.as_tuple().and_then(|parts| parts.first());
    match tag.unwrap_or(&reason) {
        reason if reason.is_atom("never_at_rest") => Some((at, true)),
        reason if reason.is_atom("not_at_rest_in_time") => Some((at, false)),
        _ => None,
    }
}

fn is_op(event: &Event) -> bool {
    matches!(event, Event::OpBegins { .. })
}

/// Who did most after the last op, how often, and the last that it did.
fn busiest(history: &History, end: usize) -> Option<(ProcessId, u32, Option<usize>)> {
    let events = &history.events()[..end];
    let first = events.iter().rposition(is_op).unwrap_or(0);
    let mut times: Vec<(u32, Option<usize>)> = Vec::new();
    for (at, event) in (first..).zip(&events[first..]) {
        if let Event::Received { process, .. } | Event::Entered { process, .. } = *event {
            let (times, last) = entry(&mut times, process.0);
            *times += 1;
            *last = Some(at);
        }
    }
    let most = times
        .iter()
        .enumerate()
        .max_by_key(|(id, (times, _))| (*times, std::cmp::Reverse(*id)))?;
    let (id, (times, last)) = most;
    (*times > 0).then_some((ProcessId(id as u32), *times, *last))
}

#[cfg(test)]
mod tests;
