//! One process: its queues, its relations, and what it is doing.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::client::Client;
use crate::code::{ModuleId, Version};
use crate::coroutine::Waiting;
use crate::events::Task;
use crate::server::Server;
use crate::signal::{Kind, Message, Payload, Pid, Signal, StartResult, Tag};

/// A process that is alive.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) pid: Pid,
    pub(crate) parent: Option<Pid>,
    pub(crate) name: Option<Rc<str>>,
    pub(crate) role: Role,
    pub(crate) activity: Activity,
    /// Signals that have been sent to it and that it has not looked at.
    pub(crate) inbox: VecDeque<Signal>,
    /// How many of those came while it was frozen: they lie in its queue already, so none
    /// can overtake another any more.
    pub(crate) arrived: usize,
    /// Messages that it has not taken.
    pub(crate) mailbox: VecDeque<Message>,
    pub(crate) links: Vec<Pid>,
    /// Whom it monitors.
    pub(crate) monitors: Vec<(Tag, Pid)>,
    /// Who monitors it.
    pub(crate) watchers: Vec<(Tag, Pid)>,
    pub(crate) trap_exit: bool,
    /// Whether it stalls until it is told to go on.
    pub(crate) frozen: bool,
    /// When its wait is over, and the number of that wait.
    pub(crate) deadline: Option<Deadline>,
    /// Its place in the list of those that can run.
    pub(crate) ready_at: Option<u32>,
    /// The message that its last receive was shown. Its next trap tells whether
    /// it took it.
    pub(crate) shown: Option<usize>,
    /// The version that it ran last.
    pub(crate) version: Option<Version>,
    /// The versions whose functions lie on its stack above the callback or loop: called
    /// by name or as funs, and not yet returned from.
    pub(crate) called: Vec<Version>,
    pub(crate) code: Code,
}

/// The end of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub(crate) at: u64,
    pub(crate) wait: u64,
}

impl Deadline {
    /// The time of a wait that is over: the process will see it in its inbox.
    pub(crate) const SIGNALLED: u64 = u64::MAX;
}

/// What kind of process it is.
#[derive(Debug)]
pub(crate) enum Role {
    /// It has not run yet, so nobody knows.
    Unknown,
    Server(Server),
    Plain(ModuleId),
    Client(Client),
    /// It runs a module's `on_load` function; whether that gave `ok`.
    OnLoad(Version, bool),
}

/// Whether a process waits for code: in OTP, in a call of the code server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// It has what it needs.
    Ready,
    /// A module that it called is not there yet: its `on_load` function runs.
    Awaited,
    /// That function has failed.
    Failed,
}

/// What a process is doing.
#[derive(Debug)]
pub(crate) enum Activity {
    /// It has been spawned, and has not run yet.
    New(Start),
    /// A plain process made a qualified call of its loop, and has not got there.
    Looping(Payload),
    /// The same, but it goes there only once a message has come.
    Hibernating(Payload),
    /// It waits for a message, without a stack.
    Idle,
    /// It waits inside a callback or a loop, with its stack.
    Blocked(Blocked),
    /// It is running at this moment.
    Running,
}

/// What a new process is to run.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) module: ModuleId,
    pub(crate) args: Payload,
    /// The name it is to take first.
    pub(crate) name: Option<Rc<str>>,
    /// Who waits for its `init`.
    pub(crate) starter: Option<Tag>,
}

/// A stack that waits.
#[derive(Debug)]
pub(crate) struct Blocked {
    pub(crate) waiting: Waiting,
    pub(crate) wait: Wait,
    pub(crate) frame: Frame,
}

/// What a stack waits for.
#[derive(Debug)]
pub(crate) enum Wait {
    /// Any message from this place in the mailbox on; a special process is shown system
    /// messages as such.
    Message { from: usize, special: bool },
    /// The answer to a call.
    Reply(Tag),
    /// The start of a process.
    Started { tag: Tag, child: Pid },
    /// A module that it calls, which is not there yet.
    Code,
}

/// Whose code is on a stack, and for what.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) version: Version,
    pub(crate) callback: Callback,
}

