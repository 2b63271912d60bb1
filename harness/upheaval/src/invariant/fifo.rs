//! What one process sends another comes in order.

mod explanation;

use explanation::{Explanation, explain};

use super::dense::entry;
use super::wording::describe;
use super::{Invariant, Judgement, Violation};
use crate::history::{Carrier, Event, History, MessageId, ProcessId};
use crate::scenario::{InOrder, Scenario};

/// *What one process sends another is received in the order in which it was sent.*
///
/// Signals between two processes keep their order (E1), and neither a suspension, a load
/// nor a conversion changes that of a mailbox (B1). So no message is received before one
/// of the same sender that was sent earlier, nor instead of it.
///
/// Between different senders nothing is asserted (E1).
///
/// Exceptions:
/// - A `receive` may pass over what does not fit. By default only what the generic
///   behaviours take counts: calls, casts, and what event managers are sent. Of a module
///   whose processes take everything [in order](InOrder) messages and questions count,
///   too, if they are received; of one that does not even take requests so, nothing does.
/// - Answers are waited for out of turn: what a process without a module takes does not
///   count, but for the requests of supervisors.
/// - An event that a state machine has postponed comes again later; its turn is when it
///   is received first.
/// - What says the same cannot be told apart, not even by its receiver: where two senders
///   have sent such messages, either may have been the one that was received.
/// - What a process sends itself in a plain message may come of a timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fifo;

impl Invariant for Fifo {
    fn name(&self) -> &'static str {
        "fifo"
    }

    fn statement(&self) -> &'static str {
        "what one process sends another is received in the order in which it was sent (E1)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let mut queues = Queues::new(scenario, history);
        queues.read();
        for &(message, at) in &queues.suspects {
            match explain(&queues, queues.received_by(at)) {
                Explanation::Found => {}
                Explanation::None => return Judgement::Violated(queues.overtaken(message, at)),
                Explanation::GivenUp => {
                    return Judgement::Inconclusive {
                        reason: "too many messages say the same to tell their order".into(),
                    };
                }
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held {
                checked: queues.checked,
            },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

/// The messages between each two processes.
struct Queues<'a> {
    history: &'a History,
    /// By the symbols of modules' names.
    in_order: Vec<InOrder>,
    processes: Vec<Process>,
    messages: Vec<Message>,
    /// What was received although the one before it of its sender was not: the first of
    /// each receiver, and where.
    suspects: Vec<(MessageId, usize)>,
    checked: u64,
}

#[derive(Clone, Default)]
struct Process {
    is_spawned: bool,
    is_suspect: bool,
    in_order: InOrder,
    /// Who has sent it something, and what last.
    senders: Vec<(ProcessId, MessageId)>,
}

#[derive(Clone, Copy, Default)]
struct Message {
    /// Whether its version shows where it is received.
    is_seen: bool,
    /// Whether its turn counts.
    counts: bool,
    is_received: bool,
    /// The one of the same sender before it.
    before: Option<MessageId>,
}

impl<'a> Queues<'a> {
    fn new(scenario: &Scenario, history: &'a History) -> Self {
        let in_order = |name: &String| {
            scenario
                .find_module(name)
                .map_or(InOrder::default(), |module| module.in_order)
        };
        let mut messages: Vec<Message> = Vec::new();
        for event in history.events() {
            if let Event::Received {
                message,
                code: Some(_),
                ..
            } = *event
            {
                entry(&mut messages, message.0).is_seen = true;
            }
        }
        Queues {
            history,
            in_order: history.names().iter().map(in_order).collect(),
            processes: Vec::new(),
            messages,
            suspects: Vec::new(),
            checked: 0,
        }
    }

    fn read(&mut self) {
        for (at, event) in self.history.events().iter().enumerate() {
            match *event {
                Event::Spawned {
                    process, module, ..
                } => {
                    let in_order = module.map(|module| self.in_order[usize::from(module.0)]);
                    *entry(&mut self.processes, process.0) = Process {
                        is_spawned: true,
                        in_order: in_order.unwrap_or_default(),
                        ..Process::default()
                    };
                }
                Event::Sent {
                    message,
                    from,
                    to: Some(to),
                    carrier,
                    ..
                } => self.sent(message, from, to, carrier),
                Event::Received {
                    message, process, ..
                } => self.received(message, process, at),
                _ => {}
            }
        }
    }

    fn sent(&mut self, message: MessageId, from: ProcessId, to: ProcessId, carrier: Carrier) {
        // Whoever was not spawned may be several at once.
        if !entry(&mut self.processes, from.0).is_spawned {
            return;
        }
        let is_seen = entry(&mut self.messages, message.0).is_seen;
        let receiver = entry(&mut self.processes, to.0);
        let counts = match (receiver.in_order, carrier) {
            (InOrder::Nothing, _) => false,
            (_, Carrier::Call | Carrier::Cast | Carrier::Notify | Carrier::Manage) => true,
            (InOrder::Requests, _) => false,
            (InOrder::Everything, Carrier::Info) => is_seen && from != to,
            (InOrder::Everything, Carrier::Ask) => is_seen,
        };
        if !counts {
            return;
        }
        let sender = receiver
            .senders
            .iter_mut()
            .find(|(from_, _)| *from_ == from);
        let before = match sender {
            Some((_, last)) => Some(std::mem::replace(last, message)),
            None => {
                receiver.senders.push((from, message));
                None
            }
        };
        let sent = entry(&mut self.messages, message.0);
        sent.counts = true;
        sent.before = before;
    }

    fn received(&mut self, message: MessageId, process: ProcessId, at: usize) {
        let received = entry(&mut self.messages, message.0);
        if !received.counts || std::mem::replace(&mut received.is_received, true) {
            return;
        }
        let Some(before) = received.before else {
            return;
        };
        self.checked += 1;
        let receiver = entry(&mut self.processes, process.0);
        if !self.messages[before.0 as usize].is_received && !receiver.is_suspect {
            receiver.is_suspect = true;
            self.suspects.push((message, at));
        }
    }

    /// Who received what was received there.
    fn received_by(&self, at: usize) -> ProcessId {
        match self.history.events()[at] {
            Event::Received { process, .. } => process,
            _ => unreachable!("suspects are received where they are suspect"),
        }
    }

    fn counts(&self, message: MessageId) -> bool {
        let message = self.messages.get(message.0 as usize);
        message.is_some_and(|message| message.counts)
    }

    fn overtaken(&self, message: MessageId, at: usize) -> Violation {
        let events = &self.history.events()[..at];
        let place = |of: MessageId| {
            let is_it =
                |event: &Event| matches!(event, Event::Sent { message, .. } if *message == of);
            events.iter().position(is_it)
        };
        let sent = place(message);
        let before = self.messages[message.0 as usize].before;
        let sender = sent.map(|sent| match events[sent] {
            Event::Sent { from, .. } => self.history.describe(from),
            _ => String::new(),
        });
        Violation {
            message: format!(
                "{} received {} of {} and not {}, which was sent to it before",
                self.history.describe(self.received_by(at)),
                describe(self.history, message),
                sender.unwrap_or_default(),
                before.map_or(String::new(), |before| describe(self.history, before)),
            ),
            at,
            evidence: (before.and_then(place).into_iter())
                .chain(sent)
                .chain([at])
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests;
