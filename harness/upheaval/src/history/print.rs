//! A history as text: one line per event.

use std::fmt::{self, Write};

use super::{
    Answer, Carrier, Code, Data, Event, Held, History, MessageId, Moved, ProcessId, Symbol,
};

impl History {
    /// The whole history as text, one line per event: its logical time, and
    /// what happened.
    pub fn print(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printer = Printer::new(self);
        for (index, event) in self.events().iter().enumerate() {
            printer.learn(event);
            printer.line(f, ' ', index, event)?;
        }
        Ok(())
    }
}

/// Writes events, with what it has learned from those before them.
pub(super) struct Printer<'a> {
    history: &'a History,
    /// How wide a logical time is.
    width: usize,
    /// The names that processes have taken, later ones last.
    names: Vec<(ProcessId, Symbol)>,
    /// The messages sent, by their number.
    messages: Vec<Option<Message>>,
    /// The op that began last, numbered from 1 as in a printed plan.
    op: u32,
}

/// What a later event about a message wants to know of it.
#[derive(Clone, Copy)]
struct Message {
    from: ProcessId,
    to: Option<ProcessId>,
    payload: Data,
}

impl<'a> Printer<'a> {
    pub(super) fn new(history: &'a History) -> Self {
        let last = history.events().len().saturating_sub(1);
        Printer {
            history,
            width: last.to_string().len().max(4),
            names: Vec::new(),
            messages: Vec::new(),
            op: 0,
        }
    }

    /// Keeps what later lines refer to.
    pub(super) fn learn(&mut self, event: &Event) {
        match *event {
            Event::OpBegins { op } => self.op = op + 1,
            Event::Registered { process, name } => self.names.push((process, name)),
            Event::Sent {
                message,
                from,
                to,
                payload,
                ..
            } => {
                let index = message.0 as usize;
                if self.messages.len() <= index {
                    self.messages.resize(index + 1, None);
                }
                self.messages[index] = Some(Message { from, to, payload });
            }
            _ => {}
        }
    }

    pub(super) fn line(
        &mut self,
        out: &mut impl Write,
        mark: char,
        index: usize,
        event: &Event,
    ) -> fmt::Result {
        write!(out, "{mark}{index:>width$}  ", width = self.width)?;
        self.event(out, event)?;
        out.write_char('\n')
    }

