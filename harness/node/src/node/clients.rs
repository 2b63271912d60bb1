//! Clients at work.

use std::rc::Rc;

use upheaval_term::{RawTerm, Ref};

use crate::client::{Client, ClientRequest, RequestKind};
use crate::node::Node;
use crate::observer::{Answer, Event};
use crate::process::Role;
use crate::signal::{Carrier, Kind, Message, MessageId, Payload, Pid, Tag, reason};

impl Node {
    /// Starts a client, registered under a name: it makes the requests that it
    /// is handed, one after the other.
    pub fn start_client(&mut self, name: &str) -> Pid {
        let pid = self.create(None, None);
        if let Some(process) = self.process_mut(pid) {
            process.role = Role::Client(Client::default());
        }
        self.register_name(pid, &Rc::from(name));
        pid
    }

    /// Hands a request to a client. To anything else it is lost.
    pub fn request(&mut self, client: Pid, request: ClientRequest<'_>) {
        if let Some(process) = self.process_mut(client)
            && let Role::Client(client) = &mut process.role
        {
            client.queue.push_back(request.into());
        }
        self.refresh(client);
    }

    /// Whether a client has answers to wait for or requests to make.
    pub fn is_busy(&self, client: Pid) -> bool {
        self.process(client).is_some_and(|process| {
            matches!(&process.role, Role::Client(c) if c.waiting.is_some() || c.has_work())
        })
    }

    pub(super) fn make_request(&mut self, pid: Pid) {
        let Some(request) = self.client(pid).and_then(|client| client.queue.pop_front()) else {
            return;
        };
        let to = self.names.get(request.to()).copied();
        let carrier = match request.kind {
            RequestKind::Call => Carrier::Call,
            RequestKind::Cast => Carrier::Cast,
            RequestKind::Send => Carrier::Info,
            RequestKind::Notify => Carrier::Notify,
            RequestKind::Manage => Carrier::Manage,
            RequestKind::Ask => Carrier::Ask,
        };
        let is_awaited = request.is_awaited();
        let id = self.send_user(pid, to, carrier, request.payload);
        if !is_awaited {
            return;
        }
        match to {
            None => self
                .observer
                .observe(Event::Answered(id, Answer::Exit(&reason("noproc")))),
            Some(to) => {
                self.watch(pid, to, Tag::of(id));
                self.set_deadline(pid, request.timeout);
                if let Some(client) = self.client(pid) {
                    client.waiting = Some(id);
                }
            }
        }
    }

    pub(super) fn client_receives(&mut self, pid: Pid, message: Message) {
        match message.kind {
            Kind::Reply(tag) => self.client_is_answered(pid, tag, Ok(message.data)),
            Kind::Down(tag) => self.client_is_answered(pid, tag, Err(message.data)),
            Kind::User(id, _) => {
                self.observer.observe(Event::Received {
                    message: id,
                    pid,
                    version: None,
                });
                // `{Ref,Reply}`: what an asked process answers.
                let Ok((tag, reply)) = upheaval_term::from_slice::<(Ref, RawTerm)>(&message.data)
                else {
                    return;
                };
                let tag = tag_of(&tag);
                if let Some(id) = tag.message() {
                    self.observer.observe(Event::Replied(id));
                }
                let mut whole = Payload::from_slice(&[131]);
                whole.extend_from_slice(reply.as_bytes());
                self.client_is_answered(pid, tag, Ok(whole));
            }
            _ => {}
        }
    }

    /// An answer has come; it counts if the client still waits for it.
    fn client_is_answered(&mut self, pid: Pid, tag: Tag, answer: Result<Payload, Payload>) {
        if !self.client(pid).is_some_and(|client| client.waits_for(tag)) {
            return;
        }
        self.unwatch(pid, tag);
        let answer = match &answer {
            Ok(reply) => Answer::Reply(reply),
            Err(why) => Answer::Exit(why),
        };
        self.request_is_over(pid, answer);
    }

    pub(super) fn client_times_out(&mut self, pid: Pid) {
        let waiting = self.client(pid).and_then(|client| client.waiting);
        if let Some(id) = waiting {
            self.unwatch(pid, Tag::of(id));
            self.request_is_over(pid, Answer::Timeout);
        }
    }

    fn request_is_over(&mut self, pid: Pid, answer: Answer<'_>) {
        let waiting: Option<MessageId> = self.client(pid).and_then(|c| c.waiting.take());
        if let Some(id) = waiting {
            self.observer.observe(Event::Answered(id, answer));
        }
        if let Some(process) = self.process_mut(pid) {
            process.deadline = None;
        }
    }

    fn client(&mut self, pid: Pid) -> Option<&mut Client> {
        match &mut self.process_mut(pid)?.role {
            Role::Client(client) => Some(client),
            _ => None,
        }
    }
}

/// The tag that a reference was made from.
fn tag_of(reference: &Ref) -> Tag {
    match *reference.ids() {
        [low, middle, high] => {
            Tag(u64::from(high) << 50 | u64::from(middle) << 18 | u64::from(low))
        }
        _ => Tag::other(0),
    }
}
