//! Every accepted message is handled, every call ends.

use super::dense::entry;
use super::wording::{describe, is_awaited};
use super::{Invariant, Judgement, Violation};
use crate::history::{Answer, Carrier, Event, History, MessageId, ProcessId};
use crate::scenario::Scenario;

/// *Every message to a process that survives is received by it, or lies in its
/// mailbox at rest; every call ends once, and is answered by a server that
/// survives it.*
///
/// - A message sent to a process that does not exit is received by it, whatever
///   is loaded, suspended, converted or resumed meanwhile (E5), and by nobody
///   else.
/// - A call, or a question to a plain process, ends exactly once: in a reply,
///   in the exit of the server, or in a timeout (E7).
/// - A server that receives a call and survives replies, be it too late (B10): within the
///   time that the scenario's clients wait for an answer, while the caller is alive.
/// - An event that a state machine has postponed counts as one that lies in its
///   mailbox: it is received again, or still postponed at rest.
///
/// Exceptions: what was sent to a process that exits later may be lost (E6);
/// what nobody was there to take was never accepted; a caller that exits sees
/// no end of its call. Nothing is said about the order of messages, nor about a
/// message that is received twice: that is for [`Fifo`](super::Fifo) and
/// [`NoDuplicates`](super::NoDuplicates).
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLostMessages;

impl Invariant for NoLostMessages {
    fn name(&self) -> &'static str {
        "no_lost_messages"
    }

    fn statement(&self) -> &'static str {
        "every message to a process that survives is received (E5), and every call ends exactly once (E7)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let patience = u64::from(scenario.patience.request);
        let ledger = match Ledger::read(history, patience) {
            Ok(ledger) => ledger,
            Err(violation) => return Judgement::Violated(violation),
        };
        match history.rest() {
            Ok(rest) => ledger.settle(rest),
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

/// What became of every message and every process.
struct Ledger<'a> {
    history: &'a History,
    messages: Vec<Option<Message>>,
    processes: Vec<Process>,
    /// The clock, in milliseconds; and how long a server may take to answer.
    now: u64,
    patience: u64,
}

#[derive(Clone, Copy)]
struct Message {
    sent: usize,
    from: ProcessId,
    to: Option<ProcessId>,
    carrier: Carrier,
    received: Option<usize>,
    /// What time it was then.
    received_ms: u64,
    replied: bool,
    answered: Option<(usize, Answer)>,
}

#[derive(Clone, Copy, Default)]
struct Process {
    exited: bool,
    /// Messages sent to it that it has not received.
    waiting: u32,
    /// Where the history says how it is at rest, and how many messages lie in
    /// its mailbox then.
    rests: Option<(usize, u32)>,
}

impl<'a> Ledger<'a> {
    /// Reads the history, up to the first event that no later one can excuse.
    fn read(history: &'a History, patience: u64) -> Result<Self, Violation> {
        let mut ledger = Ledger {
            history,
            messages: Vec::new(),
            processes: Vec::new(),
            now: 0,
            patience,
        };
        for (at, event) in history.events().iter().enumerate() {
            match *event {
                Event::Clock { ms } => ledger.now = ms,
                Event::Sent {
                    message,
                    from,
                    to,
                    carrier,
                    ..
                } => {
                    if let Some(to) = to {
                        entry(&mut ledger.processes, to.0).waiting += 1;
                    }
                    *entry(&mut ledger.messages, message.0) = Some(Message {
                        sent: at,
                        from,
                        to,
                        carrier,
                        received: None,
                        received_ms: 0,
                        replied: false,
                        answered: None,
                    });
                }
                Event::Received {
                    message, process, ..
                } => ledger.received(at, message, process)?,
                Event::Postponed { message, process } => ledger.postponed(message, process),
                Event::Replied { message } => {
                    if let Some(sent) = entry(&mut ledger.messages, message.0) {
                        sent.replied = true;
                    }
                }
                Event::Answered { message, answer } => ledger.answered(at, message, answer)?,
                Event::Exited { process, .. } => {
                    entry(&mut ledger.processes, process.0).exited = true;
                }
                Event::Final {
                    process, queued, ..
                } => entry(&mut ledger.processes, process.0).rests = Some((at, queued)),
                _ => {}
            }
        }
        Ok(ledger)
    }

    fn received(
        &mut self,
        at: usize,
        message: MessageId,
        process: ProcessId,
    ) -> Result<(), Violation> {
        let sent = entry(&mut self.messages, message.0);
        match sent {
            Some(sent) if sent.to == Some(process) => {
                if sent.received.is_none() {
                    sent.received = Some(at);
                    sent.received_ms = self.now;
                    entry(&mut self.processes, process.0).waiting -= 1;
                }
                Ok(())
            }
            sent => {
                let sent = *sent;
                let receiver = self.history.describe(process);
                let message = describe(self.history, message);
                let sent_to = match sent.map(|sent| sent.to) {
                    None => "which nobody sent".into(),
                    Some(None) => "which went to nobody".into(),
                    Some(Some(to)) => format!("which went to {}", self.history.describe(to)),
                };
                Err(Violation {
                    message: format!("{receiver} received {message}, {sent_to}"),
                    at,
                    evidence: sent.map(|sent| sent.sent).into_iter().chain([at]).collect(),
                })
            }
        }
    }

