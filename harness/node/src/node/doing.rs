//! What a process is doing, for whoever wants to know how much was tried.

use crate::code::{Behaviour, ModuleId};
use crate::node::Node;
use crate::node::kernel::Timer;
use crate::process::{Activity, Callback, Deadline, Process, Role, Wait};
use crate::server::{Engine, Next, Server};
use crate::signal::{Kind, Pid, Signal};
use crate::supervisor;

/// What a process is doing at this moment. Several may hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doing {
    /// What it is.
    pub behaviour: Behaviour,
    /// It has not run yet, or its `init` has not returned.
    pub starts: bool,
    /// It is suspended.
    pub suspended: bool,
    /// It is in the middle of a callback, or between two that one message led to.
    pub in_callback: bool,
    /// It waits for the answer to a call.
    pub in_call: bool,
    /// It hibernates.
    pub hibernates: bool,
    /// A timer of its own runs.
    pub has_timer: bool,
    /// Old code lies on its stack (A5).
    pub lingers: bool,
}

impl Node {
    /// What a process is doing; none for clients, for what has ended, and for what runs no
    /// module that is there.
    pub fn doing(&self, pid: Pid) -> Option<Doing> {
        let process = self.process(pid)?;
        let behaviour = self.behaviour(process)?;
        let server = match &process.role {
            Role::Server(server) => Some(server),
            _ => None,
        };
        let callback = match &process.activity {
            Activity::Blocked(blocked) => Some(&blocked.frame.callback),
            _ => None,
        };
        let in_call = matches!(&process.activity,
            Activity::Blocked(blocked) if matches!(blocked.wait, Wait::Reply(_)));
        let starts = matches!(process.activity, Activity::New(_))
            || matches!(callback, Some(Callback::Init { .. }));
        let is_in_loop = matches!(
            callback,
            None | Some(Callback::Loop | Callback::Init { .. })
        );
        let goes_on = server.is_some_and(Server::continues);
        Some(Doing {
            behaviour,
            starts,
            suspended: server.is_some_and(|server| server.suspended),
            in_callback: !in_call && (!is_in_loop || goes_on),
            in_call,
            hibernates: matches!(process.activity, Activity::Hibernating(_))
                || server.is_some_and(Server::hibernates),
            has_timer: self.has_timer(process, server),
            lingers: process
                .stack()
                .any(|version| self.code.old(version.module_id()) == Some(version)),
        })
    }

    /// The processes that run a module, in the order of their spawning.
    pub fn running<'a>(&'a self, module: &str) -> impl Iterator<Item = Pid> + use<'a> {
        let module = self.code.known(module);
        let processes = self.processes.iter().flatten();
        let running = processes.filter(move |process| {
            module.is_some_and(|module| self.module_of(process) == Some(module))
        });
        running.map(|process| process.pid)
    }

    /// The name of the module that a process runs.
    pub fn module_name(&self, pid: Pid) -> Option<&str> {
        let module = self.module_of(self.process(pid)?)?;
        Some(self.code.name(module))
    }

    /// The behaviour of a module, as it is now.
    pub fn behaviour_of(&self, module: &str) -> Option<Behaviour> {
        let current = self.code.current(self.code.known(module)?)?;
        Some(current.behaviour())
    }

    /// Whether a supervisor is about to start a child again: it has yet to hear of an end,
    /// or waits for a start.
    pub fn restarts(&self, supervisor: Pid) -> bool {
        let Some(process) = self.process(supervisor) else {
            return false;
        };
        let hears = |signal: &Signal| matches!(signal, Signal::Exit { .. });
        let waits = matches!(&process.activity,
            Activity::Blocked(blocked) if matches!(blocked.wait, Wait::Started { .. }));
        let heard = process.mailbox.iter();
        waits
            || process.inbox.iter().any(hears)
            || heard
                .into_iter()
                .any(|message| matches!(message.kind, Kind::Exit))
    }

    fn module_of(&self, process: &Process) -> Option<ModuleId> {
        match (&process.role, &process.activity) {
            (Role::Server(server), _) => Some(server.module),
            (Role::Plain(module), _) => Some(*module),
            (_, Activity::New(start)) => Some(start.module),
            _ => None,
        }
    }

    fn behaviour(&self, process: &Process) -> Option<Behaviour> {
        match &process.role {
            Role::Server(server) => Some(match server.engine {
                Engine::GenServer if self.code.name(server.module) == supervisor::MODULE => {
                    Behaviour::Supervisor
                }
                Engine::GenServer => Behaviour::GenServer,
                Engine::Statem(_) => Behaviour::GenStatem,
                Engine::Events(_) => Behaviour::GenEvent,
                Engine::Special(_) => Behaviour::Special,
            }),
            Role::Plain(_) => Some(Behaviour::Process),
            Role::Client(_) | Role::OnLoad(..) => None,
            Role::Unknown => {
                let module = self.module_of(process)?;
                let behaviour = self.code.current(module)?.behaviour();
                (behaviour != Behaviour::Library).then_some(behaviour)
            }
        }
    }

    fn has_timer(&self, process: &Process, server: Option<&Server>) -> bool {
        let waits = match &process.activity {
            Activity::Blocked(blocked) => {
                matches!(blocked.wait, Wait::Message { .. })
                    && matches!(blocked.frame.callback, Callback::Loop)
            }
            _ => matches!(server, Some(server) if matches!(server.next, Next::Timeout(_))),
        };
        let of_machine = match server.map(|server| &server.engine) {
            Some(Engine::Statem(machine)) => !machine.timers.is_empty(),
            _ => false,
        };
        let owns = |timer: &Timer| match timer {
            Timer::Send { owner, .. } | Timer::Machine { owner, .. } => *owner == process.pid,
        };
        // One at the end of all time never comes.
        let deadline = process.deadline.filter(|d| d.at != Deadline::SIGNALLED);
        waits && deadline.is_some() || of_machine || self.timers.values().any(owns)
    }
}
