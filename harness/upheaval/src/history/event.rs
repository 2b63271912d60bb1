//! What can happen.

/// A process, numbered by the order in which the case's processes were spawned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub u32);

/// A user message, numbered by the order in which they were sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// A name (of a module, a version or a process), kept once per history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u16);

/// A term, kept as external-format bytes inside the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Data {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A module in one of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// The module's name.
    pub module: Symbol,
    /// Its `vsn`.
    pub vsn: Symbol,
}

/// How a user message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Carrier {
    /// A `gen_server:call`, which ends in exactly one [`Event::Answered`] (E7).
    Call,
    /// A `gen_server:cast`.
    Cast,
    /// A plain message.
    Info,
    /// A `gen_event:notify`.
    Notify,
    /// A request to an event manager: it ends in exactly one [`Event::Answered`], as a
    /// call does.
    Manage,
    /// A plain message of a client that monitors its receiver and waits for an
    /// answer: it ends in exactly one [`Event::Answered`], as a call does.
    Ask,
}

/// How a call ended, seen by its caller (E7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// The server replied.
    Reply(Data),
    /// The server was not there, or died first, with this reason.
    Exit(Data),
    /// No answer came in time.
    Timeout,
}

/// What an upgrade moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moved {
    /// One module, as a release would move it.
    Module,
    /// One application alone: `upgrade_app`, `downgrade_app`.
    Application,
    /// A whole release: `install_release`.
    Release,
    /// Nothing any more: what was installed is made permanent, and what an install has
    /// left to be purged brutally is purged (C14).
    Nothing,
}

/// What a process can hold more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Held {
    /// A timer that runs, and will send somebody a message.
    Timer,
    /// A monitor of a process that is alive.
    Monitor,
}

