//! Whether what a process received can have been in order, although messages that say the
//! same cannot be told apart.

use std::collections::HashSet;

use super::Queues;
use crate::history::{Carrier, Event, MessageId, ProcessId};

/// The most places in the queues that are tried.
const MOST_STATES: usize = 100_000;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Explanation {
    /// All can have been in order.
    Found,
    /// It cannot.
    None,
    /// That was too much to find out.
    GivenUp,
}

/// What says the same, by number; a call is like no other.
type Class = usize;

/// What one process was sent, and what it received.
#[derive(Default)]
struct Mailbox {
    /// What each sender sent, in order: what, and when.
    senders: Vec<(ProcessId, Vec<(Class, usize)>)>,
    receipts: Vec<Receipt>,
}

struct Receipt {
    class: Class,
    at: usize,
    /// How many of the kind had been received before.
    nth: usize,
    /// How many of the kind had been postponed by then.
    postponed: usize,
}

/// Looks for an order of `receiver`'s mailbox in which each sender's messages come as they
/// were sent, and that it can have been received in.
pub(super) fn explain(queues: &Queues<'_>, receiver: ProcessId) -> Explanation {
    let mailbox = Mailbox::of(queues, receiver);
    // How many receipts are explained, and how far each sender's messages are received.
    let mut states = vec![(0, vec![0; mailbox.senders.len()])];
    let mut known = HashSet::new();
    while let Some((done, places)) = states.pop() {
        let Some(receipt) = mailbox.receipts.get(done) else {
            return Explanation::Found;
        };
        if known.len() == MOST_STATES {
            return Explanation::GivenUp;
        }
        if !known.insert((done, places.clone())) {
            continue;
        }
        if mailbox.can_be_again(receipt, &places) {
            states.push((done + 1, places.clone()));
        }
        for (sender, (_, sent)) in mailbox.senders.iter().enumerate() {
            let is_next =
                |(class, at): &(Class, usize)| *class == receipt.class && *at < receipt.at;
            if sent.get(places[sender]).is_some_and(is_next) {
                let mut places = places.clone();
                places[sender] += 1;
                states.push((done + 1, places));
            }
        }
    }
    Explanation::None
}

impl Mailbox {
    /// Whether a receipt may be one of what was postponed.
    fn can_be_again(&self, receipt: &Receipt, places: &[usize]) -> bool {
        if receipt.postponed == 0 {
            return false;
        }
        let is_of_it = |(class, _): &&(Class, usize)| *class == receipt.class;
        let received = self.senders.iter().zip(places);
        let first: usize = received
            .map(|((_, sent), place)| sent[..*place].iter().filter(is_of_it).count())
            .sum();
        receipt.nth - first < receipt.postponed
    }

    fn of(queues: &Queues<'_>, receiver: ProcessId) -> Mailbox {
        let mut mailbox = Mailbox::default();
        let mut classes: Vec<Kind<'_>> = Vec::new();
        let mut class_of: Vec<(MessageId, Class)> = Vec::new();
        for (at, event) in queues.history.events().iter().enumerate() {
            match *event {
                Event::Sent {
                    message,
                    from,
                    to: Some(to),
                    carrier,
                    payload,
                } if to == receiver && queues.counts(message) => {
                    let says = Says::of(message, carrier, queues.history.bytes(payload));
                    let known = classes.iter().position(|kind| kind.says == says);
                    let class = known.unwrap_or_else(|| {
                        classes.push(Kind::of(says));
                        classes.len() - 1
                    });
                    class_of.push((message, class));
                    let sender = mailbox.senders.iter_mut().find(|(s, _)| *s == from);
                    match sender {
                        Some((_, sent)) => sent.push((class, at)),
                        None => mailbox.senders.push((from, vec![(class, at)])),
                    }
                }
                Event::Received {
                    message, process, ..
                } if process == receiver => {
                    let Some(class) = find(&class_of, message) else {
                        continue;
                    };
                    let kind = &mut classes[class];
                    mailbox.receipts.push(Receipt {
                        class,
                        at,
                        nth: kind.received,
                        postponed: kind.postponed,
                    });
                    kind.received += 1;
                }
                Event::Postponed { message, process } if process == receiver => {
                    if let Some(class) = find(&class_of, message) {
                        classes[class].postponed += 1;
                    }
                }
                _ => {}
            }
        }
        mailbox
    }
}

/// Messages that say the same, as far as the history has been read.
struct Kind<'a> {
    says: Says<'a>,
    received: usize,
    postponed: usize,
}

impl<'a> Kind<'a> {
    fn of(says: Says<'a>) -> Self {
        Kind {
            says,
            received: 0,
            postponed: 0,
        }
    }
}

/// What a receiver can tell messages apart by.
#[derive(PartialEq, Eq)]
enum Says<'a> {
    /// What awaits an answer has a reference of its own.
    Own(MessageId),
    What(Carrier, &'a [u8]),
}

impl<'a> Says<'a> {
    fn of(message: MessageId, carrier: Carrier, payload: &'a [u8]) -> Self {
        match carrier {
            Carrier::Cast | Carrier::Notify | Carrier::Info => Says::What(carrier, payload),
            Carrier::Call | Carrier::Manage | Carrier::Ask => Says::Own(message),
        }
    }
}

fn find(classes: &[(MessageId, Class)], message: MessageId) -> Option<Class> {
    // They are sent in the order of their numbers, nearly.
    let known = classes.iter().rev().find(|(m, _)| *m == message);
    known.map(|(_, class)| *class)
}
