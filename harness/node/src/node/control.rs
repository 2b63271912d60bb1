//! The node's controls, for whoever drives it from outside.

use std::rc::Rc;

use upheaval_term::Term;

use crate::node::Node;
use crate::node::kernel::Asked;
use crate::observer::{Answer, Event};
use crate::process::{Activity, Code, Role, Start};
use crate::server::Engine;
use crate::signal::{
    Carrier, Kind, Message, Payload, Pid, Signal, StartResult, SystemRequest, Tag, payload, reason,
};
use crate::supervisor;
use crate::{ChildSpec, Flags};

/// How something ended that was asked for from outside. Bytes are terms in the
/// external format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A system message was answered: with `ok`, or the state.
    Ok(Vec<u8>),
    /// It was answered with an error, this one.
    Error(Vec<u8>),
    /// The function that was to be run for it raised this error (B12).
    Raised(Vec<u8>),
    /// The process is not there, or ended before it answered.
    Down(Vec<u8>),
    /// A process has started.
    Started(Pid),
    /// A process was started, and its `init` gave `ignore`.
    Ignored,
}

/// How a process is, at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The process.
    pub pid: Pid,
    /// The name it is registered under.
    pub name: Option<String>,
    /// The module and version that it runs: for a server between callbacks, the
    /// one that its next callback will run in (A7), if one is current; else the one it
    /// is in.
    pub version: Option<(&'static str, &'static str)>,
    /// Messages that it has not taken, or has postponed.
    pub queued: usize,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it has a stack: it waits inside a callback or a receive.
    pub blocked: bool,
    /// Whether it is frozen: then nothing is said of whether it is suspended
    /// or blocked, and of what it has postponed.
    pub frozen: bool,
    /// Whether its stack lies in old code.
    pub lingering: bool,
}

impl Node {
    /// `spawn(Module, …, [Args])`: resolved when it first runs (A7).
    pub fn spawn(&mut self, module: &str, args: &Term) -> Pid {
        let module = self.code.id(module);
        self.spawn_module(
            None,
            Start {
                module,
                args: payload(args),
                name: None,
                starter: None,
            },
        )
    }

    /// `Module:start({local,Name}, …)`, not linked to anybody. How it went is
    /// [taken](Node::take) by the tag.
    pub fn start(&mut self, name: &str, module: &str, args: &Term) -> (Pid, Tag) {
        let tag = self.new_tag();
        let module = self.code.id(module);
        if let Some((holder, why)) = self.already_started(module, name) {
            self.expect(tag, holder);
            self.answer(tag, Outcome::Error(why.to_vec()));
            return (holder, tag);
        }
        let pid = self.spawn_module(
            None,
            Start {
                module,
                args: payload(args),
                name: Some(Rc::from(name)),
                starter: Some(tag),
            },
        );
        if let Some(process) = self.process_mut(pid) {
            process.watchers.push((tag, Pid::OUTSIDE));
        }
        self.expect(tag, pid);
        (pid, tag)
    }

    /// Starts a supervisor under a name, and with it its children.
    pub fn start_supervisor(
        &mut self,
        name: &str,
        flags: &Flags,
        specs: &[ChildSpec],
    ) -> (Pid, Tag) {
        self.start(name, supervisor::GIVEN, &supervisor::given(flags, specs))
    }

    /// Sends a system message; the answer is [taken](Node::take) by the tag.
    pub fn system(&mut self, to: Pid, request: SystemRequest) -> Tag {
        let tag = self.monitor(to);
        self.signal(
            to,
            Signal::Message(Message {
                kind: Kind::System(tag, Box::new(request)),
                from: Pid::OUTSIDE,
                data: Payload::new(),
            }),
        );
        tag
    }

    /// `gen_server:call` from outside, which the observer is told of as of any other;
    /// the answer is [taken](Node::take) by the tag.
    pub fn call(&mut self, to: Pid, request: &Term) -> Tag {
        let id = self.send_user(Pid::OUTSIDE, Some(to), Carrier::Call, payload(request));
        let tag = Tag::of(id);
        self.watch_from_outside(to, tag);
        tag
    }

    /// The same, for a look at a server that is no part of what happens: the observer
    /// is not told.
    pub fn ask(&mut self, to: Pid, request: &Term) -> Tag {
        let tag = self.monitor(to);
        self.signal(
            to,
            Signal::Message(Message {
                kind: Kind::Outside(tag),
                from: Pid::OUTSIDE,
                data: payload(request),
            }),
        );
        tag
    }

    /// Monitors a process from outside: its end is [taken](Node::take) by the tag.
    pub fn monitor(&mut self, pid: Pid) -> Tag {
        let tag = self.new_tag();
        self.watch_from_outside(pid, tag);
        tag
    }

    fn watch_from_outside(&mut self, pid: Pid, tag: Tag) {
        self.expect(tag, pid);
        match self.process_mut(pid) {
            Some(process) => process.watchers.push((tag, Pid::OUTSIDE)),
            None => self.outside_is_answered(tag, Outcome::Down(reason("noproc").to_vec())),
        }
    }

