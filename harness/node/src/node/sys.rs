//! System messages, as `sys` and `gen_server` handle them.

use upheaval_module::abi::{Bytes, Call, outcome};
use upheaval_term::Term;

use crate::code::Version;
use crate::coroutine::Returned;
use crate::node::call_back::with_stack;
use crate::node::events::Change;
use crate::node::supervise::SupervisorChange;
use crate::node::{Node, Outcome};
use crate::observer::Event;
use crate::process::{Callback, Conversion, Process, Role};
use crate::server::{Engine, State, call_with};
use crate::signal::{Kind, Message, Payload, Pid, SystemRequest, Tag, payload, reason, term};
use crate::supervisor;

impl Node {
    /// A server handles a system message that it took out of its mailbox.
    pub(super) fn serve_system(&mut self, pid: Pid, tag: Tag, message: Message) {
        let Message {
            kind: Kind::System(_, request),
            from,
            ..
        } = message
        else {
            return;
        };
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let Role::Server(server) = &mut process.role else {
            return;
        };
        let was_suspended = server.suspended;
        let answer = match *request {
            // Idempotent, and not counted (B4).
            SystemRequest::Suspend => {
                server.suspended = true;
                self.observer.observe(Event::Suspended(pid));
                Ok(reason("ok"))
            }
            SystemRequest::Resume => {
                server.suspended = false;
                self.observer.observe(Event::Resumed(pid));
                Ok(reason("ok"))
            }
            SystemRequest::GetState => self.dumped(pid),
            SystemRequest::ReplaceState(Ok(state)) => {
                if self.manager(pid).is_some() {
                    self.replace_handlers(pid, &state);
                    let answer = self.dumped(pid);
                    return self.answer_system(from, tag, answer);
                }
                let state = payload(&state);
                let Some(Process {
                    role: Role::Server(server),
                    ..
                }) = self.process_mut(pid)
                else {
                    return;
                };
                if let Some(version) = server.state.version().cloned() {
                    server.state = State::Term(version, state.clone());
                }
                Ok(state)
            }
            // What the function raises, it raises here; the caller raises it again
            // (B12).
            SystemRequest::ReplaceState(Err(_)) if self.manager(pid).is_some() => self.dumped(pid),
            SystemRequest::ReplaceState(Err(why)) => {
                return self.answer_raised(from, tag, callback_failed(why));
            }
            SystemRequest::GetStatus => self.status(pid, was_suspended),
            SystemRequest::ChangeCode {
                module,
                vsn,
                down,
                extra,
            } if was_suspended => {
                if self.manager(pid).is_some() {
                    let change = Change {
                        module: &module,
                        vsn: &vsn,
                        down,
                        extra: &extra,
                    };
                    let answer = self.change_handlers(pid, &change);
                    return self.answer_system(from, tag, answer);
                }
                return self.change_code(pid, (tag, from), vsn, down, &extra);
            }
            // While it runs it knows no such message (B2).
            request @ SystemRequest::ChangeCode { .. } => Err(unknown(request.term())),
            SystemRequest::Terminate(why) => {
                self.answer_system(from, tag, Ok(reason("ok")));
                return self.terminate(pid, payload(&why), None);
            }
            SystemRequest::Other(message) => match debug_answer(&message) {
                Some(answer) => Ok(answer),
                None => Err(unknown(message)),
            },
        };
        self.answer_system(from, tag, answer);
    }

    /// `sys:get_status`, without the process dictionary and the debug options. The
    /// parts are those of a `gen_server`.
    fn status(&self, pid: Pid, suspended: bool) -> Result<Payload, Payload> {
        let Some(process) = self.process(pid) else {
            return Err(reason("undefined"));
        };
        let state = term(&self.dumped(pid)?);
        let parent = Term::Pid(process.parent.unwrap_or(Pid::OUTSIDE).term());
        let status = Term::atom(if suspended { "suspended" } else { "running" });
        let name = process.name.as_deref().unwrap_or_default();
        let header = format!("Status for generic server {name}");
        let data = |pairs: Vec<(&str, Term)>| {
            let pairs = pairs
                .into_iter()
                .map(|(what, value)| Term::tuple([Term::string(what), value]));
            Term::tuple([Term::atom("data"), Term::list(pairs)])
        };
        let none: [Term; 0] = [];
        let shown = Term::list([
            Term::tuple([Term::atom("header"), Term::string(&header)]),
            data(vec![
                ("Status", status.clone()),
                ("Parent", parent.clone()),
                ("Logged events", Term::list(none)),
            ]),
            data(vec![("State", state)]),
        ]);
        Ok(payload(&Term::tuple([
            Term::atom("status"),
            Term::Pid(pid.term()),
            Term::tuple([Term::atom("module"), Term::atom("gen_server")]),
            Term::list([status, parent, shown]),
        ])))
    }

    /// The state of a server, as `sys:get_state` gives it.
    pub(super) fn dumped(&self, pid: Pid) -> Result<Payload, Payload> {
        match self.process(pid).map(|process| &process.role) {
            Some(Role::Server(server)) => match server.engine {
                Engine::Events(_) => self.manager_state(pid),
                _ => server.state.dump(),
            },
            _ => Err(reason("undefined")),
        }
    }

    fn answer_raised(&mut self, to: Pid, tag: Tag, why: Payload) {
        if to == Pid::OUTSIDE {
            self.answer(tag, Outcome::Raised(why.to_vec()));
        }
    }

