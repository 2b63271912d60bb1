//! What processes hold of timers and monitors, and hold twice.
//!
//! Two timers with one message may be meant: one for each request that is to be done
//! later. So it matters on which occasion one was begun. Nobody asks for what a server
//! begins in `init` and in `code_change`, and what of it is begun anew as its message is
//! handled goes on for ever: of those, one is enough.

use crate::node::Node;
use crate::process::{Callback, Frame, Role};
use crate::server::{Engine, Told};
use crate::signal::{Carrier, Kind, Message, Payload, Pid, Tag};

/// Something that a server holds more than once, and has begun of itself at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Twice {
    /// Timers of its own that are to send the same message, this one as bytes of the
    /// external format, to the same process.
    Timer(Vec<u8>),
    /// Monitors of the same process.
    Monitor(Pid),
}

impl Told {
    /// What a message is to the server that takes it.
    pub(crate) fn by(message: &Message, taker: Pid) -> Told {
        match message.kind {
            Kind::User(_, Carrier::Info) if message.from == taker => {
                Told::Own(Box::new(Payload::from_slice(&message.data)))
            }
            _ => Told::Other,
        }
    }
}

impl Node {
    /// Notes what a process begins, if nobody has asked it for that: a monitor, or a timer
    /// that sends this.
    pub(super) fn begins(&mut self, pid: Pid, frame: &Frame, tag: Tag, sends: Option<&[u8]>) {
        let Some(process) = self.process_mut(pid) else {
            return;
        };
        let Role::Server(server) = &mut process.role else {
            return;
        };
        let of_itself = match (&server.told, &server.engine) {
            (_, Engine::Special(_)) => false,
            _ if matches!(frame.callback, Callback::CodeChange(_)) => true,
            (Told::Nothing, _) => true,
            (Told::Own(tick), _) => sends == Some(&tick[..]) && server.ticks.contains(tick),
            (Told::Other, _) => false,
        };
        if of_itself {
            let tick = sends.map(Payload::from_slice);
            let new = tick.filter(|tick| !server.ticks.contains(tick));
            server.ticks.extend(new);
            self.begun_of_itself.insert(tag);
        }
    }

    /// What a process holds twice, of what it has begun of itself; first the timers, then
    /// the monitors. Those that are part of a call are the call's.
    pub fn held_twice(&self, pid: Pid) -> Vec<Twice> {
        let Some(process) = self.process(pid) else {
            return Vec::new();
        };
        // The time at which it falls due does not matter, nor the order.
        let timers = self.timers.iter().filter_map(|((_, tag), timer)| {
            let (owner, to, data) = timer.sends()?;
            let to = self.resolve(to).filter(|_| owner == pid)?;
            Some(((to, data), *tag))
        });
        let timers = self.twice(timers).into_iter();
        let timers = timers.map(|(_, data)| Twice::Timer(data.to_vec()));
        let monitors = process.monitors.iter().filter_map(|(tag, watched)| {
            // A call's tag is that of its message.
            let is_call = tag.message().is_some();
            (!is_call).then_some((*watched, *tag))
        });
        let monitors = self.twice(monitors).into_iter().map(Twice::Monitor);
        timers.chain(monitors).collect()
    }

    /// What is there more than once, in the order in which it first comes, where one of
    /// them was begun by itself.
    fn twice<T: PartialEq>(&self, held: impl Iterator<Item = (T, Tag)>) -> Vec<T> {
        let mut groups: Vec<(T, u32, bool)> = Vec::new();
        for (what, tag) in held {
            let of_itself = self.begun_of_itself.contains(&tag);
            match groups.iter_mut().find(|(known, ..)| *known == what) {
                Some((_, times, any)) => {
                    *times += 1;
                    *any |= of_itself;
                }
                None => groups.push((what, 1, of_itself)),
            }
        }
        let doubled = groups.into_iter().filter(|(_, n, any)| *n > 1 && *any);
        doubled.map(|(what, ..)| what).collect()
    }
}