/// One thing that happened. Its logical time is its place in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The node restarts (C12), or is booted again: all that were alive are
    /// killed, and everything that was loaded is forgotten.
    Restarted,
    /// The plan's op of this index (from 0) begins.
    OpBegins {
        /// Index into the plan's steps.
        op: u32,
    },
    /// The op that has just begun is an upgrade, or a downgrade.
    Upgrades {
        /// What it moves.
        moved: Moved,
        /// The module or the application; of a release, the scenario.
        name: Symbol,
        /// The version to move to.
        vsn: Symbol,
    },
    /// The op that has just begun is a fault: it ends somebody, holds somebody up, or
    /// stands in the way of upgrades. For what comes of that the plan answers.
    Fault {
        /// Whom it is done to; none where it is to nobody alone.
        process: Option<ProcessId>,
    },
    /// Until the op ends, something else lies where the release handler is to find the
    /// artifact of this version: the plan answers for what comes of that.
    Damaged {
        /// The version.
        code: Code,
        /// Whose artifact lies there; none where nothing does that could be loaded.
        instead: Option<Code>,
    },
    /// The op that began last is done.
    OpEnds {
        /// What it returned, down to the error term.
        result: Data,
    },
    /// The clock moved on to this time, in milliseconds from the case's start.
    Clock {
        /// Milliseconds.
        ms: u64,
    },
    /// A version became the current one of its module.
    Loaded {
        /// The version.
        code: Code,
    },
    /// The current version of a module was deleted: it is old code now.
    Deleted {
        /// The version.
        code: Code,
    },
    /// Old code of a module was purged.
    Purged {
        /// The version that is gone.
        code: Code,
        /// How many lingering processes were killed for it.
        killed: u32,
    },
    /// A process was spawned.
    Spawned {
        /// The new process.
        process: ProcessId,
        /// Who spawned it; none for what the harness itself starts.
        parent: Option<ProcessId>,
        /// The module it was spawned to run; clients and supervisors have none.
        module: Option<Symbol>,
    },
    /// A process took a name.
    Registered {
        /// The process.
        process: ProcessId,
        /// The name.
        name: Symbol,
    },
    /// A process's name was given up, and it lives on.
    Unregistered {
        /// The process.
        process: ProcessId,
        /// The name.
        name: Symbol,
    },
    /// A process runs this version from now on: it entered it for the first
    /// time, or picked it up in place of another.
    Entered {
        /// The process.
        process: ProcessId,
        /// The version.
        code: Code,
    },
    /// A process that met a new version could not go on in it: the new version
    /// could not read the state that the other one left.
    Unreadable {
        /// The process.
        process: ProcessId,
        /// The version whose state could not be read.
        from: Code,
        /// The version that could not read it.
        to: Code,
        /// The state.
        state: Data,
    },
    /// A user message was sent.
    Sent {
        /// The message.
        message: MessageId,
        /// Who sent it.
        from: ProcessId,
        /// Who it went to; none where nobody was there to take it.
        to: Option<ProcessId>,
        /// How.
        carrier: Carrier,
        /// What it says.
        payload: Data,
    },
    /// A process took a user message out of its mailbox and began to handle it.
    Received {
        /// The message.
        message: MessageId,
        /// By whom.
        process: ProcessId,
        /// The version that handles it; none for a client.
        code: Option<Code>,
    },
    /// A state machine put off a user message that it had received: it receives it
    /// again when its state has changed.
    Postponed {
        /// The message.
        message: MessageId,
        /// The machine.
        process: ProcessId,
    },
    /// A server answered a call, or an asked process its asker; the answer may
    /// come too late, when the caller has given up.
    Replied {
        /// The call.
        message: MessageId,
    },
    /// A call came to its end at the caller.
    Answered {
        /// The call.
        message: MessageId,
        /// How it ended.
        answer: Answer,
    },
    /// A process acknowledged `sys:suspend`.
    Suspended {
        /// The process.
        process: ProcessId,
    },
    /// A process acknowledged `sys:resume`.
    Resumed {
        /// The process.
        process: ProcessId,
    },
    /// A suspended process was told to convert its state.
    CodeChanged {
        /// The process.
        process: ProcessId,
        /// The version whose state it was.
        from: Code,
        /// The version to whose state it was converted.
        to: Code,
        /// The state before.
        before: Data,
        /// The state after, where the conversion succeeded.
        after: Option<Data>,
    },
    /// The plan freezes a process: it stalls where it is, and takes nothing.
    Frozen {
        /// The process.
        process: ProcessId,
    },
    /// The plan lets a process go on that was frozen; at the end the harness does.
    Thawed {
        /// The process.
        process: ProcessId,
    },
    /// From here on the plan answers for a process's state, and for what comes of it: it
    /// replaces it, or has it converted, by hand; it moves code while the process is
    /// frozen, so that no upgrade converts it (C8); it damages what an upgrade loads; or it
    /// sends it what no clause takes.
    Interfered {
        /// The process.
        process: ProcessId,
    },
    /// A release is installed from another one than runs: the plan has removed that one,
    /// or moved an application of it alone. Or within an upgrade, before the load, the plan
    /// kills a process, and another starts in the code that is left. It answers for the states of everybody who is
    /// alive as code is loaded by that, until the op ends or the node restarts.
    Misled,
    /// A supervisor asked its callback module what it supervises, when it started or
    /// when it changed code (B13).
    Supervises {
        /// The supervisor.
        process: ProcessId,
        /// What `init` gave: `{ok,{Flags,Specs}}`, if it made sense.
        given: Data,
    },
    /// A process ended.
    Exited {
        /// The process.
        process: ProcessId,
        /// Its exit reason.
        reason: Data,
    },
    /// All ops are done, all that was suspended has been resumed, and the
    /// system has come to rest: nothing can happen any more but timers.
    Rested,
    /// At rest: a process that is alive, and how it is.
    Final {
        /// The process.
        process: ProcessId,
        /// The version it runs; clients and supervisors have none.
        code: Option<Code>,
        /// Its state, where it can be asked for it.
        state: Option<Data>,
        /// Messages that lie in its mailbox, or that it has postponed.
        queued: u32,
        /// The name that it is registered under.
        name: Option<Symbol>,
    },
    /// At rest: what a server holds more than once, and has begun at least once without
    /// being asked for it: in `init` or in `code_change`, or anew as it handled the message
    /// of such a timer.
    Twice {
        /// The process.
        process: ProcessId,
        /// What it holds.
        held: Held,
        /// The message of the timers; the process that is monitored.
        of: Data,
    },
    /// The run was cut short before it came to rest, for this reason (a term):
    /// what is missing in the history may have happened all the same.
    Abandoned {
        /// Why.
        reason: Data,
    },
}

impl Event {
    /// Whether it is of a message: of its sending, its receiving, its reply or its answer.
    pub fn is_traffic(&self) -> bool {
        matches!(
            self,
            Event::Sent { .. }
                | Event::Received { .. }
                | Event::Postponed { .. }
                | Event::Replied { .. }
                | Event::Answered { .. }
        )
    }
}
