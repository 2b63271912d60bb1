//! Answers fit one order of the requests.

use upheaval_term::Term;

use super::dense::entry;
use super::wording::describe;
use super::{Invariant, Judgement, Violation};
use crate::history::{Answer, Data, Event, History, MessageId, ProcessId};
use crate::scenario::{Asked, Explained, Scenario, Specification};

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
        let books = Books::read(scenario, history);
        let mut checked = 0;
        let mut is_told = true;
        for (id, process) in books.processes.iter().enumerate() {
            let Some(object) = &process.object else {
                continue;
            };
            let asked = books.asked(process);
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
                    return Judgement::Violated(books.violation(whose, found));
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

/// Who was asked what, in which order, and what came of it.
struct Books<'a> {
    history: &'a History,
    messages: Vec<Message>,
    processes: Vec<Process<'a>>,
}

#[derive(Clone, Copy, Default)]
struct Message {
    sent: usize,
    request: Option<Data>,
    received: usize,
    replied: Option<(usize, Data)>,
}

#[derive(Default)]
struct Process<'a> {
    /// What it answers by, where the scenario says it.
    object: Option<Object<'a>>,
    /// What it has taken, in order.
    taken: Vec<MessageId>,
    /// Whether the plan answers for its state.
    is_by_hand: bool,
}

struct Object<'a> {
    spec: &'a Specification,
    args: &'a Term,
}

impl<'a> Books<'a> {
    fn read(scenario: &'a Scenario, history: &'a History) -> Self {
        let mut books = Books {
            history,
            messages: Vec::new(),
            processes: Vec::new(),
        };
        for (at, event) in history.events().iter().enumerate() {
            match *event {
                Event::Registered { process, name } => {
                    let known = entry(&mut books.processes, process.0);
                    known.object = known
                        .object
                        .take()
                        .or_else(|| Object::of(scenario, history.name(name)));
                }
                Event::Interfered { process } => {
                    entry(&mut books.processes, process.0).is_by_hand = true;
                }
                Event::Sent {
                    message,
                    to: Some(to),
                    payload,
                    ..
                } if books.is_judged(to) => {
                    *entry(&mut books.messages, message.0) = Message {
                        sent: at,
                        request: Some(payload),
                        ..Message::default()
                    };
                }
                Event::Received {
                    message, process, ..
                } if books.is_judged(process) => {
                    let taker = &mut books.processes[process.0 as usize];
                    if !taker.is_by_hand {
                        taker.taken.push(message);
                        entry(&mut books.messages, message.0).received = at;
                    }
                }
                // It is taken again later.
                Event::Postponed { message, process } if books.is_judged(process) => {
                    let taker = &mut books.processes[process.0 as usize];
                    let last = taker.taken.iter().rposition(|taken| *taken == message);
                    if let Some(last) = last {
                        taker.taken.remove(last);
                    }
                }
                Event::Answered {
                    message,
                    answer: Answer::Reply(reply),
                } => {
                    if let Some(asked) = books.messages.get_mut(message.0 as usize) {
                        asked.replied = Some((at, reply));
                    }
                }
                _ => {}
            }
        }
        books
    }

    fn is_judged(&self, process: ProcessId) -> bool {
        let process = self.processes.get(process.0 as usize);
        process.is_some_and(|process| process.object.is_some())
    }

    /// What a process took, and when that took effect.
    fn asked(&self, process: &Process<'_>) -> Vec<Asked> {
        let taken = process.taken.iter().enumerate();
        let asked = taken.filter_map(|(place, message)| {
            let message = self.messages[message.0 as usize];
            // One does one thing after the other: what comes next finds it done.
            let next = process.taken.get(place + 1);
            let next = next.map(|next| self.messages[next.0 as usize].received);
            Some(Asked {
                request: self.history.term(message.request?),
                reply: message.replied.map(|(_, reply)| self.history.term(reply)),
                received: message.received,
                done: message.replied.map(|(at, _)| at).or(next),
            })
        });
        asked.collect()
    }

    fn violation(
        &self,
        whose: ProcessId,
        (which, first, expected): (MessageId, MessageId, &Term),
    ) -> Violation {
        let reply = |message: MessageId| {
            let message = self.messages[message.0 as usize];
            let reply = message.replied.map(|(_, reply)| self.history.term(reply));
            reply.map_or("nothing".into(), |reply| reply.to_string())
        };
        let Message {
            sent,
            received,
            replied,
            ..
        } = self.messages[which.0 as usize];
        let at = replied.map_or(received, |(at, _)| at);
        let changes = |event: &Event| matches!(event, Event::CodeChanged { process, .. } if *process == whose);
        let change = self.history.events()[..at].iter().rposition(changes);
        let mut evidence: Vec<usize> = [sent, received, at].into_iter().chain(change).collect();
        evidence.sort_unstable();
        evidence.dedup();
        let should = match which == first {
            true => format!("it should have been {expected}"),
            false => format!(
                "{} should have been answered with {expected}, and was with {}",
                describe(self.history, first),
                reply(first)
            ),
        };
        Violation {
            message: format!(
                "{} answered {} with {}, which no order of the requests to it explains; as it \
                 received them, {should}",
                self.history.describe(whose),
                describe(self.history, which),
                reply(which),
            ),
            at,
            evidence,
        }
    }
}

impl<'a> Object<'a> {
    /// How the process of that name answers.
    fn of(scenario: &'a Scenario, name: &str) -> Option<Self> {
        let process = scenario.find_process(name)?;
        let spec = scenario.find_module(&process.module)?.spec.as_ref()?;
        let args = &process.args;
        Some(Object { spec, args })
    }
}

#[cfg(test)]
mod tests;
