//! A client: a process that makes the requests it is handed, one after the
//! other. It has no module, so no upgrade touches it.

use std::collections::VecDeque;

use crate::signal::{MessageId, Payload, Tag};

/// How a client makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// `gen_server:call(To, Payload, Timeout)`.
    Call,
    /// `gen_server:cast(To, Payload)`.
    Cast,
    /// Monitors `To`, sends it `{Self,Ref,Payload}`, waits for `{Ref,Reply}`.
    Ask,
}

/// A request that a client is handed.
#[derive(Clone, Debug)]
pub struct ClientRequest {
    /// How it is made.
    pub kind: RequestKind,
    /// The registered name it goes to.
    pub to: String,
    /// The payload, in the external format.
    pub payload: Vec<u8>,
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
    pub(crate) to: String,
    pub(crate) payload: Payload,
    pub(crate) timeout: u64,
}

impl Client {
    pub(crate) fn has_work(&self) -> bool {
        self.waiting.is_none() && !self.queue.is_empty()
    }

    pub(crate) fn waits_for(&self, tag: Tag) -> bool {
        self.waiting.is_some_and(|id| Tag::of(id) == tag)
    }
}

impl From<ClientRequest> for QueuedRequest {
    fn from(request: ClientRequest) -> Self {
        QueuedRequest {
            kind: request.kind,
            to: request.to,
            payload: Payload::from_vec(request.payload),
            timeout: request.timeout,
        }
    }
}
