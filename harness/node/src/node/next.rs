//! What a server does before the next message: a timeout, or a continue.

use upheaval_module::abi::{Bytes, Call, next};
use upheaval_term::Term;

use crate::code::ModuleId;
use crate::node::Node;
use crate::process::{Activity, Callback, Process, Role};
use crate::server::{Engine, Next, Server, Told, call_with};
use crate::signal::{Payload, Pid, payload};

impl Node {
    /// Notes what a callback wants to happen next.
    #[inline]
    pub(super) fn set_next(&mut self, pid: Pid, kind: u32, ms: u64, what: &[u8]) {
        if kind == next::NOTHING {
            return;
        }
        let next = match kind {
            next::TIMEOUT => Next::Timeout(ms),
            next::CONTINUE => Next::Continue(Box::new(Payload::from_slice(what))),
            next::HIBERNATE => Next::Hibernate,
            _ => Next::Message,
        };
        if let Some((_, server)) = self.server(pid) {
            server.next = next;
        }
        self.wait_anew(pid);
    }

    /// A server takes a message, so its timeout does not come.
    #[inline]
    pub(super) fn end_wait(&mut self, pid: Pid) {
        if let Some((deadline, server)) = self.server(pid)
            && server.next != Next::Message
        {
            server.next = Next::Message;
            *deadline = None;
        }
    }

    /// A server waits for its timeout from the beginning; while it is suspended it
    /// does not (B9).
    pub(super) fn wait_anew(&mut self, pid: Pid) {
        let Some((deadline, server)) = self.server(pid) else {
            return;
        };
        let Next::Timeout(ms) = server.next else {
            return;
        };
        *deadline = None;
        if ms > 0 && !server.suspended {
            self.set_deadline(pid, ms);
        }
    }

    /// A process has been asked for its state, as far as that shows: an idle server's
    /// timeout starts anew (B9).
    pub fn was_asked(&mut self, pid: Pid) {
        let is_idle = self
            .process(pid)
            .is_some_and(|process| matches!(process.activity, Activity::Idle));
        if is_idle {
            self.wait_anew(pid);
        }
    }

    /// A server has waited long enough: it is told `timeout`, unless there is a
    /// message by now.
    pub(super) fn server_times_out(&mut self, pid: Pid) {
        let is_waiting = self.process(pid).is_some_and(Process::waits_for_anything);
        if is_waiting {
            self.end_wait(pid);
            if let Some((_, server)) = self.server(pid) {
                server.told = Told::Other;
            }
            let timeout = payload(&Term::atom("timeout"));
            self.tell_server(pid, &timeout, false);
        }
    }

    /// A server does what comes before its mailbox: `handle_continue`, or what a
    /// machine has to do.
    pub(super) fn continue_server(&mut self, pid: Pid) {
        let Some((_, server)) = self.server(pid) else {
            return;
        };
        match server.engine {
            Engine::Statem(_) => return self.machine_goes_on(pid),
            Engine::Events(_) => return self.manager_goes_on(pid),
            Engine::GenServer | Engine::Special(_) => {}
        }
        if let Next::Continue(what) = std::mem::replace(&mut server.next, Next::Message) {
            self.tell_server(pid, &what, true);
        }
    }

    /// Calls a server back with something that is no message of anybody.
    fn tell_server(&mut self, pid: Pid, what: &[u8], continues: bool) {
        let Some((version, state)) = self.current_state(pid) else {
            return;
        };
        let table = version.table();
        let entry = match continues {
            true => table.handle_continue,
            false => table.handle_info,
        };
        let call = Call {
            data: Bytes::of(what),
            ..call_with(state)
        };
        self.call_back(pid, version, entry, call, Callback::Message);
    }

    /// The module that a server was started with.
    pub(super) fn server_module(&self, pid: Pid) -> Option<ModuleId> {
        match &self.process(pid)?.role {
            Role::Server(server) => Some(server.module),
            _ => None,
        }
    }

    /// A server, and the end of its wait.
    fn server(&mut self, pid: Pid) -> Option<(&mut Option<crate::process::Deadline>, &mut Server)> {
        match self.process_mut(pid)? {
            Process {
                role: Role::Server(server),
                deadline,
                ..
            } => Some((deadline, server)),
            _ => None,
        }
    }
}