    /// What was asked for from outside has its answer; where that was a call, the
    /// observer is told.
    pub(super) fn outside_is_answered(&mut self, tag: Tag, outcome: Outcome) {
        let is_first = (self.outside.get(&tag)).is_some_and(|asked| asked.outcome.is_none());
        if let Some(id) = tag.message().filter(|_| is_first) {
            match &outcome {
                Outcome::Ok(reply) => self
                    .observer
                    .observe(Event::Answered(id, Answer::Reply(reply))),
                Outcome::Down(why) => self
                    .observer
                    .observe(Event::Answered(id, Answer::Exit(why))),
                _ => {}
            }
        }
        self.answer(tag, outcome);
    }

    pub(super) fn expect(&mut self, tag: Tag, of: Pid) {
        self.outside.insert(tag, Asked { of, outcome: None });
    }

    /// Keeps the answer for whoever drives the node. The first one counts, and one
    /// that nobody waits for any more is dropped.
    pub(super) fn answer(&mut self, tag: Tag, outcome: Outcome) {
        if let Some(asked) = self.outside.get_mut(&tag) {
            asked.outcome.get_or_insert(outcome);
        }
    }

    /// Takes the answer to what was asked for under a tag, once it has come.
    pub fn take(&mut self, tag: Tag) -> Option<Outcome> {
        let outcome = self.outside.get_mut(&tag)?.outcome.take()?;
        self.stop_waiting(tag);
        Some(outcome)
    }

    /// Gives up waiting for an answer. What was asked for may still happen (B5).
    pub fn forget(&mut self, tag: Tag) {
        let is_open = (self.outside.get(&tag)).is_some_and(|asked| asked.outcome.is_none());
        if let Some(id) = tag.message().filter(|_| is_open) {
            self.observer.observe(Event::Answered(id, Answer::Timeout));
        }
        self.stop_waiting(tag);
    }

    fn stop_waiting(&mut self, tag: Tag) {
        let asked = self.outside.remove(&tag);
        if let Some(process) = asked.and_then(|asked| self.process_mut(asked.of)) {
            process.watchers.retain(|(t, _)| *t != tag);
        }
    }

    /// `exit(Pid, Reason)` from outside.
    pub fn exit_signal(&mut self, pid: Pid, reason: &Term) {
        self.signal(
            pid,
            Signal::Exit {
                from: Pid::OUTSIDE,
                reason: payload(reason),
                linked: false,
            },
        );
    }

    /// `whereis(Name)`.
    pub fn whereis(&self, name: &str) -> Option<Pid> {
        self.names.get(name).copied()
    }

    /// `is_process_alive(Pid)`.
    pub fn is_alive(&self, pid: Pid) -> bool {
        self.process(pid).is_some()
    }

    /// All processes that are alive, in the order of their spawning.
    pub fn alive(&self) -> impl Iterator<Item = Pid> {
        (self.processes.iter().flatten())
            .filter(|process| !process.runs_on_load())
            .map(|process| process.pid)
    }

    /// The state of a process, without its noticing: where it is a server between callbacks,
    /// and not frozen.
    pub fn state(&self, pid: Pid) -> Option<Vec<u8>> {
        let process = self.process(pid)?;
        let Role::Server(server) = &process.role else {
            return None;
        };
        let idle = matches!(process.activity, Activity::Idle) && process.code != Code::Awaited;
        if !idle || process.frozen || !server.is_initialised() {
            return None;
        }
        self.dumped(pid).ok().map(|state| state.to_vec())
    }

    /// Looks at a process, without its noticing.
    pub fn inspect(&self, pid: Pid) -> Option<Inspection> {
        let process = self.process(pid)?;
        let server = match &process.role {
            Role::Server(server) => Some(server),
            _ => None,
        };
        // In OTP it waits inside a call of the code server, and has taken the message that
        // it will handle.
        let awaits_code = process.code == Code::Awaited;
        let is_server_at_rest = matches!(process.activity, Activity::Idle);
        let taken = usize::from(awaits_code && is_server_at_rest && !process.mailbox.is_empty());
        let idle = is_server_at_rest && !awaits_code;
        let frozen = process.frozen;
        let postponed = match server.map(|server| &server.engine) {
            Some(Engine::Statem(machine)) if !frozen => machine.postponed.len(),
            _ => 0,
        };
        let on_the_way = match frozen {
            true => process.messages_on_the_way(),
            false => process.inbox.len(),
        };
        let lingering = process
            .stack()
            .any(|version| self.code.old(version.module_id()) == Some(version));
        Some(Inspection {
            pid,
            name: process.name.as_deref().map(str::to_owned),
            version: match server.filter(|_| idle) {
                Some(server) => self.code.current(server.module),
                None => process.version.as_ref(),
            }
            .map(|version| (version.module(), version.vsn())),
            queued: process.mailbox.len() + on_the_way + postponed - taken,
            suspended: !frozen && server.is_some_and(|server| server.suspended),
            blocked: !frozen && (awaits_code || process.stack().next().is_some()),
            frozen,
            lingering,
        })
    }

    pub(super) fn answer_outside(
        &mut self,
        tag: Tag,
        pid: Pid,
        result: StartResult,
        data: Payload,
    ) {
        let outcome = match result {
            StartResult::Ok => Outcome::Started(pid),
            StartResult::Ignore => Outcome::Ignored,
            StartResult::Error => Outcome::Error(data.to_vec()),
        };
        self.answer(tag, outcome);
    }
}
