//! Messages as sentences name them.

use crate::history::{Carrier, Code, Event, History, MessageId, Moved, Symbol};

/// What a message is called by how it travels.
pub(super) fn noun(carrier: Carrier) -> &'static str {
    match carrier {
        Carrier::Call => "call",
        Carrier::Cast => "cast",
        Carrier::Info => "message",
        Carrier::Ask => "question",
        Carrier::Notify => "event",
        Carrier::Manage => "request",
    }
}

/// Whether a message is one that ends in an answer (E7).
pub(super) fn is_awaited(carrier: Carrier) -> bool {
    matches!(carrier, Carrier::Call | Carrier::Ask | Carrier::Manage)
}

/// Where a message was sent. It is looked for, so only for who has something to report.
pub(super) fn sent_at(history: &History, message: MessageId) -> Option<usize> {
    let is_it = |event: &Event| matches!(event, Event::Sent { message: m, .. } if *m == message);
    history.events().iter().position(is_it)
}

/// `call #17 {add,5}`, or as much of it as is known.
pub(super) fn describe(history: &History, message: MessageId) -> String {
    let sent = sent_at(history, message).map(|at| history.events()[at]);
    match sent {
        Some(Event::Sent {
            carrier, payload, ..
        }) => format!("{} #{} {}", noun(carrier), message.0, history.term(payload)),
        _ => format!("message #{}", message.0),
    }
}

/// `counter 2`.
pub(super) fn code(history: &History, code: Code) -> String {
    format!("{} {}", history.name(code.module), history.name(code.vsn))
}

/// `the install of release 2`.
pub(super) fn upgrade(history: &History, moved: Moved, name: Symbol, vsn: Symbol) -> String {
    let (name, vsn) = (history.name(name), history.name(vsn));
    match moved {
        Moved::Module => format!("the upgrade of module {name} to {vsn}"),
        Moved::Application => format!("moving application {name} to {vsn}"),
        Moved::Release => format!("the install of release {vsn}"),
        Moved::Nothing => format!("making release {vsn} permanent"),
    }
}
