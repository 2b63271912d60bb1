//! System messages, as `sys` and `gen_server` handle them.

use upheaval_module::abi::{Bytes, Call, outcome};
use upheaval_term::Term;

use crate::code::Version;
use crate::coroutine::Returned;
use crate::node::call_back::with_stack;
use crate::node::{Node, Outcome};
use crate::observer::Event;
use crate::process::{Callback, Conversion, Role};
use crate::server::{State, call_with};
use crate::signal::{Kind, Message, Payload, Pid, SystemRequest, Tag, payload, reason, term};

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
            SystemRequest::GetState => server.state.dump(),
            SystemRequest::ReplaceState(state) => {
                let state = payload(&state);
                if let Some(version) = server.state.version().cloned() {
                    server.state = State::Term(version, state.clone());
                }
                Ok(state)
            }
            SystemRequest::ChangeCode { vsn, down, extra } if was_suspended => {
                return self.change_code(pid, (tag, from), vsn, down, &extra);
            }
            // While it runs it knows no such message (B2).
            SystemRequest::ChangeCode { .. } => Err(payload(&Term::tuple([
                Term::atom("unknown_system_msg"),
                Term::atom("change_code"),
            ]))),
        };
        self.answer_system(from, tag, answer);
    }

    fn answer_system(&mut self, to: Pid, tag: Tag, answer: Result<Payload, Payload>) {
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
        let (Some(current), Ok(before)) = (self.code.current(module).cloned(), dumped) else {
            let why = exit_of(&self.undefined(module));
            return self.answer_system(from, tag, Err(why));
        };
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
        let answer = match returned.kind {
            outcome::TERM => Ok(returned.data),
            outcome::FAILED => error(Term::tuple([Term::atom("error"), term(&returned.data)])),
            outcome::THROW => match term(&returned.data) {
                Term::Tuple(parts) if parts.len() == 2 && parts[0] == Term::atom("ok") => {
                    Ok(payload(&parts[1]))
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
        self.observer.observe(Event::CodeChanged {
            pid,
            module,
            from: &conversion.old,
            to: &conversion.new,
            before: &conversion.before,
            after: answer.as_ref().ok().map(|state| &state[..]),
        });
        let answer = answer.map(|state| {
            self.set_state(pid, State::Term(by, state));
            reason("ok")
        });
        self.answer_system(conversion.from, conversion.tag, answer);
    }
}

/// `{'EXIT',Reason}`.
fn exit_of(reason: &[u8]) -> Payload {
    payload(&Term::tuple([Term::atom("EXIT"), term(reason)]))
}
