//! One step: a process looks at one signal, and runs until it blocks.

use crate::node::Node;
use crate::process::{Activity, Role, Wait};
use crate::signal::Pid;

impl Node {
    /// Lets one process take a step: it looks at one signal, or handles one
    /// message, and runs until it waits again. False where no process can run,
    /// which only an advance of the clock can change.
    pub fn step(&mut self) -> bool {
        if self.ready.is_empty() {
            return false;
        }
        let pid = self.ready[self.scheduler.next(&self.ready)];
        let signal = self
            .process_mut(pid)
            .and_then(|process| process.inbox.pop_front());
        if let Some(signal) = signal {
            self.deliver(pid, signal);
        }
        self.go_on(pid);
        self.refresh(pid);
        true
    }

    /// Starts a new stretch of the schedule, with its own seed.
    pub fn reseed(&mut self, seed: u64) {
        self.scheduler.reseed(seed);
    }

    /// Lets a process that can go on without a further signal do so.
    fn go_on(&mut self, pid: Pid) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        match &process.activity {
            Activity::New(_) => self.begin(pid),
            Activity::Looping(_) => self.loop_again(pid),
            Activity::Idle => match &process.role {
                Role::Server(server) => {
                    if let Some(place) = process.next_for_server(server)
                        && let Some(message) = process.mailbox.remove(place)
                    {
                        self.serve(pid, message);
                    }
                }
                Role::Client(client) if client.has_work() => self.make_request(pid),
                _ => {}
            },
            Activity::Blocked(blocked) => {
                if matches!(blocked.wait, Wait::Message(scanned) if scanned < process.mailbox.len())
                {
                    self.offer(pid);
                }
            }
            Activity::Running => {}
        }
    }
}
