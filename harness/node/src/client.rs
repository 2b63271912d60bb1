//! A client: a process that makes the requests it is handed, one after the
//! other. It has no module, so no upgrade touches it.

use std::collections::VecDeque;

use crate::signal::{MessageId, Payload, SmallName, Tag};

/// How a client makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// `gen_server:call(To, Payload, Timeout)`.
    Call,
    /// `gen_server:cast(To, Payload)`.
    Cast,
    /// `To ! Payload`.
    Send,
    /// `gen_event:notify(To, Payload)`.
    Notify,
    /// A request to an event manager, `gen:call(To, self(), Payload, Timeout)`: what
    /// `gen_event:call`, `sync_notify`, `add_handler` and the like send.
    Manage,
    /// Monitors `To`, sends it `{Self,Ref,Payload}`, waits for `{Ref,Reply}`.
    Ask,
}

/// A request that a client is handed.
#[derive(Clone, Copy, Debug)]
pub struct ClientRequest<'a> {
    /// How it is made.
    pub kind: RequestKind,
    /// The registered name it goes to.
    pub to: &'a str,
    /// The payload, in the external format.
    pub payload: &'a [u8],
    /// How long the client waits, in milliseconds.
    pub timeout: u64,
}

/// A client's books.
#[derive(Debug, Default)]
pub(crate) struct Client {
    pub(crate) queue: VecDeque<QueuedRequest>,
    pub(crate) waiting: Option<MessageId>,
}

#[derive(Debug)]
pub(crate) struct QueuedRequest {
    pub(crate) kind: RequestKind,
    to: SmallName,
    pub(crate) payload: Payload,
    pub(crate) timeout: u64,
}

impl QueuedRequest {
    /// Whether the client waits for an answer.
    pub(crate) fn is_awaited(&self) -> bool {
        match self.kind {
            RequestKind::Call | RequestKind::Ask | RequestKind::Manage => true,
            RequestKind::Cast | RequestKind::Send | RequestKind::Notify => false,
        }
    }

    pub(crate) fn to(&self) -> &str {
        // It was made from a `str`.
        std::str::from_utf8(&self.to).unwrap_or_default()
    }
}

impl Client {
    pub(crate) fn has_work(&self) -> bool {
        self.waiting.is_none() && !self.queue.is_empty()
    }

    pub(crate) fn waits_for(&self, tag: Tag) -> bool {
        self.waiting.is_some_and(|id| Tag::of(id) == tag)
    }
}

impl From<ClientRequest<'_>> for QueuedRequest {
    fn from(request: ClientRequest<'_>) -> Self {
        QueuedRequest {
            kind: request.kind,
            to: SmallName::from_slice(request.to.as_bytes()),
            payload: Payload::from_slice(request.payload),
            timeout: request.timeout,
        }
    }
}
