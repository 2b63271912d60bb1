//! The actions of a transition, in the terms in which Erlang writes them.

use upheaval_module::Caller;
use upheaval_term::Term;

use super::transition::bad;
use crate::node::Node;
use crate::signal::{Payload, Pid, Tag, payload, term};
use crate::statem::{EventKind, Happening, Progress, Time, Timeout, TimerName};

/// An action, understood.
enum Action {
    Reply,
    Postpone,
    Hibernate,
    NextEvent(Happening),
    Timeout(Timeout),
    Bad,
}

impl Node {
    /// Does what can be done at once, and notes what is to be done at the end of the
    /// transition. False where an action was none, and the machine has failed.
    pub(in crate::node) fn perform(&mut self, pid: Pid, module: &str, actions: &[u8]) -> bool {
        if actions.is_empty() {
            return true;
        }
        let Term::List(actions) = term(actions) else {
            return true;
        };
        for action in actions {
            let understood = read(&action);
            if matches!(understood, Action::Reply) {
                if self.perform_reply(pid, &action) {
                    continue;
                }
                self.machine_fails(pid, module, bad("bad_action_from_state_function", action));
                return false;
            }
            let Some(transition) = self.machine(pid).and_then(|m| m.transition.as_mut()) else {
                return false;
            };
            let entering = transition.entering;
            if note(transition, understood) {
                continue;
            }
            let what = match entering {
                true => "bad_state_enter_action_from_state_function",
                false => "bad_action_from_state_function",
            };
            self.machine_fails(pid, module, bad(what, action));
            return false;
        }
        true
    }

    /// `{reply, From, Reply}`. False where it is none.
    pub(super) fn perform_reply(&mut self, pid: Pid, action: &Term) -> bool {
        let Some([tag, from, reply]) = action.as_tuple() else {
            return false;
        };
        let Ok(Caller(to, reference)) = upheaval_term::from_term::<Caller>(from) else {
            return false;
        };
        let (true, Some(tag)) = (tag.is_atom("reply"), Tag::read(&reference)) else {
            return false;
        };
        self.reply(pid, Pid(to.id), tag, payload(reply));
        true
    }
}

/// Notes an action. False where a state that is being entered may not ask for it.
fn note(transition: &mut Progress, action: Action) -> bool {
    match action {
        Action::Postpone if !transition.entering => transition.postpone = true,
        Action::NextEvent(event) if !transition.entering => transition.next_events.push(event),
        Action::Timeout(timeout) => transition.timeouts.push(timeout),
        Action::Hibernate => transition.hibernate = true,
        _ => return false,
    }
    true
}

fn read(action: &Term) -> Action {
    if action.is_atom("postpone") {
        return Action::Postpone;
    }
    if action.is_atom("hibernate") {
        return Action::Hibernate;
    }
    let Some(parts) = action.as_tuple() else {
        return Action::Bad;
    };
    match parts {
        [tag, _, _] if tag.is_atom("reply") => Action::Reply,
        [tag, kind, content] if tag.is_atom("next_event") => match kind_of(kind) {
            Some(kind) => Action::NextEvent(Happening {
                kind,
                message: None,
                content: payload(content),
            }),
            None => Action::Bad,
        },
        [name, cancel] if cancel.is_atom("cancel") => timeout(name, Time::Infinity, Payload::new()),
        [name, time, content] => {
            let time = match time {
                Term::Int(ms) => u64::try_from(*ms).ok().map(Time::After),
                time if time.is_atom("infinity") => Some(Time::Infinity),
                time if time.is_atom("update") => Some(Time::Update),
                _ => None,
            };
            match time {
                Some(time) => timeout(name, time, payload(content)),
                None => Action::Bad,
            }
        }
        _ => Action::Bad,
    }
}

fn timeout(name: &Term, time: Time, content: Payload) -> Action {
    match TimerName::read(name) {
        Some(name) => Action::Timeout(Timeout {
            name,
            time,
            content,
        }),
        None => Action::Bad,
    }
}

fn kind_of(kind: &Term) -> Option<EventKind> {
    if let Some([call, from]) = kind.as_tuple()
        && call.is_atom("call")
    {
        let Caller(from, reference) = upheaval_term::from_term(from).ok()?;
        return Some(EventKind::Call {
            from: Pid(from.id),
            tag: Tag::read(&reference)?,
        });
    }
    match kind {
        kind if kind.is_atom("cast") => Some(EventKind::Cast),
        kind if kind.is_atom("info") => Some(EventKind::Info),
        kind if kind.is_atom("internal") => Some(EventKind::Internal),
        kind => TimerName::read(kind).map(EventKind::Timeout),
    }
}
