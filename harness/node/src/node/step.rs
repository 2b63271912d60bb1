//! One step: a process looks at one signal, and runs until it blocks.

use crate::node::Node;
use crate::process::{Activity, Code, Role, Wait};
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
        if self.is_frozen(pid) {
            self.stir(pid);
            return true;
        }
        let place = if self.overtaking && !self.has_arrived(pid) {
            self.next_signal(pid)
        } else {
            0
        };
        let signal = self.process_mut(pid).and_then(|process| match place {
            0 => process.inbox.pop_front(),
            place => process.inbox.remove(place),
        });
        if let Some(signal) = signal {
            self.deliver(pid, signal);
        }
        self.go_on(pid);
        self.refresh(pid);
        true
    }

    /// The place in its inbox of the signal that a process looks at next, where
    /// signals may overtake: the first of some sender.
    fn next_signal(&mut self, pid: Pid) -> usize {
        let Some(process) = self.process(pid) else {
            return 0;
        };
        let mut first_of: Vec<(Pid, usize)> = Vec::new();
        for (place, signal) in process.inbox.iter().enumerate() {
            let sender = signal.sender();
            if first_of.iter().all(|(known, _)| *known != sender) {
                first_of.push((sender, place));
            }
        }
        if first_of.len() < 2 {
            return 0;
        }
        let senders: Vec<Pid> = first_of.iter().map(|(sender, _)| *sender).collect();
        first_of[self.scheduler.next(&senders)].1
    }

    /// Lets signals overtake those of other senders on their way to the same
    /// process. Erlang promises an order only between a sender and a receiver (E1),
    /// though it seldom makes use of that.
    pub fn let_signals_overtake(&mut self) {
        self.overtaking = true;
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
        if process.code == Code::Awaited {
            return;
        }
        match &process.activity {
            Activity::New(_) => self.begin(pid),
            Activity::Looping(_) => self.loop_again(pid),
            Activity::Hibernating(_) if !process.mailbox.is_empty() => self.loop_again(pid),
            Activity::Idle => match &process.role {
                Role::Server(server) => {
                    if server.continues() {
                        if self.reaches_its_code(pid) {
                            self.continue_server(pid);
                        }
                        return;
                    }
                    match process.next_for_server(server) {
                        Some(place) => {
                            if self.awaits_code_for(pid, place) {
                                return;
                            }
                            let Some(process) = self.process_mut(pid) else {
                                return;
                            };
                            if let Some(message) = process.mailbox.remove(place) {
                                self.serve(pid, message);
                            }
                        }
                        // A receive with `after 0` takes what is there first.
                        None if server.is_due() && process.inbox.is_empty() => {
                            self.server_times_out(pid);
                        }
                        None => {}
                    }
                }
                Role::Client(client) if client.has_work() => self.make_request(pid),
                Role::OnLoad(version, _) => {
                    let version = version.clone();
                    self.run_on_load(pid, version);
                }
                _ => {}
            },
            Activity::Blocked(blocked) => {
                if matches!(blocked.wait, Wait::Code) {
                    return self.call_again(pid);
                }
                if matches!(blocked.wait, Wait::Message { from, .. } if from < process.mailbox.len())
                {
                    self.offer(pid);
                }
            }
            Activity::Hibernating(_) | Activity::Running => {}
        }
    }
}
