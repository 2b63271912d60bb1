//! Every call ends once, and as its server did.

use super::dense::entry;
use super::wording::{describe, is_awaited};
use super::{Invariant, Judgement, Violation};
use crate::history::{Answer, Data, Event, History, MessageId, ProcessId};
use crate::scenario::Scenario;

/// *Each call ends in exactly one of a reply, its server's exit and a timeout (E7); and
/// has one effect at most.*
///
/// - What awaits no answer gets none, and a call gets one. At rest none is open.
/// - A reply was made, and an exit is that of the server: it has ended, for this reason or
///   before it was asked (`noproc`).
/// - A call that timed out is received once, by a server that was busy or suspended, or
///   never (B10); one that was answered is received once.
///
/// Exceptions: a caller that exits sees no end of its call. A call that a state machine has
/// postponed is received again (E5). Where no process of the case took it, what it is
/// answered is not judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct OneOutcome;

impl Invariant for OneOutcome {
    fn name(&self) -> &'static str {
        "one_outcome"
    }

    fn statement(&self) -> &'static str {
        "each call ends once, in a reply, its server's exit or a timeout (E7), and has one effect at most (B10)"
    }

    fn judge(&self, _scenario: &Scenario, history: &History) -> Judgement {
        let mut calls = Calls {
            history,
            messages: Vec::new(),
            exits: Vec::new(),
            checked: 0,
        };
        match calls.read() {
            Err(violation) => Judgement::Violated(violation),
            Ok(()) => match history.rest() {
                Ok(rest) => match calls.open(rest) {
                    Some(violation) => Judgement::Violated(violation),
                    None => Judgement::Held {
                        checked: calls.checked,
                    },
                },
                Err(reason) => Judgement::Inconclusive { reason },
            },
        }
    }
}

struct Calls<'a> {
    history: &'a History,
    messages: Vec<Option<Call>>,
    /// Why each process has ended.
    exits: Vec<Option<Data>>,
    checked: u64,
}

/// A message that awaits an answer.
#[derive(Clone, Copy)]
struct Call {
    sent: usize,
    from: ProcessId,
    to: Option<ProcessId>,
    /// Where it was received, but for what was postponed since.
    received: Option<usize>,
    is_replied: bool,
    answered: Option<usize>,
}

impl Calls<'_> {
    fn read(&mut self) -> Result<(), Violation> {
        for (at, event) in self.history.events().iter().enumerate() {
            match *event {
                Event::Sent {
                    message,
                    from,
                    to,
                    carrier,
                    ..
                } if is_awaited(carrier) => {
                    *entry(&mut self.messages, message.0) = Some(Call {
                        sent: at,
                        from,
                        to,
                        received: None,
                        is_replied: false,
                        answered: None,
                    });
                }
                Event::Received { message, .. } => self.received(message, at)?,
                Event::Postponed { message, .. } => {
                    if let Some(call) = self.call(message) {
                        call.received = None;
                    }
                }
                Event::Replied { message } => {
                    if let Some(call) = self.call(message) {
                        call.is_replied = true;
                    }
                }
                Event::Answered { message, answer } => self.answered(message, answer, at)?,
                Event::Exited { process, reason } => {
                    *entry(&mut self.exits, process.0) = Some(reason);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn call(&mut self, message: MessageId) -> Option<&mut Call> {
        self.messages.get_mut(message.0 as usize)?.as_mut()
    }

    fn received(&mut self, message: MessageId, at: usize) -> Result<(), Violation> {
        let Some(call) = self.call(message) else {
            return Ok(());
        };
        let (sent, answered) = (call.sent, call.answered);
        let Some(before) = call.received.replace(at) else {
            return Ok(());
        };
        let what = describe(self.history, message);
        Err(violation(
            format!("{what} has a second effect: it is received again"),
            [Some(sent), Some(before), answered],
            at,
        ))
    }

    fn answered(&mut self, message: MessageId, answer: Answer, at: usize) -> Result<(), Violation> {
        self.checked += 1;
        let Some(call) = self.call(message) else {
            let what = describe(self.history, message);
            return Err(violation(
                format!("{what} gets an answer, and awaits none"),
                [None; 3],
                at,
            ));
        };
        let before = call.answered.replace(at);
        let call = *call;
        if before.is_some() {
            let caller = self.history.describe(call.from);
            let what = describe(self.history, message);
            return Err(violation(
                format!("{what} of {caller} ends twice"),
                [Some(call.sent), call.received, before],
                at,
            ));
        }
        let Some(server) = call.to else { return Ok(()) };
        let wrong = match answer {
            Answer::Reply(reply) if !call.is_replied => {
                let reply = self.history.term(reply);
                format!("gets the reply {reply}, which nobody made")
            }
            Answer::Exit(reason) => {
                let ended = self.exits.get(server.0 as usize).copied().flatten();
                match ended {
                    Some(why) if self.is_that(reason, why) => return Ok(()),
                    ended => {
                        let reason = self.history.term(reason);
                        let server = self.history.describe(server);
                        match ended {
                            Some(why) => {
                                let why = self.history.term(why);
                                format!("ends in the exit {reason}, but {server} exited {why}")
                            }
                            None => format!("ends in the exit {reason}, but {server} is alive"),
                        }
                    }
                }
            }
            _ => return Ok(()),
        };
        let what = describe(self.history, message);
        Err(violation(
            format!("{what} {wrong}"),
            [Some(call.sent), call.received, None],
            at,
        ))
    }

    /// Whether a caller that got `reason` was told of an exit for `why`.
    fn is_that(&self, reason: Data, why: Data) -> bool {
        self.history.bytes(reason) == self.history.bytes(why)
            || self.history.term(reason).is_atom("noproc")
    }

    /// The first call that has not ended by now, when nothing can happen any more.
    fn open(&self, rest: usize) -> Option<Violation> {
        let calls = self.messages.iter().enumerate();
        for (id, call) in calls.filter_map(|(id, call)| Some((id, call.as_ref()?))) {
            let is_caller_gone = || {
                let exit = self.exits.get(call.from.0 as usize);
                exit.copied().flatten().is_some()
            };
            if call.answered.is_none() && !is_caller_gone() {
                let what = describe(self.history, MessageId(id as u32));
                let caller = self.history.describe(call.from);
                return Some(violation(
                    format!("{what} of {caller} is still open at rest"),
                    [Some(call.sent), call.received, None],
                    rest,
                ));
            }
        }
        None
    }
}

fn violation(message: String, before: [Option<usize>; 3], at: usize) -> Violation {
    let mut evidence: Vec<usize> = before.into_iter().flatten().chain([at]).collect();
    evidence.sort_unstable();
    evidence.dedup();
    Violation {
        message,
        at,
        evidence,
    }
}

#[cfg(test)]
mod tests;
