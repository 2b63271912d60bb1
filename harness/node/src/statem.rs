//! What a node keeps of a `gen_statem`, besides its state and data.

use std::collections::VecDeque;

use upheaval_term::Term;

use crate::signal::{MessageId, Payload, Pid, Tag, payload};

/// A state machine's engine.
#[derive(Debug, Default)]
pub(crate) struct Machine {
    /// A number of [`mode`](upheaval_module::abi::mode).
    pub(crate) mode: u32,
    /// Whether states are entered by a call.
    pub(crate) state_enter: bool,
    /// Events that are handled before the mailbox is looked at.
    pub(crate) queue: VecDeque<Happening>,
    /// Events that come again when the state changes, oldest first.
    pub(crate) postponed: Vec<Happening>,
    pub(crate) timers: Vec<MachineTimer>,
    /// The timers of no time that have yet to fire, in order.
    pub(crate) due: Vec<TimerName>,
    /// Whether the last event had it hibernate.
    pub(crate) hibernates: bool,
    /// The transition that an event has begun.
    pub(crate) transition: Option<Box<Progress>>,
    /// The state before, where a state is about to be entered.
    pub(crate) enters: Option<Payload>,
}

/// An event of a machine.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    pub(crate) kind: EventKind,
    /// The user message that it came with.
    pub(crate) message: Option<MessageId>,
    pub(crate) content: Payload,
}

/// The type of an event.
#[derive(Clone, Debug)]
pub(crate) enum EventKind {
    Call { from: Pid, tag: Tag },
    Cast,
    Info,
    Internal,
    Timeout(TimerName),
}

/// The name of a timer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TimerName {
    /// `timeout`.
    Event,
    /// `state_timeout`.
    State,
    /// `{timeout, Name}`, with the name.
    Named(Payload),
}

/// A timer that runs, or is due.
#[derive(Debug)]
pub(crate) struct MachineTimer {
    pub(crate) name: TimerName,
    /// When it fires, and its tag; none where it is due.
    pub(crate) key: Option<(u64, Tag)>,
    pub(crate) content: Payload,
}

/// A transition on its way: what was asked for so far.
#[derive(Debug)]
pub(crate) struct Progress {
    pub(crate) event: Happening,
    pub(crate) changed: bool,
    pub(crate) postpone: bool,
    pub(crate) hibernate: bool,
    /// Whether the state is being entered.
    pub(crate) entering: bool,
    pub(crate) next_events: Vec<Happening>,
    pub(crate) timeouts: Vec<Timeout>,
}

/// What is to be done with a timer.
#[derive(Debug)]
pub(crate) struct Timeout {
    pub(crate) name: TimerName,
    pub(crate) time: Time,
    pub(crate) content: Payload,
}

/// When a timer is to fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Time {
    /// After so many milliseconds.
    After(u64),
    /// Never: it is cancelled.
    Infinity,
    /// When it would have fired.
    Update,
}

impl Machine {
    /// Whether it has something to do before it looks at its mailbox.
    pub(crate) fn continues(&self) -> bool {
        self.enters.is_some() || !self.queue.is_empty() || !self.due.is_empty()
    }

    /// Takes the event that comes before any message.
    pub(crate) fn next_event(&mut self) -> Option<Happening> {
        if let Some(event) = self.queue.pop_front() {
            return Some(event);
        }
        if self.due.is_empty() {
            return None;
        }
        let name = self.due.remove(0);
        self.fired(&name)
    }

    /// A timer fires.
    pub(crate) fn fired(&mut self, name: &TimerName) -> Option<Happening> {
        let place = self.timers.iter().position(|timer| timer.name == *name)?;
        let timer = self.timers.remove(place);
        Some(Happening {
            kind: EventKind::Timeout(timer.name),
            message: None,
            content: timer.content,
        })
    }

    /// The timer of that tag.
    pub(crate) fn timer_of(&self, tag: Tag) -> Option<&MachineTimer> {
        let has_tag = |timer: &&MachineTimer| timer.key.is_some_and(|(_, t)| t == tag);
        self.timers.iter().find(has_tag)
    }
}

impl Progress {
    pub(crate) fn of(event: Happening) -> Box<Progress> {
        Box::new(Progress {
            event,
            changed: false,
            postpone: false,
            hibernate: false,
            entering: false,
            next_events: Vec::new(),
            timeouts: Vec::new(),
        })
    }
}

impl TimerName {
    /// The name, where it is the term of one.
    pub(crate) fn read(term: &Term) -> Option<TimerName> {
        match term {
            Term::Atom(atom) if atom.as_str() == "timeout" => Some(TimerName::Event),
            Term::Atom(atom) if atom.as_str() == "state_timeout" => Some(TimerName::State),
            Term::Tuple(parts) if parts.len() == 2 && parts[0].is_atom("timeout") => {
                Some(TimerName::Named(payload(&parts[1])))
            }
            _ => None,
        }
    }

    pub(crate) fn term(&self) -> Term {
        match self {
            TimerName::Event => Term::atom("timeout"),
            TimerName::State => Term::atom("state_timeout"),
            TimerName::Named(name) => {
                Term::tuple([Term::atom("timeout"), crate::signal::term(name)])
            }
        }
    }
}
