//! A callback is done: what becomes of its outcome.

use upheaval_module::abi::{answer, outcome};
use upheaval_term::Term;

use crate::code::{Behaviour, Version};
use crate::coroutine::{Reply, Returned};
use crate::node::call_back::with_stack;
use crate::node::{Node, Outcome};
use crate::observer::{Answer, Event};
use crate::process::{Activity, Callback, Ending, Frame, Wait};
use crate::server::{LiveState, State};
use crate::signal::{Kind, Message, Payload, Pid, Signal, StartResult, Tag, payload, reason, term};

impl Node {
    pub(super) fn finish(&mut self, pid: Pid, frame: Frame, returned: Returned) {
        if let Some(process) = self.process_mut(pid) {
            process.activity = Activity::Idle;
        }
        let Frame { version, callback } = frame;
        let module = version.module();
        match callback {
            Callback::Init { starter } => match returned.kind {
                outcome::STATE => {
                    let live = LiveState::new(version.clone(), returned.state);
                    self.set_state(pid, State::Live(live));
                    self.acknowledge(pid, starter, StartResult::Ok, Payload::new());
                    self.initialised(pid, &version, &returned);
                }
                outcome::IGNORE => {
                    self.acknowledge(pid, starter, StartResult::Ignore, Payload::new());
                    self.exit(pid, &reason("normal"));
                }
                _ => {
                    let why = exit_reason(&returned, module, "init", 1);
                    self.acknowledge(pid, starter, StartResult::Error, why.clone());
                    self.exit(pid, &why);
                }
            },
            Callback::Call { tag, from } => match returned.kind {
                outcome::TERM => {
                    self.set_next(pid, returned.next, returned.ms, &returned.second);
                    self.reply(pid, from, tag, returned.data);
                }
                outcome::NOREPLY => {
                    self.set_next(pid, returned.next, returned.ms, &returned.second);
                }
                outcome::STOP_REPLY => {
                    let reply = Some((from, tag, Payload::from_vec(returned.second)));
                    self.terminate(pid, returned.data, reply);
                }
                _ => {
                    let why = exit_reason(&returned, module, "handle_call", 3);
                    self.terminate(pid, why, None);
                }
            },
            Callback::Message => match returned.kind {
                outcome::NOREPLY => {
                    self.set_next(pid, returned.next, returned.ms, &returned.second);
                }
                _ => {
                    let why = exit_reason(&returned, module, "handle_info", 2);
                    self.terminate(pid, why, None);
                }
            },
            Callback::Event => self.machine_did(pid, module, returned),
            Callback::Handler(doing) => self.handler_did(pid, version, *doing, returned),
            Callback::Terminate(ending) => {
                let Ending { reason, reply } = *ending;
                if let Some((to, tag, data)) = reply {
                    self.reply(pid, to, tag, data);
                }
                match returned.kind {
                    // What it throws is as good as what it returns.
                    outcome::DONE | outcome::THROW => self.exit(pid, &reason),
                    _ => {
                        let why = exit_reason(&returned, module, "terminate", 2);
                        self.exit(pid, &why);
                    }
                }
            }
            Callback::CodeChange(conversion) => {
                self.code_changed(pid, &conversion, version, returned);
            }
            Callback::OnLoad => self.on_load_returned(pid, &returned),
            Callback::Loop => match returned.kind {
                outcome::QUALIFIED => {
                    if let Some(process) = self.process_mut(pid) {
                        process.activity = Activity::Looping(returned.data);
                    }
                }
                outcome::HIBERNATE => {
                    if let Some(process) = self.process_mut(pid) {
                        process.activity = Activity::Hibernating(returned.data);
                    }
                }
                outcome::SYSTEM => self.hand_to_sys(pid, version, returned.data),
                outcome::DONE => self.exit(pid, &reason("normal")),
                _ => {
                    let why = exit_reason(&returned, module, "loop", 1);
                    self.exit(pid, &why);
                }
            },
        }
    }

    /// A server has its first state.
    fn initialised(&mut self, pid: Pid, version: &Version, returned: &Returned) {
        match version.behaviour() {
            Behaviour::GenStatem => self.machine_starts(pid, version, returned),
            Behaviour::Special => self.loop_on(pid),
            _ => self.set_next(pid, returned.next, returned.ms, &returned.second),
        }
    }

    /// Answers a call: at its caller, unless that has given up by then.
    pub(super) fn reply(&mut self, from: Pid, to: Pid, tag: Tag, data: Payload) {
        if let Some(id) = tag.message() {
            self.observer.observe(Event::Replied(id));
        }
        if to == Pid::OUTSIDE {
            return self.outside_is_answered(tag, Outcome::Ok(data.to_vec()));
        }
        self.signal(
            to,
            Signal::Message(Message {
                kind: Kind::Reply(tag),
                from,
                data,
            }),
        );
    }

    /// A call from inside a callback is over: the callback goes on, or raises.
    pub(super) fn end_call(&mut self, pid: Pid, status: u32, data: Payload) {
        let Some(process) = self.process(pid) else {
            return;
        };
        let Activity::Blocked(blocked) = &process.activity else {
            return;
        };
        let Wait::Reply(tag) = blocked.wait else {
            return;
        };
        if let Some(id) = tag.message() {
            let answer = match status {
                answer::OK => Answer::Reply(&data[..]),
                answer::TIMEOUT => Answer::Timeout,
                _ => Answer::Exit(&data[..]),
            };
            self.observer.observe(Event::Answered(id, answer));
        }
        self.unwatch(pid, tag);
        let status = match status {
            answer::OK => answer::OK,
            _ => answer::EXIT,
        };
        self.resume(pid, status, data, Reply::default());
    }
}

/// The exit reason of a process whose callback did not come to a good end.
pub(super) fn exit_reason(
    returned: &Returned,
    module: &str,
    function: &'static str,
    arity: i64,
) -> Payload {
    match returned.kind {
        outcome::ERROR => with_stack(&returned.data, module, function, arity),
        outcome::STOP | outcome::EXIT => returned.data.clone(),
        outcome::THROW if function == "loop" => {
            let nocatch = Term::tuple([Term::atom("nocatch"), term(&returned.data)]);
            with_stack(&payload(&nocatch), module, function, arity)
        }
        _ => payload(&Term::tuple([
            Term::atom("bad_return_value"),
            term(&returned.data),
        ])),
    }
}
