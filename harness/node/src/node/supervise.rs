//! Supervisors and their callback modules.

use upheaval_module::abi::{Bytes, Call, answer, outcome};
use upheaval_term::Term;

use crate::code::{Behaviour, ModuleId, Version};
use crate::coroutine::run_aside;
use crate::node::Node;
use crate::node::call_back::with_stack;
use crate::node::sys::exit_of;
use crate::observer::Event;
use crate::process::{Callback, Conversion, Role};
use crate::server::{Engine, Server, call_with, job};
use crate::signal::{Payload, Pid, Tag, payload, reason};
use crate::supervisor;

impl Node {
    /// Whether a module is, as it is now, the callback module of a supervisor.
    pub(super) fn is_supervisor(&self, module: ModuleId) -> bool {
        let current = self.code.current(module);
        current.is_some_and(|version| version.behaviour() == Behaviour::Supervisor)
    }

    /// A process that was spawned to run a supervisor's callback module runs
    /// `supervisor`, which asks that module.
    pub(super) fn begin_supervisor(
        &mut self,
        pid: Pid,
        callback: &str,
        args: &[u8],
        starter: Option<Tag>,
    ) {
        let module = self.code.id(supervisor::MODULE);
        let Some(version) = self.code.current(module).cloned() else {
            return;
        };
        if let Some(process) = self.process_mut(pid) {
            process.role = Role::Server(Server::new(module, Engine::GenServer));
        }
        self.enter(pid, &version);
        let data = supervisor::start_args(callback, args);
        let call = Call {
            data: Bytes::of(&data),
            ..call_with(std::ptr::null_mut())
        };
        let entry = version.table().start;
        self.call_back(pid, version, entry, call, Callback::Init { starter });
    }

    /// `Module:init(Args)`, in the version that is current (A7).
    ///
    /// # Errors
    /// What it raised, with the status of the answer that raises it again.
    pub(super) fn supervisor_init(
        &mut self,
        pid: Pid,
        module: ModuleId,
        args: &[u8],
    ) -> Result<Payload, (u32, Payload)> {
        let current = self.called(module);
        let Some(version) = current.filter(|v| v.behaviour() == Behaviour::Supervisor) else {
            return Err((answer::ERROR, payload(&Term::atom("undef"))));
        };
        let call = Call {
            data: Bytes::of(args),
            ..call_with(std::ptr::null_mut())
        };
        // It has nothing to ask of the node, so it needs no stack.
        let returned = run_aside(job(version.table().start, pid, call));
        match returned.kind {
            outcome::TERM => {
                self.observer.observe(Event::Supervises {
                    pid,
                    by: &version,
                    given: &returned.data,
                });
                Ok(returned.data)
            }
            outcome::EXIT => Err((answer::EXIT, returned.data)),
            outcome::THROW => Err((answer::THROW, returned.data)),
            _ => Err((answer::ERROR, returned.data)),
        }
    }

    /// `supervisor:code_change`: its callback module's `init` is asked again, and what
    /// it gives now takes the place of what it gave before (B13).
    pub(super) fn change_supervisor(
        &mut self,
        pid: Pid,
        supervisor: Version,
        change: SupervisorChange,
    ) {
        let SupervisorChange {
            tag,
            from,
            vsn,
            down,
            before,
        } = change;
        let Some((callback, args)) = supervisor::callback_of(&before) else {
            // Its state was replaced by something that is none.
            let why = with_stack(
                &reason("function_clause"),
                supervisor::MODULE,
                "code_change",
                3,
            );
            return self.answer_system(from, tag, Err(exit_of(&why)));
        };
        let module = self.code.id(callback.as_str());
        let by = self.code.current(module);
        let by = by.map_or_else(String::new, |version| version.vsn().to_owned());
        let (old, new) = if down { (by, vsn) } else { (vsn, by) };
        let conversion = Box::new(Conversion {
            tag,
            from,
            before: reason(supervisor::MODULE),
            old,
            new,
            callback: Some(callback.as_str().into()),
        });
        let given = match self.supervisor_init(pid, module, &args) {
            Ok(given) => given,
            Err((status, raised)) => {
                let why = match status {
                    answer::THROW => raised,
                    answer::ERROR => exit_of(&with_stack(&raised, callback.as_str(), "init", 1)),
                    _ => exit_of(&raised),
                };
                return self.conversion_is_over(pid, &conversion, supervisor, Err(why));
            }
        };
        let call = Call {
            data: Bytes::of(&before),
            extra: Bytes::of(&given),
            ..call_with(std::ptr::null_mut())
        };
        let entry = supervisor.table().code_change;
        self.call_back(
            pid,
            supervisor,
            entry,
            call,
            Callback::CodeChange(conversion),
        );
    }
}

/// A change of code that a supervisor was asked for.
pub(super) struct SupervisorChange {
    pub(super) tag: Tag,
    pub(super) from: Pid,
    pub(super) vsn: String,
    pub(super) down: bool,
    /// Its state.
    pub(super) before: Payload,
}
