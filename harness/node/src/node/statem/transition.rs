//! From what a machine's callback returned to its next state.

use upheaval_module::abi::outcome;
use upheaval_term::Term;

use crate::coroutine::Returned;
use crate::node::Node;
use crate::node::call_back::with_stack;
use crate::observer::Event;
use crate::signal::{Payload, Pid, payload, term};
use crate::statem::TimerName;

impl Node {
    /// A machine's callback has returned.
    pub(in crate::node) fn machine_did(&mut self, pid: Pid, module: &str, returned: Returned) {
        match returned.kind {
            outcome::KEEP_STATE | outcome::NEXT_STATE | outcome::REPEAT_STATE => {
                if !self.perform(pid, module, &returned.data) {
                    return;
                }
                let Some(machine) = self.machine(pid) else {
                    return;
                };
                if let Some(transition) = &mut machine.transition {
                    transition.changed |= returned.flag;
                }
                if machine.state_enter && returned.kind != outcome::KEEP_STATE {
                    machine.enters = Some(Payload::from_vec(returned.second));
                    return;
                }
                self.end_transition(pid);
            }
            outcome::STOP => self.machine_stops(pid, module, returned),
            outcome::EXIT => self.terminate(pid, returned.data, None),
            outcome::THROW => {
                let bad = bad("bad_return_from_state_function", term(&returned.data));
                self.machine_fails(pid, module, bad);
            }
            _ => self.machine_fails(pid, module, returned.data),
        }
    }

    /// An error: `terminate` is told it without the stack.
    pub(in crate::node) fn machine_fails(&mut self, pid: Pid, module: &str, error: Payload) {
        let why = with_stack(&error, module, "handle_event", 4);
        self.terminate_telling(pid, error, why);
    }

    /// `{stop, Reason, Data}`, or with replies before.
    fn machine_stops(&mut self, pid: Pid, module: &str, returned: Returned) {
        if !returned.second.is_empty() {
            let Term::List(replies) = term(&returned.second) else {
                return;
            };
            for reply in replies {
                if !self.perform_reply(pid, &reply) {
                    let bad = bad("bad_reply_action_from_state_function", reply);
                    return self.machine_fails(pid, module, bad);
                }
            }
        }
        self.terminate(pid, returned.data, None);
    }

    /// All callbacks of a transition are done: the event is consumed or postponed,
    /// timers stop and start, and other events move up.
    pub(in crate::node) fn end_transition(&mut self, pid: Pid) {
        let Some(machine) = self.machine(pid) else {
            return;
        };
        let Some(mut done) = machine.transition.take() else {
            return;
        };
        machine.hibernates = done.hibernate;
        let postponed = done.event.message.filter(|_| done.postpone);
        if done.postpone {
            machine.postponed.push(done.event);
        }
        if done.changed {
            for event in machine.postponed.drain(..).rev() {
                machine.queue.push_front(event);
            }
        }
        if let Some(message) = postponed {
            self.observer.observe(Event::Postponed { message, pid });
        }
        if done.changed {
            self.cancel(pid, &TimerName::State);
        }
        self.cancel(pid, &TimerName::Event);
        self.start_timeouts(pid, std::mem::take(&mut done.timeouts));
        if let Some(machine) = self.machine(pid) {
            for event in done.next_events.drain(..).rev() {
                machine.queue.push_front(event);
            }
        }
    }
}

/// `{Tag, What}`.
pub(super) fn bad(tag: &'static str, what: Term) -> Payload {
    payload(&Term::tuple([Term::atom(tag), what]))
}
