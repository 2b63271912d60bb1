//! The few events of a history that matter to a violation.

use super::print::Printer;
use super::{Event, History, MessageId, ProcessId};

/// The most events shown before the one at which it shows, and after it, of those that
/// concern the processes involved.
const BEFORE: usize = 6;
const AFTER: usize = 2;

impl History {
    /// What a person wants to see of a violation: the event `at` which it shows, marked
    /// with `>`, its `evidence`, where the op begins and ends within which it shows, and
    /// what the processes involved did just before and after. What is left out shows as
    /// `…`.
    pub fn excerpt(&self, at: usize, evidence: &[usize]) -> String {
        let shown = self.shown(at, evidence);
        let mut text = String::new();
        let mut printer = Printer::new(self);
        let mut gap = false;
        for (index, event) in self.events().iter().enumerate() {
            printer.learn(event);
            if shown.binary_search(&index).is_err() {
                gap = true;
                continue;
            }
            if std::mem::take(&mut gap) {
                text.push_str("  …\n");
            }
            let mark = if index == at { '>' } else { ' ' };
            // Writing to a string cannot fail.
            let _ = printer.line(&mut text, mark, index, event);
        }
        if gap {
            text.push_str("  …\n");
        }
        text
    }

    /// The index, in the plan, of the op within which something shows at that event: the
    /// one that began last. None before the first op, and at rest.
    pub fn op_of(&self, at: usize) -> Option<u32> {
        let until = self.events().iter().take(at + 1).rev();
        let op = until.map(|event| match event {
            Event::OpBegins { op } => Some(Some(*op)),
            Event::Rested | Event::Abandoned { .. } => Some(None),
            _ => None,
        });
        op.flatten().next().flatten()
    }

    /// The indices of what is shown, in order.
    fn shown(&self, at: usize, evidence: &[usize]) -> Vec<usize> {
        let events = self.events();
        let mut shown = evidence.to_vec();
        shown.push(at);
        let messages = self.messages();
        let involved: Vec<ProcessId> = shown
            .iter()
            .filter_map(|index| events.get(*index))
            .flat_map(|event| concerned(event, &messages))
            .flatten()
            .collect();
        if self.op_of(at).is_some() {
            let begins = |event: &Event| matches!(event, Event::OpBegins { .. });
            let ends = |event: &Event| matches!(event, Event::OpEnds { .. });
            let first = events[..=at].iter().rposition(begins).unwrap_or(at);
            // What the op is stands right behind it.
            let what = |index: &usize| {
                matches!(
                    events[*index],
                    Event::Upgrades { .. } | Event::Fault { .. } | Event::Damaged { .. }
                )
            };
            shown.push(first);
            shown.extend((first + 1..events.len()).take_while(what));
            shown.extend(events[at..].iter().position(ends).map(|after| at + after));
        }
        let matters = |index: &usize| {
            let event = &events[*index];
            let mut concerned = concerned(event, &messages).into_iter().flatten();
            moves_code(event) || concerned.any(|process| involved.contains(&process))
        };
        let at = at.min(events.len());
        shown.extend((0..at).rev().filter(matters).take(BEFORE));
        let rests = |index: &usize| matches!(events[*index], Event::Rested);
        let after = (at + 1..events.len()).take_while(|index| !rests(index));
        shown.extend(after.filter(matters).take(AFTER));
        shown.sort_unstable();
        shown.dedup();
        shown
    }

    /// Who sent each message, and to whom.
    fn messages(&self) -> Vec<[Option<ProcessId>; 2]> {
        let mut messages = Vec::new();
        for event in self.events() {
            if let Event::Sent {
                message, from, to, ..
            } = *event
            {
                let place = message.0 as usize;
                if messages.len() <= place {
                    messages.resize(place + 1, [None; 2]);
                }
                messages[place] = [Some(from), to];
            }
        }
        messages
    }
}

/// Whether it changes what is loaded, or who is there at all.
fn moves_code(event: &Event) -> bool {
    matches!(
        event,
        Event::Loaded { .. } | Event::Deleted { .. } | Event::Purged { .. } | Event::Restarted
    )
}

/// Whom an event concerns.
fn concerned(event: &Event, messages: &[[Option<ProcessId>; 2]]) -> [Option<ProcessId>; 2] {
    let of = |message: MessageId| messages.get(message.0 as usize).copied();
    match *event {
        Event::Spawned {
            process, parent, ..
        } => [Some(process), parent],
        Event::Sent { from, to, .. } => [Some(from), to],
        Event::Replied { message } | Event::Answered { message, .. } => {
            of(message).unwrap_or_default()
        }
        Event::Fault { process } => [process, None],
        Event::Registered { process, .. }
        | Event::Unregistered { process, .. }
        | Event::Entered { process, .. }
        | Event::Unreadable { process, .. }
        | Event::Received { process, .. }
        | Event::Postponed { process, .. }
        | Event::Suspended { process }
        | Event::Resumed { process }
        | Event::Frozen { process }
        | Event::Thawed { process }
        | Event::CodeChanged { process, .. }
        | Event::Interfered { process }
        | Event::Supervises { process, .. }
        | Event::Exited { process, .. }
        | Event::Final { process, .. }
        | Event::Twice { process, .. } => [Some(process), None],
        _ => [None; 2],
    }
}

#[cfg(test)]
mod tests;
