//! A machine's timers.

use crate::node::Node;
use crate::node::kernel::Timer;
use crate::signal::{Kind, Message, Pid, Signal, Tag};
use crate::statem::{MachineTimer, Time, Timeout, TimerName};

impl Node {
    /// Does what a transition asked for. Of several for the same timer the last one
    /// counts.
    pub(super) fn start_timeouts(&mut self, pid: Pid, timeouts: Vec<Timeout>) {
        let mut seen: Vec<TimerName> = Vec::new();
        let mut last: Vec<Timeout> = Vec::new();
        for timeout in timeouts.into_iter().rev() {
            if !seen.contains(&timeout.name) {
                seen.push(timeout.name.clone());
                last.push(timeout);
            }
        }
        let mut due = Vec::new();
        // From the last action to the first, as OTP does: it numbers timers so.
        for Timeout {
            name,
            time,
            content,
        } in last
        {
            let runs = self
                .machine(pid)
                .and_then(|machine| machine.timers.iter_mut().find(|timer| timer.name == name));
            match (time, runs) {
                (Time::Infinity, _) => self.cancel(pid, &name),
                (Time::Update, Some(timer)) => timer.content = content,
                (Time::Update | Time::After(0), _) => {
                    self.cancel(pid, &name);
                    due.insert(0, name.clone());
                    self.add_timer(pid, name, None, content);
                }
                (Time::After(ms), _) => {
                    self.cancel(pid, &name);
                    let key = (self.now.saturating_add(ms), self.new_tag());
                    let data = crate::signal::payload(&name.term());
                    self.timers.insert(key, Timer::Machine { owner: pid, data });
                    self.add_timer(pid, name, Some(key), content);
                }
            }
        }
        if let Some(machine) = self.machine(pid) {
            machine.due.extend(due);
        }
    }

    fn add_timer(
        &mut self,
        pid: Pid,
        name: TimerName,
        key: Option<(u64, Tag)>,
        content: crate::signal::Payload,
    ) {
        if let Some(machine) = self.machine(pid) {
            machine.timers.push(MachineTimer { name, key, content });
        }
    }

    /// Cancels a timer, if it runs. One that has fired is taken back out of the
    /// mailbox.
    pub(super) fn cancel(&mut self, pid: Pid, name: &TimerName) {
        let Some(machine) = self.machine(pid) else {
            return;
        };
        let Some(place) = machine.timers.iter().position(|timer| timer.name == *name) else {
            return;
        };
        let timer = machine.timers.remove(place);
        let Some((at, tag)) = timer.key else {
            machine.due.retain(|due| due != name);
            return;
        };
        if self.timers.remove(&(at, tag)).is_none()
            && let Some(process) = self.process_mut(pid)
        {
            let is_it = |message: &Message| matches!(message.kind, Kind::Timer(t) if t == tag);
            process.mailbox.retain(|message| !is_it(message));
            process
                .inbox
                .retain(|signal| !matches!(signal, Signal::Message(message) if is_it(message)));
        }
    }
}
