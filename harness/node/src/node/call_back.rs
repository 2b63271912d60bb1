//! Running a module's code: from an idle process into a callback, through its
//! traps, to its outcome.

use std::ffi::c_void;

use upheaval_module::abi::{Bytes, Call, Entry, answer, trap};
use upheaval_term::Term;

use crate::code::{Behaviour, ModuleId, Version};
use crate::coroutine::{Pause, Reply};
use crate::node::Node;
use crate::node::on_load::Called;
use crate::node::trap::Trapped;
use crate::observer::Event;
use crate::process::{Activity, Blocked, Callback, Ending, Frame, Process, Role, Start, started};
use crate::server::{Engine, LiveState, Next, Server, State, Told, call_with, job};
use crate::signal::{
    Carrier, Kind, Message, Payload, Pid, StartResult, Tag, atom, payload, reason, term,
};

impl Node {
    /// A new process runs for the first time: now its module is resolved (A7).
    pub(super) fn begin(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let activity = std::mem::replace(&mut process.activity, Activity::Running);
        let Activity::New(start) = activity else {
            return;
        };
        let Start {
            module,
            args,
            name,
            starter,
        } = start;
        if let Some(name) = name
            && !self.register_name(pid, &name)
        {
            let holder = self.names.get(&name).copied().unwrap_or(pid);
            self.acknowledge(pid, starter, StartResult::Error, already_started(holder));
            return self.exit(pid, &reason("normal"));
        }
        let version = match self.called_by(pid, module) {
            Called::Version(version) => Some(version),
            Called::Undefined => None,
            Called::Awaited => {
                return self.do_later(
                    pid,
                    Activity::New(Start {
                        module,
                        args,
                        // It has it by now.
                        name: None,
                        starter,
                    }),
                );
            }
        };
        let Some(version) = version.filter(|v| v.behaviour() != Behaviour::Library) else {
            let why = self.undefined(module);
            self.acknowledge(pid, starter, StartResult::Error, why.clone());
            return self.exit(pid, &why);
        };
        if version.behaviour() != Behaviour::Supervisor {
            self.enter(pid, &version);
        }
        match version.behaviour() {
            Behaviour::GenEvent => {
                if let Some(process) = self.process_mut(pid) {
                    let engine = Engine::Events(Box::default());
                    process.role = Role::Server(Server::new(module, engine));
                }
                self.manager_starts(pid, &version, &args, starter);
            }
            behaviour @ (Behaviour::GenServer | Behaviour::GenStatem | Behaviour::Special) => {
                if let Some(process) = self.process_mut(pid) {
                    let engine = match behaviour {
                        Behaviour::GenStatem => Engine::Statem(Box::default()),
                        Behaviour::Special => Engine::Special(None),
                        _ => Engine::GenServer,
                    };
                    process.role = Role::Server(Server::new(module, engine));
                }
                let call = Call {
                    data: Bytes::of(&args),
                    ..call_with(std::ptr::null_mut())
                };
                let entry = version.table().start;
                self.call_back(pid, version, entry, call, Callback::Init { starter });
            }
            Behaviour::Supervisor => self.begin_supervisor(pid, version.module(), &args, starter),
            Behaviour::Library => {}
            Behaviour::Process => {
                if let Some(process) = self.process_mut(pid) {
                    process.role = Role::Plain(module);
                }
                // A plain process has no `init` to wait for.
                self.acknowledge(pid, starter, StartResult::Ok, Payload::new());
                self.run_loop(pid, version, &args);
            }
        }
    }

    /// `{already_started,Pid}`, where a server is to be started under a name that
    /// somebody has: `gen` looks before it spawns. A plain process finds out itself.
    pub(super) fn already_started(
        &mut self,
        module: ModuleId,
        name: &str,
    ) -> Option<(Pid, Payload)> {
        let holder = *self.names.get(name)?;
        let current = self.called(module)?;
        (current.behaviour() != Behaviour::Process).then(|| (holder, already_started(holder)))
    }

    /// Tells whoever waits for a start how it went.
    pub(super) fn acknowledge(
        &mut self,
        pid: Pid,
        starter: Option<Tag>,
        result: StartResult,
        data: Payload,
    ) {
        let Some(tag) = starter else { return };
        match self.process(pid).and_then(|process| process.parent) {
            Some(parent) => self.signal(parent, started(tag, pid, result, data)),
            None => self.answer_outside(tag, pid, result, data),
        }
    }

