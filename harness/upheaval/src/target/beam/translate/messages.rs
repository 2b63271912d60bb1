//! Messages, from their sending to their end.

use upheaval_term::Term;

use super::Translator;
use crate::history::{Carrier, Code, Event, MessageId, ProcessId};
use crate::target::beam::who::{OUTSIDE, Open};

impl Translator<'_> {
    /// A user message is sent; it is what the receiver, or its tag, says later.
    pub(super) fn sent(
        &mut self,
        kind: &Term,
        from: &Term,
        to: &Term,
        tag: &Term,
        payload: &Term,
    ) -> Option<()> {
        let carrier = carrier_of(kind)?;
        let from = self.process(from)?;
        // A request that nobody waits for in a `gen_server:call` has no end that a
        // trace shows: it is a message like any other.
        let is_awaited = self.pending.get(&from).is_some_and(|p| p.message.is_none());
        let carrier = match carrier {
            Carrier::Call | Carrier::Manage if !is_awaited => Carrier::Info,
            carrier => carrier,
        };
        let to = match to {
            Term::Pid(pid) => match self.known.process(pid) {
                Some(process) => Some(process),
                // What goes to the node's own processes is none of the case's.
                None => return Some(()),
            },
            Term::Atom(name) if name.as_str() == "nobody" => None,
            Term::Atom(name) => match self.names.get(name.as_str()) {
                Some(process) => Some(*process),
                None => return Some(()),
            },
            _ => return Some(()),
        };
        let message = self.send(from, to, carrier, payload);
        if let Term::Ref(tag) = tag {
            self.asked.insert(tag.clone(), (message, carrier));
        }
        if matches!(carrier, Carrier::Call | Carrier::Manage)
            && let Some(pending) = self.pending.get_mut(&from)
        {
            pending.message = Some(message);
        }
        Some(())
    }

    pub(super) fn send(
        &mut self,
        from: ProcessId,
        to: Option<ProcessId>,
        carrier: Carrier,
        payload: &Term,
    ) -> MessageId {
        self.messages += 1;
        let message = MessageId(self.messages);
        let to = to.filter(|to| !self.known.exited.contains(to));
        let data = self.data(payload);
        self.history.push(Event::Sent {
            message,
            from,
            to,
            carrier,
            payload: data,
        });
        if let Some(to) = to {
            self.known.open.push_back(Open {
                message,
                from,
                to,
                carrier,
                payload: payload.clone(),
            });
        }
        message
    }

    pub(super) fn receive(&mut self, message: MessageId, process: ProcessId, code: Option<Code>) {
        let place = self
            .known
            .open
            .iter()
            .position(|open| open.message == message);
        if let Some(place) = place {
            if let Some(open) = self.known.open.remove(place) {
                // Only what it handles at this moment can be put off.
                self.handling.retain(|before| before.to != process);
                self.handling.push(open);
            }
            self.history.push(Event::Received {
                message,
                process,
                code,
            });
        }
    }

    /// A reply: to a call, or a plain process's message that answers a question.
    pub(super) fn replied(
        &mut self,
        from: &Term,
        to: &Term,
        tag: &Term,
        message: &Term,
    ) -> Option<()> {
        let from = self.process(from)?;
        let Term::Ref(tag) = tag else { return None };
        match self.asked.get(tag).copied() {
            Some((asked, Carrier::Call | Carrier::Manage)) => {
                self.history.push(Event::Replied { message: asked });
            }
            Some((asked, Carrier::Ask)) => {
                // Whoever was asked has taken the question, whoever answers it.
                if let Some(asked_of) = self.receiver(asked) {
                    let code = self.codes.get(&asked_of).copied();
                    self.receive(asked, asked_of, code);
                }
                let to = to.as_pid().and_then(|pid| self.known.process(pid));
                let answer = self.send(from, to, Carrier::Info, message);
                self.answers.insert(tag.clone(), answer);
            }
            // The answer to a request, to a system message, or to the agent.
            _ => {}
        }
        Some(())
    }

    /// Who has yet to receive a message.
    pub(super) fn receiver(&self, message: MessageId) -> Option<ProcessId> {
        let open = self.known.open.iter().find(|open| open.message == message);
        open.map(|open| open.to)
    }

    /// A machine puts off what it has received: it is open again.
    pub(super) fn postponed(
        &mut self,
        pid: &Term,
        kind: &Term,
        tag: &Term,
        payload: &Term,
    ) -> Option<()> {
        let process = self.process(pid)?;
        let carrier = carrier_of(kind)?;
        let asked = match tag {
            Term::Ref(tag) => self.asked.get(tag).map(|(message, _)| *message),
            _ => None,
        };
        let Some(place) = self.handling.iter().rposition(|open| {
            open.to == process
                && match asked {
                    Some(message) => open.message == message,
                    None => open.carrier == carrier && open.payload == *payload,
                }
        }) else {
            return Some(());
        };
        let open = self.handling.swap_remove(place);
        let message = open.message;
        let later = |other: &Open| other.message > message;
        let at = self.known.open.iter().position(later);
        let at = at.unwrap_or(self.known.open.len());
        self.known.open.insert(at, open);
        self.history.push(Event::Postponed { message, process });
        Some(())
    }

    /// Of several messages that say the same, the oldest: no one can tell them apart.
    fn oldest(&self, to: ProcessId, carrier: Carrier, payload: &Term) -> Option<MessageId> {
        let is_it =
            |open: &&Open| open.to == to && open.carrier == carrier && open.payload == *payload;
        self.known.open.iter().find(is_it).map(|open| open.message)
    }

    /// A server's callback begins.
    pub(super) fn received(
        &mut self,
        pid: &Term,
        code: &Term,
        kind: &Term,
        tag: &Term,
        payload: &Term,
    ) -> Option<()> {
        let process = self.process(pid)?;
        let code = match code {
            // No callback was seen.
            Term::Atom(_) => None,
            code => self.code(code),
        };
        let carrier = match kind.as_atom()?.as_str() {
            "call" | "manage" => {
                let Term::Ref(tag) = tag else {
                    return Some(());
                };
                let asked = self.asked.get(tag).map(|(message, _)| *message);
                // The harness's own calls were not seen to be sent, but announced.
                let announced = || {
                    let mut open = self.known.open.iter();
                    let is_it = |open: &&Open| {
                        open.to == process
                            && open.from == OUTSIDE
                            && open.carrier == Carrier::Call
                            && open.payload == *payload
                    };
                    open.find(is_it).map(|open| open.message)
                };
                if let Some(message) = asked.or_else(announced) {
                    let carrier = carrier_of(kind)?;
                    self.asked.entry(tag.clone()).or_insert((message, carrier));
                    self.receive(message, process, code);
                }
                return Some(());
            }
            _ => carrier_of(kind)?,
        };
        let found = self.oldest(process, carrier, payload);
        let message = match found {
            Some(message) => message,
            // What comes of a monitor or a link is no user message.
            None if is_signal(payload) => return Some(()),
            // Nor is a server's timeout.
            None if payload.is_atom("timeout") => return Some(()),
            // A timer's: nobody was seen to send it.
            None => self.send(process, Some(process), carrier, payload),
        };
        self.receive(message, process, code);
        Some(())
    }
}

/// How a message travels, by the word that the agent has for it.
pub(super) fn carrier_of(kind: &Term) -> Option<Carrier> {
    Some(match kind.as_atom()?.as_str() {
        "call" => Carrier::Call,
        "cast" => Carrier::Cast,
        "ask" => Carrier::Ask,
        "notify" => Carrier::Notify,
        "manage" => Carrier::Manage,
        "info" => Carrier::Info,
        _ => return None,
    })
}

/// Whether a message is what a monitor, a link or the system sends.
fn is_signal(message: &Term) -> bool {
    match message.as_tuple() {
        Some([tag, _, _, _, _]) => tag.is_atom("DOWN"),
        Some([tag, _, _]) => tag.is_atom("EXIT") || tag.is_atom("system"),
        _ => false,
    }
}
