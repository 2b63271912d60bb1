//! Processes that stall: `erlang:suspend_process` and `erlang:resume_process`.

use crate::node::Node;
use crate::process::Process;
use crate::signal::{Kind, Pid, Signal, reason};

impl Node {
    /// `erlang:suspend_process`: wherever the process is, there it stays until it is
    /// [thawed](Node::thaw). Messages and timeouts wait for it; what kills it does.
    /// False where it is frozen already, or not there.
    pub fn freeze(&mut self, pid: Pid) -> bool {
        self.set_frozen(pid, true)
    }

    /// `erlang:resume_process`: it goes on where it was. False where it was not frozen.
    pub fn thaw(&mut self, pid: Pid) -> bool {
        self.set_frozen(pid, false)
    }

    /// Whether a process is frozen.
    pub fn is_frozen(&self, pid: Pid) -> bool {
        self.process(pid).is_some_and(|process| process.frozen)
    }

    fn set_frozen(&mut self, pid: Pid, frozen: bool) -> bool {
        let Some(process) = self.process_mut(pid).filter(|p| p.frozen != frozen) else {
            return false;
        };
        process.frozen = frozen;
        if !frozen {
            // A wait that was over by then is over, whatever has come meanwhile.
            let (first, rest): (Vec<Signal>, Vec<Signal>) =
                (process.inbox.drain(..)).partition(|signal| matches!(signal, Signal::Timeout(_)));
            process.inbox.extend(first.into_iter().chain(rest));
            process.arrived = process.inbox.len();
        }
        self.refresh(pid);
        true
    }

    /// Whether the signal that a process looks at next came while it was frozen; it is
    /// looked at now.
    pub(super) fn has_arrived(&mut self, pid: Pid) -> bool {
        let Some(process) = self.process_mut(pid).filter(|p| p.arrived > 0) else {
            return false;
        };
        process.arrived -= 1;
        true
    }

    /// A frozen process looks at nothing but what it dies of.
    pub(super) fn stir(&mut self, pid: Pid) {
        let deadly = self.process(pid).and_then(Process::deadly_signal);
        let signal = deadly.and_then(|place| self.process_mut(pid)?.inbox.remove(place));
        if let Some(signal) = signal {
            self.deliver(pid, signal);
        }
        self.refresh(pid);
    }
}

impl Process {
    /// The place in its inbox of the first signal that ends it, however it is (E2).
    pub(crate) fn deadly_signal(&self) -> Option<usize> {
        self.inbox.iter().position(|signal| match signal {
            Signal::Exit { from, linked, .. } if *linked && !self.links.contains(from) => false,
            Signal::Exit {
                reason: why,
                linked: false,
                ..
            } if **why == *reason("kill") => true,
            Signal::Exit {
                from, reason: why, ..
            } => !self.trap_exit && (**why != *reason("normal") || *from == self.pid),
            _ => false,
        })
    }

    /// How many of the signals that it has not looked at will be messages to it.
    pub(crate) fn messages_on_the_way(&self) -> usize {
        let messages = self.inbox.iter().filter(|signal| match signal {
            Signal::Message(message) => !matches!(message.kind, Kind::Outside(_)),
            Signal::Exit { .. } => self.trap_exit,
            Signal::Down { tag, .. } => self.monitors.iter().any(|(known, _)| known == tag),
            Signal::Timeout(_) => false,
        });
        messages.count()
    }
}
