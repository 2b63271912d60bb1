//! A signal arrives.

use crate::node::Node;
use crate::process::{Activity, Code, Role, Wait};
use crate::signal::{Kind, Message, Pid, Signal, StartResult, payload, reason, term};
use upheaval_module::abi::answer;
use upheaval_term::Term;

use crate::coroutine::Reply;

impl Node {
    /// What a signal does to a process. A message that nobody waits for ends up
    /// in the mailbox.
    pub(super) fn deliver(&mut self, pid: Pid, signal: Signal) {
        match signal {
            Signal::Message(message) => self.deliver_message(pid, message),
            Signal::Exit {
                from,
                reason,
                linked,
            } => self.deliver_exit(pid, from, &reason, linked),
            Signal::Down { tag, from, reason } => {
                let watched = self.process_mut(pid).is_some_and(|process| {
                    let before = process.monitors.len();
                    process.monitors.retain(|(t, _)| *t != tag);
                    process.monitors.len() < before
                });
                // Demonitored in the meantime: with `flush`, it never came.
                if watched {
                    let message = Message {
                        kind: Kind::Down(tag),
                        from,
                        data: reason,
                    };
                    self.deliver_message(pid, message);
                }
            }
            Signal::Timeout(wait) => self.deliver_timeout(pid, wait),
        }
    }

    fn deliver_message(&mut self, pid: Pid, message: Message) {
        // With it, whether its code is there is asked before a message is taken.
        let has_on_loads = self.has_on_loads;
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        if matches!(process.role, Role::Client(_)) {
            return self.client_receives(pid, message);
        }
        let is_stale = matches!(message.kind, Kind::Reply(_) | Kind::Started(..));
        if !is_stale && process.waits_for_anything() && !has_on_loads {
            // It would be put into the mailbox only to be taken out at once.
            return self.serve(pid, message);
        }
        let Activity::Blocked(blocked) = &process.activity else {
            // The answer to a call that is over: whoever called has given up.
            if !is_stale {
                process.mailbox.push_back(message);
            }
            return;
        };
        let status = match (&blocked.wait, &message.kind) {
            (Wait::Reply(tag), Kind::Reply(t)) if tag == t => answer::OK,
            (Wait::Reply(tag), Kind::Down(t)) if tag == t => answer::EXIT,
            (Wait::Started { tag, .. }, Kind::Started(t, result)) if tag == t => match result {
                StartResult::Ok => answer::OK,
                StartResult::Ignore => answer::NOTHING,
                StartResult::Error => answer::EXIT,
            },
            // A process that was being started died before it could say so.
            (Wait::Started { child, .. }, Kind::Exit) if *child == message.from => {
                return self.start_failed(pid, &message);
            }
            (_, Kind::Reply(_) | Kind::Started(..)) => return,
            _ => {
                process.mailbox.push_back(message);
                return;
            }
        };
        match message.kind {
            Kind::Reply(_) => self.end_call(pid, status, message.data),
            Kind::Down(_) => self.end_call(pid, status, message.data),
            _ => self.resume(
                pid,
                status,
                message.data,
                Reply {
                    process: message.from.number(),
                    ..Reply::default()
                },
            ),
        }
    }

    /// An exit signal: trapped, ignored, or deadly (E2).
    fn deliver_exit(&mut self, pid: Pid, from: Pid, why: &[u8], linked: bool) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        if linked {
            // Unlinked in the meantime: the signal was on its way, and is void.
            let before = process.links.len();
            process.links.retain(|p| *p != from);
            if process.links.len() == before {
                return;
            }
        }
        if !linked && *why == *reason("kill") {
            return self.exit(pid, &reason("killed"));
        }
        if process.trap_exit {
            let whole = Term::tuple([Term::atom("EXIT"), Term::Pid(from.term()), term(why)]);
            let message = Message {
                kind: Kind::Exit,
                from,
                data: payload(&whole),
            };
            return self.deliver_message(pid, message);
        }
        if *why == *reason("normal") && from != pid {
            return;
        }
        self.exit(pid, why);
    }

    fn start_failed(&mut self, pid: Pid, exit: &Message) {
        // The data is `{'EXIT',Pid,Reason}`.
        let why = match term(&exit.data) {
            Term::Tuple(parts) => parts.into_iter().next_back(),
            _ => None,
        };
        let why = payload(&why.unwrap_or(Term::atom("undefined")));
        self.resume(pid, answer::EXIT, why, Reply::default());
    }

    fn deliver_timeout(&mut self, pid: Pid, wait: u64) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        if process
            .deadline
            .is_none_or(|deadline| deadline.wait != wait)
        {
            return;
        }
        process.deadline = None;
        match (&process.activity, &process.role) {
            (Activity::Blocked(blocked), _) => match blocked.wait {
                Wait::Reply(_) => self.end_call(pid, answer::TIMEOUT, reason("timeout")),
                _ => self.resume(pid, answer::TIMEOUT, Default::default(), Reply::default()),
            },
            (_, Role::Client(_)) => self.client_times_out(pid),
            // It has a message in hand, for which its code is being loaded.
            (Activity::Idle, Role::Server(_)) if process.code == Code::Awaited => {}
            (Activity::Idle, Role::Server(_)) => self.server_times_out(pid),
            _ => {}
        }
    }
}
