//! A process ends.

use crate::node::{Node, Outcome};
use crate::observer::Event;
use crate::process::{Activity, Role};
use crate::signal::{Payload, Pid, Signal};

impl Node {
    /// Ends a process: its stack unwinds, its name is free, its links and
    /// watchers are told (E3).
    pub(super) fn exit(&mut self, pid: Pid, reason: &[u8]) {
        self.make_unready(pid);
        let Some(mut process) = self
            .processes
            .get_mut(pid.0 as usize)
            .and_then(|place| place.take())
        else {
            return;
        };
        if !process.runs_on_load() {
            self.observer.observe(Event::Exited(pid, reason));
        }
        if let Some(name) = &process.name {
            self.names.remove(name);
        }
        // The stack first: it borrows the state.
        process.activity = Activity::Idle;
        let reason = Payload::from_slice(reason);
        for link in process.links.drain(..) {
            self.signal(
                link,
                Signal::Exit {
                    from: pid,
                    reason: reason.clone(),
                    linked: true,
                },
            );
        }
        for (tag, watcher) in process.watchers.drain(..) {
            if watcher == Pid::OUTSIDE {
                self.outside_is_answered(tag, Outcome::Down(reason.to_vec()));
                continue;
            }
            self.signal(
                watcher,
                Signal::Down {
                    tag,
                    from: pid,
                    reason: reason.clone(),
                },
            );
        }
        for (tag, watched) in process.monitors.drain(..) {
            if let Some(watched) = self.process_mut(watched) {
                watched.watchers.retain(|(t, _)| *t != tag);
            }
        }
        if let Role::OnLoad(version, is_ok) = &process.role {
            self.on_load_is_over(version, *is_ok);
        }
    }
}
