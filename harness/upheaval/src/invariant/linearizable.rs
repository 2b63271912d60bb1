//! Answers fit one order of the requests.

use upheaval_term::Term;

use super::requests::{Books, Message};
use super::wording::describe;
use super::{Invariant, Judgement, Reading, Violation};
use crate::history::{Event, History, MessageId, ProcessId};
use crate::scenario::{Explained, Scenario};

/// The most steps of a spec that are tried to explain what a process answered.
const BUDGET: u64 = 200_000;

/// *What a process answered can be explained by one order of the requests to it, in which
/// each takes effect once, between its receipt and its answer.*
///
/// How a process answers, the scenario says ([`Spec`](crate::scenario::Spec)), and it says
/// nothing of versions: so an upgrade must neither lose nor change what a process has been
/// told (E5, B6). A process that is started anew begins anew (E6).
///
/// - A call that was answered took effect after it was received and before its answer came,
///   once. So a server may do what it is asked later than it takes it.
/// - One that timed out, and a cast, took effect if they were received, before the process
///   received the next message; the last one before it ends may have, or not (E6, E7).
///
/// The order in which they were received explains nearly all histories; where it does not,
/// all others are [tried](crate::linear).
///
/// Where the budget of steps is used up before an order is found, it cannot be told.
///
/// Exceptions: processes that the scenario does not start itself, or whose module has no
/// spec; those of which, or of a request to which, the spec says nothing; and from where
/// the plan replaced a state, or had it converted, by hand, what was received then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Linearizable;

impl Invariant for Linearizable {
    fn name(&self) -> &'static str {
        "linearizable"
    }

    fn statement(&self) -> &'static str {
        "what a process answers fits one order of the requests, through every upgrade (E5, E7, B10)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        self.judge_read(&Reading::new(scenario, history))
    }

    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        let (history, books) = (reading.history, reading.requests());
        let mut checked = 0;
        let mut is_told = true;
        for (id, process) in books.processes.iter().enumerate() {
            let Some(object) = &process.object else {
                continue;
            };
            let Some(asked) = books.asked(process) else {
                continue;
            };
            match object.spec.explain(object.args, &asked, BUDGET) {
                Explained::All(answers) => checked += answers,
                Explained::NothingSaid => {}
                Explained::OutOfBudget => is_told = false,
                Explained::Not {
                    which,
                    first,
                    expected,
                } => {
                    let whose = ProcessId(id as u32);
                    let found = (process.taken[which], process.taken[first], &expected);
                    return Judgement::Violated(violation(books, whose, found));
                }
            }
        }
        match history.rest() {
            Err(reason) => Judgement::Inconclusive { reason },
            Ok(_) if !is_told => Judgement::Inconclusive {
                reason: format!("no order of the requests was found in {BUDGET} steps"),
            },
            Ok(_) => Judgement::Held { checked },
        }
    }
}

fn violation(
    books: &Books<'_>,
    whose: ProcessId,
    (which, first, expected): (MessageId, MessageId, &Term),
) -> Violation {
    let reply = |message: MessageId| {
        let message = books.messages[message.0 as usize];
        let reply = message.replied.map(|(_, reply)| books.history.term(reply));
        reply.map_or("nothing".into(), |reply| reply.to_string())
    };
    let Message {
        sent,
        received,
        replied,
        ..
    } = books.messages[which.0 as usize];
    let at = replied.map_or(received, |(at, _)| at);
    let changes =
        |event: &Event| matches!(event, Event::CodeChanged { process, .. } if *process == whose);
    let change = books.history.events()[..at].iter().rposition(changes);
    let mut evidence: Vec<usize> = [sent, received, at].into_iter().chain(change).collect();
    evidence.sort_unstable();
    evidence.dedup();
    let should = match which == first {
        true => format!("it should have been {expected}"),
        false => format!(
            "{} should have been answered with {expected}, and was with {}",
            describe(books.history, first),
            reply(first)
        ),
    };
    Violation {
        message: format!(
            "{} answered {} with {}, which no order of the requests to it explains; as it \
             received them, {should}",
            books.history.describe(whose),
            describe(books.history, which),
            reply(which),
        ),
        at,
        evidence,
    }
}

#[cfg(test)]
mod tests;
