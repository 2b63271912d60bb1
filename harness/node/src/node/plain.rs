//! Plain processes: a loop, and a receive that blocks.

use upheaval_module::abi::{Bytes, Call, answer};

use crate::code::Version;
use crate::coroutine::Reply;
use crate::node::Node;
use crate::node::on_load::Called;
use crate::observer::Event;
use crate::process::{Activity, Blocked, Callback, Frame, Role, Wait};
use crate::server::{Engine, call_with};
use crate::signal::{Carrier, Kind, Payload, Pid};

impl Node {
    /// A plain process goes on with a qualified call of its loop: in the
    /// version that is current now (A7, A8).
    pub(super) fn loop_again(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let module = match &process.role {
            Role::Plain(module) => *module,
            Role::Server(server) => server.module,
            _ => return,
        };
        let (Activity::Looping(args) | Activity::Hibernating(args)) =
            std::mem::replace(&mut process.activity, Activity::Running)
        else {
            return;
        };
        let version = match self.called_by(pid, module) {
            Called::Version(version) => version,
            Called::Undefined => {
                let why = self.undefined(module);
                return self.exit(pid, &why);
            }
            Called::Awaited => return self.do_later(pid, Activity::Looping(args)),
        };
        self.enter(pid, &version);
        self.run_loop(pid, version, &args);
    }

    pub(super) fn run_loop(&mut self, pid: Pid, version: Version, args: &[u8]) {
        let call = Call {
            data: Bytes::of(args),
            ..call_with(std::ptr::null_mut())
        };
        let entry = version.table().run;
        self.call_back(pid, version, entry, call, Callback::Loop);
    }

    /// Shows a process that waits in a receive the next message of its mailbox.
    pub(super) fn offer(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let Activity::Blocked(blocked) =
            std::mem::replace(&mut process.activity, Activity::Running)
        else {
            return;
        };
        let Blocked {
            waiting,
            wait,
            frame,
        } = blocked;
        let Wait::Message {
            from: place,
            special,
        } = wait
        else {
            return;
        };
        process.shown = Some(place);
        let message = &process.mailbox[place];
        let converted;
        let data = match message.kind {
            Kind::User(_, Carrier::Info) => &message.data,
            _ => {
                converted = message.as_term();
                &converted
            }
        };
        let status = match message.kind {
            Kind::System(..) if special => answer::SYSTEM,
            _ => answer::OK,
        };
        let pause = waiting.resume(
            status,
            Reply {
                data,
                ..Reply::default()
            },
        );
        self.carry_on(pid, frame, pause);
    }

    /// Shows a process a message of its mailbox, which stays there until it is known
    /// whether it was taken.
    pub(super) fn show(&mut self, pid: Pid, place: usize) -> Payload {
        let Some(process) = self.process_mut(pid) else {
            return Payload::new();
        };
        process.shown = Some(place);
        process.mailbox[place].as_term()
    }

    /// A message that was shown and not passed over has been taken.
    pub(super) fn settle_receive(&mut self, pid: Pid, frame: &Frame) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let Some(place) = process.shown.take() else {
            return;
        };
        process.deadline = None;
        let Some(message) = process.mailbox.remove(place) else {
            return;
        };
        match message.kind {
            Kind::User(message, _) => self.observer.observe(Event::Received {
                message,
                pid,
                version: Some(&frame.version),
            }),
            Kind::System(..) => {
                if let Role::Server(server) = &mut process.role
                    && let Engine::Special(taken) = &mut server.engine
                {
                    *taken = Some(Box::new(message));
                }
            }
            _ => {}
        }
    }
}
