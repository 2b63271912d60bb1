//! Bringing a system to rest, and looking at what is left.

use upheaval_node::{Pid, SystemRequest, Twice};
use upheaval_term::Term;

use super::recorder::process;
use super::run::Run;
use crate::history::{Code, Event, Held};

/// The most jumps of the clock on the way to rest. Each ends at least one wait,
/// and a client has five seconds for a request.
const MOST_JUMPS: u32 = 100_000;

/// How long a suspended process may take to resume, in milliseconds of the node's
/// time.
const PATIENCE: u64 = 5000;

impl Run<'_> {
    /// Thaws whoever is frozen, resumes whoever is suspended, lets the clients come to the end
    /// of their requests, and writes down how everybody is.
    pub(super) fn settle(&mut self) {
        let frozen: Vec<Pid> = self.frozen().collect();
        for pid in frozen {
            self.thaw_process(pid);
        }
        let mut jumps = 0;
        loop {
            // Again each time: what nobody waits for takes effect late (B5).
            self.resume_all();
            while self.step() {}
            if self.is_exhausted() || jumps == MOST_JUMPS {
                return self.abandon();
            }
            jumps += 1;
            if !self.clients.iter().any(|client| self.node.is_busy(*client)) {
                match self.suspended().next() {
                    None => break,
                    Some(_) => continue,
                }
            }
            if !self.node.advance_to_next() {
                return self.abandon();
            }
        }
        self.note(Event::Rested);
        self.look_at_all();
    }

    fn resume_all(&mut self) {
        let suspended: Vec<Pid> = self.suspended().collect();
        for pid in suspended {
            // It may have died in the meantime, which the history shows.
            let tag = self.node.system(pid, SystemRequest::Resume);
            let _ = self.wait_for(tag, PATIENCE);
        }
    }

    fn suspended(&self) -> impl Iterator<Item = Pid> {
        let is_suspended = |pid: &Pid| self.node.inspect(*pid).is_some_and(|i| i.suspended);
        self.node.alive().filter(is_suspended)
    }

    /// Whether it goes on for ever is sure only where it has taken all its steps.
    fn abandon(&mut self) {
        let why = match self.is_exhausted() {
            true => "never_at_rest",
            false => "not_at_rest_in_time",
        };
        let reason = self.note_with(&upheaval_term::encode(&Term::atom(why)));
        self.note(Event::Abandoned { reason });
    }

    fn look_at_all(&mut self) {
        let alive: Vec<Pid> = self.node.alive().collect();
        for pid in alive {
            let Some(seen) = self.node.inspect(pid) else {
                continue;
            };
            let known = seen
                .version
                .filter(|(module, _)| self.scenario.find_module(module).is_some());
            let code = known.map(|(module, vsn)| Code {
                module: self.name(module),
                vsn: self.name(vsn),
            });
            // A supervisor's is OTP's own business.
            let state = code.and_then(|_| self.node.state(pid));
            let state = state.map(|state| self.note_with(&state));
            self.note(Event::Final {
                process: process(pid),
                code,
                state,
                queued: seen.queued as u32,
                name: seen.name.map(|name| self.name(&name)),
            });
            for twice in self.node.held_twice(pid) {
                let (held, of) = match twice {
                    Twice::Timer(message) => (Held::Timer, message),
                    Twice::Monitor(of) => {
                        (Held::Monitor, upheaval_term::encode(&Term::Pid(of.term())))
                    }
                };
                let (process, of) = (process(pid), self.note_with(&of));
                self.note(Event::Twice { process, held, of });
            }
        }
    }
}