/// The entry that was called, and what becomes of its outcome.
#[derive(Debug)]
pub(crate) enum Callback {
    /// `init`.
    Init { starter: Option<Tag> },
    /// `handle_call` of that call.
    Call { tag: Tag, from: Pid },
    /// `handle_cast`, `handle_info` or `handle_continue`.
    Message,
    /// A state machine's `handle_event`.
    Event,
    /// A handler of an event manager.
    Handler(Box<Task>),
    /// `terminate`. Boxed, as all that is large and rare: a frame is moved often.
    Terminate(Box<Ending>),
    /// `code_change`.
    CodeChange(Box<Conversion>),
    /// A plain process's loop.
    Loop,
    /// A module's `on_load` function.
    OnLoad,
}

/// How a server ends once its `terminate` is done.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) reason: Payload,
    /// A last reply.
    pub(crate) reply: Option<(Pid, Tag, Payload)>,
}

/// A `code_change` that was asked for.
#[derive(Debug)]
pub(crate) struct Conversion {
    pub(crate) tag: Tag,
    /// Who asked.
    pub(crate) from: Pid,
    pub(crate) before: Payload,
    /// The version that is left, and the one that is to come.
    pub(crate) old: String,
    pub(crate) new: String,
    /// The callback module, where it is a supervisor whose code changes.
    pub(crate) callback: Option<Box<str>>,
}

impl Process {
    pub(crate) fn new(pid: Pid, parent: Option<Pid>) -> Process {
        Process {
            pid,
            parent,
            name: None,
            role: Role::Unknown,
            activity: Activity::Idle,
            inbox: VecDeque::new(),
            arrived: 0,
            mailbox: VecDeque::new(),
            links: Vec::new(),
            monitors: Vec::new(),
            watchers: Vec::new(),
            trap_exit: false,
            frozen: false,
            deadline: None,
            ready_at: None,
            shown: None,
            version: None,
            called: Vec::new(),
            code: Code::Ready,
        }
    }

    /// Whether a step of it would do something.
    pub(crate) fn can_run(&self) -> bool {
        if self.frozen {
            return self.deadly_signal().is_some();
        }
        !self.inbox.is_empty()
            || self.code != Code::Awaited
                && match (&self.activity, &self.role) {
                    (Activity::New(_) | Activity::Looping(_), _) => true,
                    (Activity::Hibernating(_), _) => !self.mailbox.is_empty(),
                    (Activity::Idle, Role::Server(server)) => {
                        server.continues()
                            || server.is_due()
                            || self.next_for_server(server).is_some()
                    }
                    (Activity::Idle, Role::Client(client)) => client.has_work(),
                    (Activity::Idle, Role::OnLoad(..)) => true,
                    (Activity::Blocked(blocked), _) => match blocked.wait {
                        Wait::Message { from, .. } => self.mailbox.len() > from,
                        Wait::Code => true,
                        _ => false,
                    },
                    _ => false,
                }
    }

    /// Whether it runs an `on_load` function.
    pub(crate) fn runs_on_load(&self) -> bool {
        matches!(self.role, Role::OnLoad(..))
    }

    /// Whether it is a server that would handle any message at once.
    pub(crate) fn waits_for_anything(&self) -> bool {
        self.mailbox.is_empty()
            && self.code == Code::Ready
            && matches!(self.activity, Activity::Idle)
            && matches!(&self.role, Role::Server(server) if !server.suspended && !server.continues())
    }

    /// The place in the mailbox of the message that an idle server handles
    /// next: the first, or while it is suspended the first that it listens to
    /// even then (B1).
    pub(crate) fn next_for_server(&self, server: &Server) -> Option<usize> {
        if !server.suspended {
            return (!self.mailbox.is_empty()).then_some(0);
        }
        self.mailbox.iter().position(|message| match message.kind {
            Kind::System(..) => true,
            Kind::Exit => Some(message.from) == self.parent,
            _ => false,
        })
    }

    /// The versions that lie on its stack, where it has one (A5).
    pub(crate) fn stack(&self) -> impl Iterator<Item = &Version> {
        let bottom = match &self.activity {
            Activity::Blocked(blocked) => Some(&blocked.frame.version),
            _ => None,
        };
        let above = bottom.map_or(&[][..], |_| &self.called[..]);
        bottom.into_iter().chain(above)
    }
}

/// A message that tells a starter how its start went.
pub(crate) fn started(tag: Tag, from: Pid, result: StartResult, data: Payload) -> Signal {
    Signal::Message(Message {
        kind: Kind::Started(tag, result),
        from,
        data,
    })
}