    /// Notes that a process runs a version, if it did not before.
    pub(super) fn enter(&mut self, pid: Pid, version: &Version) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        if process.version.as_ref() != Some(version) {
            process.version = Some(version.clone());
            self.observer.observe(Event::Entered(pid, version));
        }
    }

    /// An idle server handles a message that was taken out of its mailbox.
    pub(super) fn serve(&mut self, pid: Pid, message: Message) {
        if let Kind::System(tag, _) = message.kind {
            self.serve_system(pid, tag, message);
            self.loop_on(pid);
            return self.wait_anew(pid);
        }
        // One look at the process: this is the path of every message.
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let Role::Server(server) = &mut process.role else {
            return;
        };
        if !matches!(server.next, Next::Message) {
            server.next = Next::Message;
            process.deadline = None;
        }
        server.told = Told::by(&message, pid);
        if matches!(message.kind, Kind::Exit) && process.parent == Some(message.from) {
            let why = match term(&message.data) {
                Term::Tuple(parts) => parts.into_iter().next_back(),
                _ => None,
            };
            let why = payload(&why.unwrap_or(Term::atom("undefined")));
            return self.terminate(pid, why, None);
        }
        match server.engine {
            Engine::GenServer | Engine::Special(_) => {}
            Engine::Statem(_) => return self.machine_takes(pid, message),
            Engine::Events(_) => return self.manager_takes(pid, message),
        }
        let Some((version, state)) = self.current_state(pid) else {
            return;
        };
        if let Kind::User(id, _) = message.kind {
            self.observer.observe(Event::Received {
                message: id,
                pid,
                version: Some(&version),
            });
        }
        let table = version.table();
        let converted;
        let (entry, data, callback) = match message.kind {
            Kind::User(id, Carrier::Call) => (
                table.handle_call,
                &message.data,
                Callback::Call {
                    tag: Tag::of(id),
                    from: message.from,
                },
            ),
            Kind::Outside(tag) => (
                table.handle_call,
                &message.data,
                Callback::Call {
                    tag,
                    from: Pid::OUTSIDE,
                },
            ),
            Kind::User(_, Carrier::Cast) => (table.handle_cast, &message.data, Callback::Message),
            _ => {
                converted = message.as_term();
                (table.handle_info, &converted, Callback::Message)
            }
        };
        let mut call = Call {
            data: Bytes::of(data),
            ..call_with(state)
        };
        if let Callback::Call { tag, from } = callback {
            call.from = from.number();
            call.reference = tag.0;
        }
        self.call_back(pid, version, entry, call, callback);
    }

    /// The version that a server's next callback runs in, with its state as
    /// that version's own value. Where the version has changed, the state
    /// crosses as a term; where it does not fit, the process crashes.
    pub(super) fn current_state(&mut self, pid: Pid) -> Option<(Version, *mut c_void)> {
        let Some(Process {
            role: Role::Server(server),
            ..
        }) = self.process(pid)
        else {
            return None;
        };
        let module = server.module;
        if let Some(current) = self.code.current(module)
            && let State::Live(live) = &server.state
            && live.version() == current
        {
            return Some((current.clone(), live.value()));
        }
        let Some(current) = self.called(module) else {
            let why = self.undefined(module);
            self.exit(pid, &why);
            return None;
        };
        let Some(Process {
            role: Role::Server(server),
            ..
        }) = self.process(pid)
        else {
            return None;
        };
        let dumped = server.state.dump();
        let old = server.state.version().cloned();
        let read = dumped.and_then(|bytes| match LiveState::read(&current, &bytes, pid) {
            Ok(live) => Ok(live),
            Err(why) => {
                if let Some(old) = &old {
                    self.observer.observe(Event::Unreadable {
                        pid,
                        from: old,
                        to: &current,
                        state: &bytes,
                    });
                }
                Err(why)
            }
        });
        match read {
            Ok(live) => {
                let value = live.value();
                self.set_state(pid, State::Live(live));
                self.enter(pid, &current);
                Some((current, value))
            }
            Err(why) => {
                let why = with_stack(&why, current.module(), "handle_call", 3);
                self.exit(pid, &why);
                None
            }
        }
    }

    pub(super) fn set_state(&mut self, pid: Pid, state: State) {
        if let Some(process) = self.process_mut(pid)
            && let Role::Server(server) = &mut process.role
        {
            server.state = state;
        }
    }

    /// Calls `terminate` if the state can be had, and exits.
    pub(super) fn terminate(
        &mut self,
        pid: Pid,
        reason: Payload,
        reply: Option<(Pid, Tag, Payload)>,
    ) {
        let told = reason.clone();
        self.terminate_with(pid, &told, Ending { reason, reply });
    }

    /// Calls `terminate` with another reason than the one that it exits with: without
    /// its stack.
    pub(super) fn terminate_telling(&mut self, pid: Pid, told: Payload, reason: Payload) {
        let ending = Ending {
            reason,
            reply: None,
        };
        self.terminate_with(pid, &told, ending);
    }

    fn terminate_with(&mut self, pid: Pid, told: &[u8], ending: Ending) {
        if self.manager(pid).is_some() {
            return self.stop_manager(pid, ending.reason);
        }
        // Whether there is a `terminate` is asked without loading anything.
        if self
            .server_module(pid)
            .is_some_and(|module| self.code.current(module).is_none())
        {
            let Ending { reason, reply } = ending;
            if let Some((to, tag, data)) = reply {
                self.reply(pid, to, tag, data);
            }
            return self.exit(pid, &reason);
        }
        let Some((version, state)) = self.current_state(pid) else {
            return;
        };
        let call = Call {
            data: Bytes::of(told),
            ..call_with(state)
        };
        let entry = version.table().terminate;
        let callback = Callback::Terminate(Box::new(ending));
        self.call_back(pid, version, entry, call, callback);
    }

    /// Runs an entry for a process until it blocks or is done. What `call`
    /// points to must live until this returns.
    pub(super) fn call_back(
        &mut self,
        pid: Pid,
        version: Version,
        entry: Entry,
        call: Call,
        callback: Callback,
    ) {
        if let Some(process) = self.process_mut(pid) {
            process.activity = Activity::Running;
        }
        let pause = self.stacks.run(job(entry, pid, call));
        self.carry_on(pid, Frame { version, callback }, pause);
    }

    /// Wakes a blocked process with the answer to its trap.
    pub(super) fn resume(&mut self, pid: Pid, status: u32, data: Payload, reply: Reply<'_>) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        process.deadline = None;
        match std::mem::replace(&mut process.activity, Activity::Running) {
            Activity::Blocked(blocked) => {
                let Blocked { waiting, frame, .. } = blocked;
                let pause = waiting.resume(
                    status,
                    Reply {
                        data: &data,
                        ..reply
                    },
                );
                self.carry_on(pid, frame, pause);
            }
            other => process.activity = other,
        }
    }

    pub(super) fn carry_on(&mut self, pid: Pid, frame: Frame, mut pause: Pause) {
        loop {
            match pause {
                Pause::Done(returned) => {
                    self.settle_receive(pid, &frame);
                    return self.finish(pid, frame, returned);
                }
                Pause::Trap(waiting) => {
                    if waiting.op() != trap::RECEIVE_NEXT {
                        self.settle_receive(pid, &frame);
                    }
                    match self.trapped(pid, &frame, &waiting) {
                        Trapped::Answer {
                            status,
                            data,
                            reply,
                        } => {
                            pause = waiting.resume(
                                status,
                                Reply {
                                    data: &data,
                                    ..reply
                                },
                            );
                        }
                        Trapped::Show(place) => {
                            let data = self.show(pid, place);
                            let reply = Reply {
                                data: &data,
                                ..Reply::default()
                            };
                            pause = waiting.resume(answer::OK, reply);
                        }
                        Trapped::Block(wait) => {
                            if let Some(process) = self.process_mut(pid) {
                                process.activity = Activity::Blocked(Blocked {
                                    waiting,
                                    wait,
                                    frame,
                                });
                            }
                            return;
                        }
                    }
                }
            }
        }
    }

    /// The reason of a process whose module is not there.
    pub(super) fn undefined(&self, module: ModuleId) -> Payload {
        let undef = payload(&Term::atom("undef"));
        with_stack(&undef, self.code.name(module), "init", 1)
    }
}

/// `{already_started,Pid}`.
fn already_started(holder: Pid) -> Payload {
    payload(&Term::tuple([
        Term::atom("already_started"),
        Term::Pid(holder.term()),
    ]))
}

/// `{Error, Stack}`: the exit reason of a process that raised an error.
pub(super) fn with_stack(
    error: &[u8],
    module: &str,
    function: &'static str,
    arity: i64,
) -> Payload {
    // What a request does not fit is told where Erlang tells the line.
    let (error, location) = match term(error) {
        Term::Tuple(parts)
            if parts.len() == 2
                && parts[0].is_atom("function_clause")
                && parts[1].as_binary().is_some() =>
        {
            let what = Term::tuple([Term::atom("what"), parts[1].clone()]);
            (parts[0].clone(), vec![what])
        }
        error => (error, Vec::new()),
    };
    let frame = Term::tuple([
        atom(module),
        Term::atom(function),
        Term::Int(arity),
        Term::List(location),
    ]);
    payload(&Term::tuple([error, Term::list([frame])]))
}