    /// What is postponed waits as if it had not been received.
    fn postponed(&mut self, message: MessageId, process: ProcessId) {
        if let Some(sent) = entry(&mut self.messages, message.0)
            && sent.received.take().is_some()
        {
            entry(&mut self.processes, process.0).waiting += 1;
        }
    }

    fn answered(&mut self, at: usize, message: MessageId, answer: Answer) -> Result<(), Violation> {
        let Some(sent) = entry(&mut self.messages, message.0) else {
            return Ok(());
        };
        match sent.answered.replace((at, answer)) {
            Some((before, _)) if sent.is_call() => {
                let sent = *sent;
                let caller = self.history.describe(sent.from);
                let message = describe(self.history, message);
                Err(Violation {
                    message: format!("{message} of {caller} ended twice"),
                    at,
                    evidence: vec![sent.sent, before, at],
                })
            }
            _ => Ok(()),
        }
    }

    /// Judges what is missing, now that nothing more can come.
    fn settle(&self, rest: usize) -> Judgement {
        let mut checked = 0;
        let mut unlisted = None;
        for (id, message) in self.messages.iter().enumerate() {
            let Some(sent) = message else { continue };
            let id = MessageId(id as u32);
            if let Some(to) = self.survivor(sent) {
                checked += 1;
                let receiver = self.processes[to.0 as usize];
                match receiver.rests {
                    _ if sent.received.is_some() => {}
                    Some((at, queued)) if receiver.waiting > queued => {
                        return Judgement::Violated(self.lost(id, sent, to, at));
                    }
                    Some(_) => {}
                    None => unlisted = unlisted.or(Some(to)),
                }
            }
            if sent.is_call() {
                checked += 1;
                if let Some(violation) = self.unanswered(id, sent, rest) {
                    return Judgement::Violated(violation);
                }
            }
        }
        match unlisted {
            None => Judgement::Held { checked },
            Some(process) => Judgement::Inconclusive {
                reason: format!(
                    "{} neither exited nor is there at rest",
                    self.history.describe(process)
                ),
            },
        }
    }

    /// The receiver, where it exists to the end.
    fn survivor(&self, sent: &Message) -> Option<ProcessId> {
        sent.to.filter(|to| !self.processes[to.0 as usize].exited)
    }

    fn lost(&self, id: MessageId, sent: &Message, to: ProcessId, at: usize) -> Violation {
        let Process { waiting, rests, .. } = self.processes[to.0 as usize];
        let queued = rests.map_or(0, |(_, queued)| queued);
        let message = describe(self.history, id);
        let receiver = self.history.describe(to);
        let message = match (waiting, queued) {
            (1, 0) => format!("{receiver} survives but never received {message}"),
            _ => format!(
                "{receiver} survives but never received {waiting} messages, and its mailbox holds \
                 {queued}; the first of them is {message}"
            ),
        };
        // A lost message is explained by what was done to its receiver since.
        let done_to = |event: &Event| match *event {
            Event::Suspended { process }
            | Event::Resumed { process }
            | Event::CodeChanged { process, .. }
            | Event::Unreadable { process, .. }
            | Event::Entered { process, .. } => process == to,
            _ => false,
        };
        let since = (sent.sent..at).filter(|&index| done_to(&self.history.events()[index]));
        Violation {
            message,
            at,
            evidence: [sent.sent].into_iter().chain(since).chain([at]).collect(),
        }
    }

    fn unanswered(&self, id: MessageId, sent: &Message, rest: usize) -> Option<Violation> {
        let unheard = !matches!(sent.answered, Some((_, Answer::Reply(_) | Answer::Exit(_))));
        let answered = sent.answered.map(|(at, _)| at);
        let caller_exited = self
            .processes
            .get(sent.from.0 as usize)
            .is_some_and(|p| p.exited);
        // It may wait for a timer to answer by, or for somebody else.
        let is_late = self.now - sent.received_ms >= self.patience;
        let is_owed = unheard && !sent.replied && is_late && !caller_exited;
        let message = match (self.survivor(sent), sent.received) {
            (Some(server), Some(_)) if is_owed => format!(
                "{} received {} and never answered it",
                self.history.describe(server),
                describe(self.history, id),
            ),
            _ if answered.is_none() && !caller_exited => format!(
                "{} of {} never ended, in no reply, exit or timeout",
                describe(self.history, id),
                self.history.describe(sent.from),
            ),
            _ => return None,
        };
        let at = answered.unwrap_or(rest);
        let mut evidence: Vec<usize> = [sent.sent]
            .into_iter()
            .chain(sent.received)
            .chain([at])
            .collect();
        evidence.sort_unstable();
        Some(Violation {
            message,
            at,
            evidence,
        })
    }
}

impl Message {
    fn is_call(&self) -> bool {
        is_awaited(self.carrier)
    }
}

#[cfg(test)]
mod tests;