    fn event(&self, out: &mut impl Write, event: &Event) -> fmt::Result {
        match *event {
            Event::OpBegins { .. } => write!(out, "op {} begins", self.op),
            Event::Upgrades { moved, name, vsn } => {
                let (name, vsn) = (self.history.name(name), self.history.name(vsn));
                match moved {
                    Moved::Module => write!(out, "module {name} is moved to {vsn}"),
                    Moved::Application => write!(out, "application {name} is moved to {vsn}"),
                    Moved::Release => write!(out, "release {vsn} of {name} is installed"),
                    Moved::Nothing => write!(out, "release {vsn} of {name} is made permanent"),
                }
            }
            Event::Fault { process: None } => out.write_str("the plan makes a fault"),
            Event::Fault {
                process: Some(process),
            } => write!(out, "the plan makes a fault at {}", self.process(process)),
            Event::Damaged { code, instead } => {
                let [name, vsn] = [code.module, code.vsn].map(|word| self.history.name(word));
                match instead {
                    None => write!(out, "the artifact of {name} {vsn} is damaged"),
                    Some(other) => {
                        let [other, of] =
                            [other.module, other.vsn].map(|word| self.history.name(word));
                        write!(
                            out,
                            "the artifact of {other} {of} lies where {name} {vsn} should"
                        )
                    }
                }
            }
            Event::OpEnds { result } => write!(out, "op {} ends: {}", self.op, self.term(result)),
            Event::Clock { ms } => write!(out, "clock {ms} ms"),
            Event::Loaded { code } => write!(out, "loaded {}", self.code(code)),
            Event::Deleted { code } => write!(out, "deleted {}", self.code(code)),
            Event::Purged { code, killed } => {
                write!(out, "purged {}, {killed} killed", self.code(code))
            }
            Event::Spawned {
                process,
                parent,
                module,
            } => {
                write!(out, "{} spawned", self.process(process))?;
                if let Some(parent) = parent {
                    write!(out, " by {}", self.process(parent))?;
                }
                match module {
                    Some(module) => write!(out, " to run {}", self.history.name(module)),
                    None => Ok(()),
                }
            }
            Event::Registered { process, name } => write!(
                out,
                "process<{}> registered as {}",
                process.0,
                self.history.name(name),
            ),
            Event::Unregistered { process, name } => write!(
                out,
                "{} is registered as {} no more",
                self.process(process),
                self.history.name(name),
            ),
            Event::Entered { process, code } => {
                write!(out, "{} entered {}", self.process(process), self.code(code))
            }
            Event::Unreadable {
                process,
                from,
                to,
                state,
            } => write!(
                out,
                "{} met in {} a state of {} that it cannot read: {}",
                self.process(process),
                self.code(to),
                self.history.name(from.vsn),
                self.term(state),
            ),
            Event::Sent {
                message,
                from,
                to,
                carrier,
                payload,
            } => {
                let verb = match carrier {
                    Carrier::Call => "called",
                    Carrier::Cast => "cast to",
                    Carrier::Info => "sent to",
                    Carrier::Ask => "asked",
                    Carrier::Notify => "notified",
                    Carrier::Manage => "requested of",
                };
                write!(out, "{} {verb} ", self.process(from))?;
                let to = self.process_or_nobody(to);
                write!(out, "{to}: #{} {}", message.0, self.term(payload))
            }
            Event::Received {
                message,
                process,
                code,
            } => {
                let message = self.message(message);
                write!(out, "{} received {message}", self.process(process))?;
                match code {
                    Some(code) => write!(out, " in {}", self.code(code)),
                    None => Ok(()),
                }
            }
            Event::Postponed { message, process } => {
                let message = self.message(message);
                write!(out, "{} postponed {message}", self.process(process))
            }
            Event::Replied { message } => {
                let server = self.sent(message).and_then(|sent| sent.to);
                let server = self.process_or_nobody(server);
                write!(out, "{server} replied to {}", self.message(message))
            }
            Event::Answered { message, answer } => {
                let caller = self.sent(message).map(|sent| sent.from);
                let caller = self.process_or_nobody(caller);
                let message = self.message(message);
                match answer {
                    Answer::Reply(reply) => {
                        write!(out, "{caller} got {} for {message}", self.term(reply))
                    }
                    Answer::Exit(reason) => {
                        write!(out, "{caller} got exit {} for {message}", self.term(reason))
                    }
                    Answer::Timeout => write!(out, "{caller} got a timeout for {message}"),
                }
            }
            Event::Suspended { process } => write!(out, "{} suspended", self.process(process)),
            Event::Resumed { process } => write!(out, "{} resumed", self.process(process)),
            Event::Frozen { process } => write!(out, "{} frozen", self.process(process)),
            Event::Thawed { process } => write!(out, "{} thawed", self.process(process)),
            Event::Supervises { process, given } => {
                let given = self.history.term(given);
                write!(out, "{} is told {given}", self.process(process))
            }
            Event::Restarted => write!(out, "the node restarts"),
            Event::Misled => write!(
                out,
                "the plan leads an upgrade astray, and answers for the states that this leads to"
            ),
            Event::Interfered { process } => write!(
                out,
                "from here on the plan answers for the state of {}",
                self.process(process)
            ),
            Event::CodeChanged {
                process,
                from,
                to,
                before,
                after,
            } => {
                write!(
                    out,
                    "{} code_change from {} to {}: {}",
                    self.process(process),
                    self.code(from),
                    self.history.name(to.vsn),
                    self.term(before),
                )?;
                match after {
                    Some(after) => write!(out, " became {}", self.term(after)),
                    None => out.write_str(" failed to convert"),
                }
            }
            Event::Exited { process, reason } => {
                write!(
                    out,
                    "{} exited {}",
                    self.process(process),
                    self.term(reason)
                )
            }
            Event::Rested => out.write_str("at rest"),
            Event::Final {
                process,
                code,
                state,
                queued,
                name,
            } => {
                write!(out, "{} is alive", self.process(process))?;
                if let Some(code) = code {
                    write!(out, " in {}", self.code(code))?;
                }
                if let Some(state) = state {
                    write!(out, ", state {}", self.term(state))?;
                }
                write!(out, ", {queued} queued")?;
                // As a rule the name stands at the beginning of the line.
                match name {
                    name if name == self.name_of(process) => Ok(()),
                    Some(name) => write!(out, ", registered as {}", self.history.name(name)),
                    None => out.write_str(", registered no more"),
                }
            }
            Event::Twice {
                process,
                held: Held::Timer,
                of,
            } => write!(
                out,
                "{} has two timers of its own that send {}",
                self.process(process),
                self.term(of)
            ),
            Event::Twice {
                process,
                held: Held::Monitor,
                of,
            } => write!(
                out,
                "{} monitors {} twice",
                self.process(process),
                self.term(of)
            ),
            Event::Abandoned { reason } => write!(out, "abandoned: {}", self.term(reason)),
        }
    }

    fn term(&self, data: Data) -> String {
        // A report must not fail over what it reports.
        match upheaval_term::decode(self.history.bytes(data)) {
            Ok(term) => term.to_string(),
            Err(_) => format!("{:?}", self.history.bytes(data)),
        }
    }

    fn code(&self, code: Code) -> String {
        let (module, vsn) = (self.history.name(code.module), self.history.name(code.vsn));
        format!("{module} {vsn}")
    }

    /// `name<id>`, once the process has taken a name.
    fn process(&self, process: ProcessId) -> String {
        let name = self.name_of(process);
        let name = name.map_or("process", |name| self.history.name(name));
        format!("{name}<{}>", process.0)
    }

    fn name_of(&self, process: ProcessId) -> Option<Symbol> {
        let registered = self.names.iter().rev().find(|(p, _)| *p == process);
        registered.map(|(_, name)| *name)
    }

    fn process_or_nobody(&self, process: Option<ProcessId>) -> String {
        process.map_or_else(|| "nobody".into(), |process| self.process(process))
    }

    fn sent(&self, message: MessageId) -> Option<Message> {
        self.messages.get(message.0 as usize).copied().flatten()
    }

    /// `#id payload`, where it was sent.
    fn message(&self, message: MessageId) -> String {
        match self.sent(message) {
            Some(sent) => format!("#{} {}", message.0, self.term(sent.payload)),
            None => format!("#{}", message.0),
        }
    }
}

#[cfg(test)]
mod tests;
