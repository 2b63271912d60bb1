//! What a node keeps of an event manager.

use std::collections::VecDeque;

use upheaval_term::Term;

use crate::code::ModuleId;
use crate::server::State;
use crate::signal::{Payload, Pid, Tag, atom, payload, term};

/// An event manager: its handlers, and what it has to do before it takes the next
/// message. It does one callback a step.
#[derive(Debug, Default)]
pub(crate) struct Manager {
    /// The one that was added last first.
    pub(crate) handlers: Vec<Handler>,
    pub(crate) tasks: VecDeque<Task>,
}

/// A handler.
#[derive(Debug)]
pub(crate) struct Handler {
    pub(crate) key: Key,
    pub(crate) state: State,
}

/// By what a handler is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) module: ModuleId,
    /// `false` where it has none.
    pub(crate) id: Payload,
}

/// Something to do.
#[derive(Debug)]
pub(crate) enum Task {
    /// The handler at a place, and those after it, are told what happened.
    Notify(Notice),
    /// A handler is asked; the answer goes to whoever asked.
    Call {
        place: usize,
        request: Payload,
        from: Asker,
    },
    /// A handler that has been taken off the list is told that it ends.
    Terminate {
        handler: Handler,
        why: Payload,
        then: Then,
    },
    /// A handler is initialised.
    Add(Adding),
    /// All initial handlers are there: whoever started the manager is told.
    Started(Option<Tag>),
    /// All handlers have been told that they end: the manager exits.
    Exit(Payload),
}

/// An event, or another message, on its way through the handlers.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) info: bool,
    pub(crate) content: Payload,
    pub(crate) place: usize,
    /// Who is told once all have had it.
    pub(crate) from: Option<Asker>,
}

/// Who asked for something.
pub(crate) type Asker = (Pid, Tag);

/// What happens once a handler has been told that it ends.
#[derive(Debug)]
pub(crate) enum Then {
    Nothing,
    /// What it said is the answer.
    Answer(Asker),
    /// This is the answer.
    Reply(Asker, Payload),
    /// Another one takes its place, with what it said.
    Swap(Box<Adding>),
}

/// A handler that is to be added.
#[derive(Debug)]
pub(crate) struct Adding {
    pub(crate) key: Key,
    pub(crate) args: Payload,
    /// What the one before it left, where it takes another's place.
    pub(crate) left: Option<Payload>,
    pub(crate) place: usize,
    pub(crate) purpose: Purpose,
}

/// Why a handler is added.
#[derive(Debug)]
pub(crate) enum Purpose {
    /// The manager starts.
    Start(Option<Tag>),
    /// `add_handler`.
    Add(Asker),
    /// `swap_handler`.
    Swap(Asker),
    /// A handler swapped itself in an event, which goes on after it.
    Event(Notice),
    /// A handler swapped itself in a call, and gave this reply.
    Call(Asker, Payload),
}

impl Manager {
    /// The place of the handler that a term names: `Module`, or `{Module, Id}`.
    pub(crate) fn find(&self, key: &Key) -> Option<usize> {
        self.handlers.iter().position(|handler| handler.key == *key)
    }

    /// Takes a handler off the list.
    pub(crate) fn take(&mut self, place: usize) -> Option<Handler> {
        (place < self.handlers.len()).then(|| self.handlers.remove(place))
    }
}

/// `Module`, or `{Module, Id}`: how a handler is named.
pub(crate) fn named(module: &str, id: &[u8]) -> Term {
    match term(id) {
        id if id.is_atom("false") => atom(module),
        id => Term::tuple([atom(module), id]),
    }
}

/// The id of a handler that has none.
pub(crate) fn no_id() -> Payload {
    payload(&Term::atom("false"))
}
