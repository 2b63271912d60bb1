//! Who was asked what, for those whose module has a spec.

use upheaval_term::Term;
use xxhash_rust::xxh3::xxh3_64;

use super::dense::entry;
use super::harmed::Harmed;
use crate::history::{Answer, Data, Event, History, MessageId, ProcessId};
use crate::scenario::{Asked, Scenario, Specification};

/// Who was asked what, in which order, and what came of it.
pub(super) struct Books<'a> {
    pub(super) history: &'a History,
    pub(super) messages: Vec<Message>,
    pub(super) processes: Vec<Process<'a>>,
    requests: Requests<'a>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Message {
    pub(super) sent: usize,
    /// Which of the requests it is.
    request: Option<u32>,
    pub(super) received: usize,
    pub(super) replied: Option<(usize, Data)>,
}

#[derive(Default)]
pub(super) struct Process<'a> {
    /// What it answers by, where the scenario says it.
    pub(super) object: Option<Object<'a>>,
    /// What it has taken, in order.
    pub(super) taken: Vec<MessageId>,
    /// Whether the plan answers for its state.
    pub(super) is_by_hand: bool,
}

pub(super) struct Object<'a> {
    pub(super) spec: &'a Specification,
    pub(super) args: &'a Term,
}

impl<'a> Books<'a> {
    pub(super) fn read(scenario: &'a Scenario, history: &'a History) -> Self {
        let mut books = Books {
            history,
            messages: Vec::new(),
            processes: Vec::new(),
            requests: Requests::new(history),
        };
        let mut harmed = Harmed::default();
        for (at, event) in history.events().iter().enumerate() {
            harmed.follow(event, |process| {
                entry(&mut books.processes, process.0).is_by_hand = true;
            });
            match *event {
                Event::Registered { process, name } => {
                    let known = entry(&mut books.processes, process.0);
                    known.object = known
                        .object
                        .take()
                        .or_else(|| Object::of(scenario, history.name(name)));
                }
                Event::Interfered { process } => {
                    entry(&mut books.processes, process.0).is_by_hand = true;
                }
                Event::Sent {
                    message,
                    to: Some(to),
                    payload,
                    ..
                } if books.is_judged(to) => {
                    let request = books.requests.number(payload);
                    *entry(&mut books.messages, message.0) = Message {
                        sent: at,
                        request: Some(request),
                        ..Message::default()
                    };
                }
                Event::Received {
                    message, process, ..
                } if books.is_judged(process) => {
                    let taker = &mut books.processes[process.0 as usize];
                    if !taker.is_by_hand {
                        taker.taken.push(message);
                        entry(&mut books.messages, message.0).received = at;
                    }
                }
                // It is taken again later.
                Event::Postponed { message, process } if books.is_judged(process) => {
                    let taker = &mut books.processes[process.0 as usize];
                    let last = taker.taken.iter().rposition(|taken| *taken == message);
                    if let Some(last) = last {
                        taker.taken.remove(last);
                    }
                }
                Event::Answered {
                    message,
                    answer: Answer::Reply(reply),
                } => {
                    if let Some(asked) = books.messages.get_mut(message.0 as usize) {
                        asked.replied = Some((at, reply));
                    }
                }
                _ => {}
            }
        }
        books
    }

    fn is_judged(&self, process: ProcessId) -> bool {
        let process = self.processes.get(process.0 as usize);
        process.is_some_and(|process| process.object.is_some())
    }

    /// What a process was asked, in the order in which it took it; nothing where it took
    /// what nobody was seen to send.
    pub(super) fn requests(&self, process: &Process<'_>) -> Option<Vec<&Term>> {
        let taken = process.taken.iter();
        let requests = taken.map(|message| {
            let message = self.messages[message.0 as usize];
            Some(&self.requests.terms[message.request? as usize])
        });
        requests.collect()
    }

    /// The same, with the answers, and when each took effect.
    pub(super) fn asked(&self, process: &Process<'_>) -> Option<Vec<Asked<'_>>> {
        let taken = process.taken.iter().enumerate();
        let asked = taken.map(|(place, message)| {
            let message = self.messages[message.0 as usize];
            // One does one thing after the other: what comes next finds it done.
            let next = process.taken.get(place + 1);
            let next = next.map(|next| self.messages[next.0 as usize].received);
            Some(Asked {
                request: &self.requests.terms[message.request? as usize],
                reply: message.replied.map(|(_, reply)| self.history.term(reply)),
                received: message.received,
                done: message.replied.map(|(at, _)| at).or(next),
            })
        });
        asked.collect()
    }
}

/// What is asked, decoded: few things are, again and again.
struct Requests<'a> {
    history: &'a History,
    terms: Vec<Term>,
    /// The last request of each hash, and which it is.
    known: Vec<Option<(Data, u32)>>,
}

/// How many requests are known at a time.
const KNOWN: usize = 256;

impl<'a> Requests<'a> {
    fn new(history: &'a History) -> Self {
        Requests {
            history,
            terms: Vec::new(),
            known: vec![None; KNOWN],
        }
    }

    fn number(&mut self, payload: Data) -> u32 {
        let bytes = self.history.bytes(payload);
        let known = &mut self.known[xxh3_64(bytes) as usize % KNOWN];
        match *known {
            Some((same, number)) if self.history.bytes(same) == bytes => number,
            _ => {
                let number = self.terms.len() as u32;
                self.terms.push(self.history.term(payload));
                *known = Some((payload, number));
                number
            }
        }
    }
}

impl<'a> Object<'a> {
    /// How the process of that name answers.
    fn of(scenario: &'a Scenario, name: &str) -> Option<Self> {
        let process = scenario.find_process(name)?;
        let spec = scenario.find_module(&process.module)?.spec.as_ref()?;
        let args = &process.args;
        Some(Object { spec, args })
    }
}