    pub(super) fn answer_system(&mut self, to: Pid, tag: Tag, answer: Result<Payload, Payload>) {
        if to == Pid::OUTSIDE {
            let answer = match answer {
                Ok(data) => Outcome::Ok(data.to_vec()),
                Err(why) => Outcome::Error(why.to_vec()),
            };
            self.answer(tag, answer);
        }
    }

    /// `code_change` runs in the version that is current now (C2).
    fn change_code(
        &mut self,
        pid: Pid,
        (tag, from): (Tag, Pid),
        vsn: String,
        down: bool,
        extra: &Term,
    ) {
        let Some(process) = self.process(pid) else {
            return;
        };
        let Role::Server(server) = &process.role else {
            return;
        };
        let module = server.module;
        let dumped = server.state.dump();
        let (Some(current), Ok(before)) = (self.called(module), dumped) else {
            let why = exit_of(&self.undefined(module));
            return self.answer_system(from, tag, Err(why));
        };
        if current.module() == supervisor::MODULE {
            let change = SupervisorChange {
                tag,
                from,
                vsn,
                down,
                before,
            };
            return self.change_supervisor(pid, current, change);
        }
        let extra = payload(extra);
        let state = before.clone();
        let other = vsn.clone();
        let call = Call {
            data: Bytes::of(&state),
            extra: Bytes::of(&extra),
            vsn: Bytes::of(other.as_bytes()),
            down,
            ..call_with(std::ptr::null_mut())
        };
        let by = current.vsn().to_owned();
        let (old, new) = if down { (by, vsn) } else { (vsn, by) };
        let entry = current.table().code_change;
        let callback = Callback::CodeChange(Box::new(Conversion {
            tag,
            from,
            before,
            old,
            new,
            callback: None,
        }));
        self.call_back(pid, current, entry, call, callback);
    }

    /// What a `code_change` came to (B6): on any error the state is kept, and
    /// the process stays suspended.
    pub(super) fn code_changed(
        &mut self,
        pid: Pid,
        conversion: &Conversion,
        by: Version,
        returned: Returned,
    ) {
        let module = by.module();
        let error = |why: Term| Err(payload(&why));
        let arity = if self.machine(pid).is_some() { 3 } else { 2 };
        let answer = match returned.kind {
            outcome::TERM => Ok(returned.data),
            outcome::FAILED => error(Term::tuple([Term::atom("error"), term(&returned.data)])),
            outcome::THROW => match term(&returned.data) {
                // A machine has a state and data.
                Term::Tuple(mut parts) if parts.len() == arity && parts[0].is_atom("ok") => {
                    parts.remove(0);
                    Ok(match parts.as_slice() {
                        [state] => payload(state),
                        _ => payload(&Term::Tuple(parts)),
                    })
                }
                value => error(value),
            },
            outcome::EXIT => Err(exit_of(&returned.data)),
            _ => Err(exit_of(&with_stack(
                &returned.data,
                module,
                "code_change",
                3,
            ))),
        };
        let answer = answer.and_then(|state| match self.machine(pid) {
            // It is asked for its mode anew, and a crash there keeps the state (B8).
            Some(_) => match self.ask_callback_mode(pid, &by) {
                Ok(()) => Ok(state),
                Err((_, why)) => Err(exit_of(&why)),
            },
            None => Ok(state),
        });
        self.conversion_is_over(pid, conversion, by, answer);
    }

    /// Takes over the state that a conversion gave, if it gave one, and answers.
    pub(super) fn conversion_is_over(
        &mut self,
        pid: Pid,
        conversion: &Conversion,
        by: Version,
        answer: Result<Payload, Payload>,
    ) {
        let after = answer.as_ref().ok();
        let (module, after) = match &conversion.callback {
            // A supervisor's state is its own business.
            Some(callback) => (&**callback, after.map(|_| &conversion.before)),
            None => (by.module(), after),
        };
        self.observer.observe(Event::CodeChanged {
            pid,
            module,
            from: &conversion.old,
            to: &conversion.new,
            before: &conversion.before,
            after: after.map(|state| &state[..]),
        });
        let answer = answer.map(|state| {
            self.set_state(pid, State::Term(by, state));
            reason("ok")
        });
        self.answer_system(conversion.from, conversion.tag, answer);
    }
}

/// The reason of a caller whose `replace_state` function raised an error (B12).
fn callback_failed(why: Term) -> Payload {
    let callback = [Term::atom("gen_server"), Term::atom("system_replace_state")];
    payload(&Term::tuple([
        Term::atom("callback_failed"),
        Term::tuple(callback),
        Term::tuple([Term::atom("error"), why]),
    ]))
}

/// The error of a system message that nobody knows (B2).
fn unknown(message: Term) -> Payload {
    payload(&Term::tuple([Term::atom("unknown_system_msg"), message]))
}

/// The answer to a debug operation. The node keeps no records for debugging, so it
/// knows only those that switch them on and off.
fn debug_answer(message: &Term) -> Option<Payload> {
    let [debug, operation] = message.as_tuple()? else {
        return None;
    };
    let switched = match operation.as_tuple() {
        Some([what, value]) => {
            value.as_bool().is_some() && (what.is_atom("trace") || what.is_atom("statistics"))
        }
        _ => operation.is_atom("no_debug"),
    };
    let answer = if switched { "ok" } else { "unknown_debug" };
    debug.is_atom("debug").then(|| reason(answer))
}

/// `{'EXIT',Reason}`.
pub(super) fn exit_of(reason: &[u8]) -> Payload {
    payload(&Term::tuple([Term::atom("EXIT"), term(reason)]))
}
