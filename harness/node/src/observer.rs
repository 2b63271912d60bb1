//! What a node tells whoever watches it.

use crate::code::Version;
use crate::signal::{Carrier, MessageId, Pid};

/// Somebody who watches a node. It is told of everything in the order in which
/// it happens, and cannot interfere.
pub trait Observer {
    /// Something happened.
    fn observe(&mut self, event: Event<'_>);
}

/// An observer that looks away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Blind;

impl Observer for Blind {
    fn observe(&mut self, _: Event<'_>) {}
}

/// Something that happened on a node. Bytes are terms in the external format.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// The clock moved on, to this time in milliseconds.
    Clock(u64),
    /// The node restarts: every process that is there is killed, and what it had loaded
    /// is forgotten.
    Restarted,
    /// A version became current.
    Loaded(&'a Version),
    /// The current version was deleted, and is old now.
    Deleted(&'a Version),
    /// An old version was purged, and so many processes were killed for it.
    Purged(&'a Version, usize),
    /// A process was spawned.
    Spawned {
        /// The process.
        pid: Pid,
        /// Who spawned it.
        parent: Option<Pid>,
        /// What it was spawned to run; nothing for a client or a supervisor.
        module: Option<&'a str>,
    },
    /// A process took a name.
    Registered(Pid, &'a str),
    /// A process's name was given up, and it lives on.
    Unregistered(Pid, &'a str),
    /// A process runs this version from now on.
    Entered(Pid, &'a Version),
    /// A state of one version could not be read by another.
    Unreadable {
        /// The process.
        pid: Pid,
        /// Whose state it was.
        from: &'a Version,
        /// Who could not read it.
        to: &'a Version,
        /// The state.
        state: &'a [u8],
    },
    /// A user message was sent.
    Sent {
        /// The message.
        message: MessageId,
        /// Its sender.
        from: Pid,
        /// Its receiver, where there is one.
        to: Option<Pid>,
        /// How it travels.
        carrier: Carrier,
        /// What it says.
        data: &'a [u8],
    },
    /// A user message was taken out of the mailbox.
    Received {
        /// The message.
        message: MessageId,
        /// Its receiver.
        pid: Pid,
        /// The version that handles it.
        version: Option<&'a Version>,
    },
    /// A state machine put a user message off until its state changes. Then it is
    /// received once more.
    Postponed {
        /// The message.
        message: MessageId,
        /// The machine.
        pid: Pid,
    },
    /// A call or an ask was answered by the process that it went to.
    Replied(MessageId),
    /// A call or an ask is over at its caller.
    Answered(MessageId, Answer<'a>),
    /// A process acknowledged a suspend.
    Suspended(Pid),
    /// A process acknowledged a resume.
    Resumed(Pid),
    /// A state was converted, or not.
    CodeChanged {
        /// The process.
        pid: Pid,
        /// The module.
        module: &'a str,
        /// The version whose state it was.
        from: &'a str,
        /// The version whose state it was to become.
        to: &'a str,
        /// The state before.
        before: &'a [u8],
        /// The state after, where the conversion succeeded.
        after: Option<&'a [u8]>,
    },
    /// A supervisor asked its callback module what it supervises: this is what `init`
    /// gave, when it started or when it changed code.
    Supervises {
        /// The supervisor.
        pid: Pid,
        /// The version of the callback module.
        by: &'a Version,
        /// `{ok,{Flags,Specs}}`, or what else it gave.
        given: &'a [u8],
    },
    /// A process ended.
    Exited(Pid, &'a [u8]),
}

/// How a call ended at its caller (E7).
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// With a reply.
    Reply(&'a [u8]),
    /// With the reason for which the server ended, or was not there.
    Exit(&'a [u8]),
    /// With a timeout.
    Timeout,
}
