//! What a handler's callback returned.

use upheaval_module::abi::outcome;
use upheaval_term::Term;

use super::handlers::exit_of;
use crate::code::Version;
use crate::coroutine::Returned;
use crate::events::{Adding, Notice, Purpose, Task, Then};
use crate::node::Node;
use crate::node::call_back::with_stack;
use crate::server::LiveState;
use crate::signal::{Payload, Pid, payload, reason, term};

impl Node {
    /// A handler's callback has returned.
    pub(in crate::node) fn handler_did(
        &mut self,
        pid: Pid,
        version: Version,
        doing: Task,
        returned: Returned,
    ) {
        match (doing, returned.kind) {
            (Task::Notify(notice), outcome::DONE) => {
                let place = notice.place + 1;
                self.next_task(pid, Task::Notify(Notice { place, ..notice }));
            }
            (Task::Notify(notice), outcome::REMOVE_HANDLER) => {
                let place = notice.place;
                self.next_task(pid, Task::Notify(notice));
                self.remove_handler(pid, place, reason("remove_handler"), Then::Nothing);
            }
            (Task::Notify(notice), outcome::SWAP_HANDLER) => {
                let place = notice.place;
                self.swap(pid, place, &returned.data, Purpose::Event(notice));
            }
            (Task::Call { from, .. }, outcome::TERM) => {
                self.answer_asker(pid, from, returned.data);
            }
            (Task::Call { place, from, .. }, outcome::REMOVE_HANDLER) => {
                let then = Then::Reply(from, Payload::from_vec(returned.second));
                self.remove_handler(pid, place, reason("remove_handler"), then);
            }
            (Task::Call { place, from, .. }, outcome::SWAP_HANDLER) => {
                let purpose = Purpose::Call(from, Payload::from_vec(returned.second));
                self.swap(pid, place, &returned.data, purpose);
            }
            (Task::Terminate { then, .. }, outcome::TERM) => {
                self.handler_ended(pid, then, returned.data);
            }
            (Task::Add(adding), outcome::STATE) => {
                let live = LiveState::new(version, returned.state);
                self.added(pid, adding, live);
            }
            (Task::Add(adding), outcome::STOP) => {
                let what = Term::tuple([Term::atom("error"), term(&returned.data)]);
                self.not_added(pid, adding, payload(&what));
            }
            (doing, kind) => {
                let caught = match kind {
                    outcome::THROW => returned.data,
                    outcome::EXIT => exit_of(&returned.data),
                    _ => {
                        let why = with_stack(&returned.data, version.module(), "handle_event", 2);
                        exit_of(&why)
                    }
                };
                self.handler_failed(pid, doing, caught);
            }
        }
    }

    /// A handler lets another one take its place.
    fn swap(&mut self, pid: Pid, place: usize, to: &[u8], purpose: Purpose) {
        let parts = match term(to) {
            Term::Tuple(parts) => parts,
            _ => return,
        };
        let [why, handler, args] = parts.as_slice() else {
            return;
        };
        let Some(key) = self.key_of(handler) else {
            return;
        };
        let adding = Adding {
            key,
            args: payload(args),
            left: None,
            place,
            purpose,
        };
        self.remove_handler(pid, place, payload(why), Then::Swap(Box::new(adding)));
    }
}
