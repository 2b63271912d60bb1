//! Special processes: loops that hand system messages to `sys`.

use crate::code::Version;
use crate::node::Node;
use crate::process::{Activity, Process, Role};
use crate::server::{Engine, State};
use crate::signal::{Kind, Payload, Pid};

impl Node {
    /// A special process has taken a system message, and hands it to `sys`: from here
    /// on it waits there, without a stack in its own code, until it is resumed.
    pub(super) fn hand_to_sys(&mut self, pid: Pid, version: Version, state: Payload) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let Role::Server(server) = &mut process.role else {
            return;
        };
        let Engine::Special(taken) = &mut server.engine else {
            return;
        };
        let taken = taken.take();
        server.state = State::Term(version, state);
        match taken.map(|message| *message) {
            Some(message) => match message.kind {
                Kind::System(tag, _) => {
                    self.serve_system(pid, tag, message);
                    self.loop_on(pid);
                }
                _ => self.loop_on(pid),
            },
            None => self.loop_on(pid),
        }
    }

    /// `system_continue`: a special process that is not suspended goes on with its
    /// loop, in the version that is current when it gets there (A7).
    pub(super) fn loop_on(&mut self, pid: Pid) {
        let Some(Process {
            role: Role::Server(server),
            activity,
            ..
        }) = self.process_mut(pid)
        else {
            return;
        };
        if !matches!(server.engine, Engine::Special(_))
            || !matches!(activity, Activity::Idle)
            || server.suspended
        {
            return;
        }
        match std::mem::replace(&mut server.state, State::None).dump() {
            Ok(state) => *activity = Activity::Looping(state),
            Err(why) => self.exit(pid, &why),
        }
    }
}
