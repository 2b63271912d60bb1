//! Virtual time: it moves only when it is told to.

use crate::node::Node;
use crate::node::kernel::Timer;
use crate::observer::Event;
use crate::process::Deadline;
use crate::signal::{Carrier, Kind, Message, Pid, Signal};

impl Node {
    /// Milliseconds since the node was made.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Moves the clock on by `ms` milliseconds, from one due time to the next;
    /// whatever falls due becomes a signal. Between two due times the system
    /// runs until it rests, for at most `steps` steps.
    pub fn advance(&mut self, ms: u64, mut steps: u64) {
        let end = self.now + ms;
        while let Some(due) = self.next_due().filter(|due| *due <= end) {
            self.move_clock(due);
            while steps > 0 && self.step() {
                steps -= 1;
            }
        }
        self.move_clock(end);
    }

    /// Moves the clock on to the next time at which something falls due. False
    /// where nothing will.
    pub fn advance_to_next(&mut self) -> bool {
        let due = self.next_due();
        if let Some(due) = due {
            self.move_clock(due);
        }
        due.is_some()
    }

    /// The next time at which something falls due, in milliseconds.
    pub fn next_due(&self) -> Option<u64> {
        let waits = self
            .processes
            .iter()
            .flatten()
            .filter_map(|process| process.deadline.map(|deadline| deadline.at))
            .filter(|at| *at != Deadline::SIGNALLED);
        let timers = self.timers.first_key_value().map(|((at, _), _)| *at);
        waits.chain(timers).min()
    }

    fn move_clock(&mut self, to: u64) {
        if to > self.now {
            self.now = to;
            self.observer.observe(Event::Clock(to));
        }
        let due: Vec<(Pid, u64)> = self
            .processes
            .iter()
            .flatten()
            .filter_map(|p| {
                Some((
                    p.pid,
                    p.deadline
                        .filter(|d| d.at <= to && d.at != Deadline::SIGNALLED)?
                        .wait,
                ))
            })
            .collect();
        for (pid, wait) in due {
            if let Some(deadline) = self.process_mut(pid).and_then(|p| p.deadline.as_mut()) {
                deadline.at = Deadline::SIGNALLED;
            }
            self.signal(pid, Signal::Timeout(wait));
        }
        while let Some(entry) = self.timers.first_entry() {
            if entry.key().0 > to {
                break;
            }
            let (_, tag) = *entry.key();
            let timer = entry.remove();
            self.begun_of_itself.remove(&tag);
            match timer {
                Timer::Send { owner, to, data } => {
                    let receiver = self.resolve(&to);
                    if receiver.is_some() {
                        self.send_user(owner, receiver, Carrier::Info, data);
                    }
                }
                Timer::Machine { owner, data } => {
                    let message = Message {
                        kind: Kind::Timer(tag),
                        from: owner,
                        data,
                    };
                    self.signal(owner, Signal::Message(message));
                }
            }
        }
    }

    /// Starts a wait of a process that ends after `ms` milliseconds, unless that
    /// is never.
    pub(super) fn set_deadline(&mut self, pid: Pid, ms: u64) {
        self.waits += 1;
        let wait = self.waits;
        let at = self.now.checked_add(ms);
        if let Some(process) = self.process_mut(pid) {
            process.deadline = at.map(|at| Deadline { at, wait });
        }
    }
}
