//! What callbacks ask of the node.

use std::rc::Rc;

use upheaval_module::abi::{Entry, answer, trap};
use upheaval_term::Term;

use crate::coroutine::{Reply, Waiting};
use crate::node::Node;
use crate::node::kernel::{Target, Timer};
use crate::node::on_load::Called;
use crate::observer::Event;
use crate::process::{Frame, Start, Wait};
use crate::signal::{Carrier, Payload, Pid, Signal, Tag, atom, payload, reason, term};

/// What becomes of a trap.
pub(super) enum Trapped {
    /// It is answered at once.
    Answer {
        status: u32,
        data: Payload,
        reply: Reply<'static>,
    },
    /// It is shown the message at this place of its mailbox, at once.
    Show(usize),
    /// The process waits.
    Block(Wait),
}

impl Trapped {
    /// A function to be run, with the terms that the fun holds which it is of.
    pub(super) fn entry(entry: Entry, free: Payload) -> Trapped {
        Trapped::Answer {
            status: answer::OK,
            data: free,
            reply: Reply {
                entry: Some(entry),
                ..Reply::default()
            },
        }
    }

    fn status(status: u32) -> Trapped {
        Trapped::reply(status, Reply::default())
    }

    fn done() -> Trapped {
        Trapped::status(answer::OK)
    }

    fn badarg() -> Trapped {
        Trapped::data(answer::ERROR, reason("badarg"))
    }

    pub(super) fn data(status: u32, data: Payload) -> Trapped {
        Trapped::Answer {
            status,
            data,
            reply: Reply::default(),
        }
    }

    fn reply(status: u32, reply: Reply<'static>) -> Trapped {
        Trapped::Answer {
            status,
            data: Payload::new(),
            reply,
        }
    }

    fn number(number: u64) -> Trapped {
        Trapped::reply(
            answer::OK,
            Reply {
                number,
                ..Reply::default()
            },
        )
    }

    fn process(pid: Pid) -> Trapped {
        Trapped::reply(
            answer::OK,
            Reply {
                process: pid.number(),
                ..Reply::default()
            },
        )
    }

    fn reference(tag: Tag) -> Trapped {
        Trapped::reply(
            answer::OK,
            Reply {
                reference: tag.0,
                ..Reply::default()
            },
        )
    }
}

impl Node {
    /// Does what `pid` asks for, or lets it wait.
    pub(super) fn trapped(&mut self, pid: Pid, frame: &Frame, asked: &Waiting) -> Trapped {
        let other = Pid::from_number(asked.process());
        match asked.op() {
            trap::SEND => {
                let target = target(asked);
                let to = self.resolve(&target);
                // A name that nobody has is badarg; a dead pid takes anything (E3).
                if to.is_none() && matches!(target, Target::Name(_)) {
                    return Trapped::badarg();
                }
                self.send_user(pid, to, Carrier::Info, Payload::from_slice(asked.data()));
                Trapped::done()
            }
            trap::CAST => {
                let to = self.resolve(&target(asked));
                self.send_user(pid, to, Carrier::Cast, Payload::from_slice(asked.data()));
                Trapped::done()
            }
            trap::NOTIFY => {
                let target = target(asked);
                let to = self.resolve(&target);
                if to.is_none() && matches!(target, Target::Name(_)) {
                    return Trapped::badarg();
                }
                self.send_user(pid, to, Carrier::Notify, Payload::from_slice(asked.data()));
                Trapped::done()
            }
            trap::CALL => self.trapped_call(pid, asked, Carrier::Call),
            trap::MANAGE => self.trapped_call(pid, asked, Carrier::Manage),
            trap::REPLY => {
                let data = Payload::from_slice(asked.data());
                self.reply(pid, other, Tag(asked.reference()), data);
                Trapped::done()
            }
            trap::RECEIVE if asked.ms() == 0 => self.trapped_poll(pid, 0),
            trap::RECEIVE => {
                self.set_deadline(pid, asked.ms());
                Trapped::Block(Wait::Message {
                    from: 0,
                    special: asked.flag(),
                })
            }
            trap::RECEIVE_NEXT => {
                let shown = self.process_mut(pid).and_then(|p| p.shown.take());
                let place = shown.map_or(0, |place| place + 1);
                match asked.ms() {
                    0 => self.trapped_poll(pid, place),
                    _ => Trapped::Block(Wait::Message {
                        from: place,
                        special: asked.flag(),
                    }),
                }
            }
            trap::SPAWN => {
                let child = self.trapped_spawn(pid, asked, None);
                Trapped::process(child)
            }
            trap::START_LINK => {
                let module = self.code.id(asked.module());
                match self.called_by(pid, module) {
                    Called::Version(_) => {}
                    Called::Undefined => {
                        return Trapped::data(answer::EXIT, no_start_link(asked));
                    }
                    Called::Awaited => return Trapped::Block(Wait::Code),
                }
                if let Some((_, why)) = self.already_started(module, asked.name()) {
                    return Trapped::data(answer::EXIT, why);
                }
                let tag = self.new_tag();
                let child = self.trapped_spawn(pid, asked, Some(tag));
                Trapped::Block(Wait::Started { tag, child })
            }
            trap::LINK => {
                self.link(pid, other);
                Trapped::done()
            }
            trap::UNLINK => {
                self.unlink(pid, other);
                Trapped::done()
            }
            trap::MONITOR => {
                let tag = self.new_tag();
                self.begins(pid, frame, tag, None);
                match self.resolve(&target(asked)) {
                    Some(watched) => self.watch(pid, watched, tag),
                    None => self.down_at_once(pid, other, tag),
                }
                Trapped::reference(tag)
            }
            trap::DEMONITOR => {
                self.demonitor(pid, Tag(asked.reference()));
                Trapped::done()
            }
            trap::REGISTER => match self.register_name(other, &Rc::from(asked.name())) {
                true => Trapped::done(),
                false => Trapped::badarg(),
            },
            trap::UNREGISTER => match self.names.remove(asked.name()) {
                Some(holder) => {
                    if let Some(holder) = self.process_mut(holder) {
                        holder.name = None;
                    }
                    self.observer
                        .observe(Event::Unregistered(holder, asked.name()));
                    Trapped::done()
                }
                None => Trapped::badarg(),
            },
            trap::WHEREIS => match self.names.get(asked.name()) {
                Some(holder) => Trapped::process(*holder),
                None => Trapped::status(answer::NOTHING),
            },
            trap::EXIT_SIGNAL => {
                let signal = Signal::Exit {
                    from: pid,
                    reason: Payload::from_slice(asked.data()),
                    linked: false,
                };
                self.signal(other, signal);
                Trapped::done()
            }
            trap::TRAP_EXIT => {
                let before = self
                    .process_mut(pid)
                    .map(|process| std::mem::replace(&mut process.trap_exit, asked.flag()));
                Trapped::number(u64::from(before == Some(true)))
            }
            trap::SEND_AFTER => {
                let tag = self.new_tag();
                let timer = Timer::Send {
                    owner: pid,
                    to: target(asked),
                    data: Payload::from_slice(asked.data()),
                };
                self.begins(pid, frame, tag, Some(asked.data()));
                let at = self.now.saturating_add(asked.ms());
                self.timers.insert((at, tag), timer);
                Trapped::reference(tag)
            }
            trap::CANCEL_TIMER => {
                let tag = Tag(asked.reference());
                let key = self.timers.keys().find(|(_, t)| *t == tag).copied();
                match key.and_then(|key| self.timers.remove(&key).map(|_| key)) {
                    Some((at, _)) => Trapped::number(at - self.now),
                    None => Trapped::status(answer::NOTHING),
                }
            }
            trap::NOW => Trapped::number(self.now),
            trap::SUPERVISOR_INIT => {
                let module = self.code.id(asked.module());
                match self.supervisor_init(pid, module, asked.data()) {
                    Ok(given) => Trapped::data(answer::OK, given),
                    Err((status, raised)) => Trapped::data(status, raised),
                }
            }
            trap::FUN => self.make_fun(pid, &frame.version, asked),
            trap::CALL_FUN => self.call_fun(pid, asked),
            trap::APPLY => self.apply(pid, asked),
            trap::LEAVE => {
                self.leave_function(pid);
                Trapped::done()
            }
            trap::IS_ALIVE => Trapped::number(u64::from(self.process(other).is_some())),
            // A trap of a newer interface: the ABI version would have differed.
            _ => Trapped::badarg(),
        }
    }

    /// A receive with `after 0`: it looks through the mailbox once.
    fn trapped_poll(&mut self, pid: Pid, place: usize) -> Trapped {
        match self.process(pid) {
            Some(process) if place < process.mailbox.len() => Trapped::Show(place),
            _ => Trapped::status(answer::TIMEOUT),
        }
    }

    fn trapped_call(&mut self, pid: Pid, asked: &Waiting, carrier: Carrier) -> Trapped {
        let to = match asked.process() {
            0 => self.names.get(asked.name()).copied(),
            number => self.process(Pid::from_number(number)).map(|to| to.pid),
        };
        match to {
            None => Trapped::data(answer::EXIT, reason("noproc")),
            Some(to) if to == pid => Trapped::data(answer::EXIT, reason("calling_self")),
            Some(to) => {
                let request = Payload::from_slice(asked.data());
                let id = self.send_user(pid, Some(to), carrier, request);
                let tag = Tag::of(id);
                self.watch(pid, to, tag);
                self.set_deadline(pid, asked.ms());
                Trapped::Block(Wait::Reply(tag))
            }
        }
    }

    fn trapped_spawn(&mut self, pid: Pid, asked: &Waiting, starter: Option<Tag>) -> Pid {
        let module = self.code.id(asked.module());
        let name = asked.name();
        let child = self.spawn_module(
            Some(pid),
            Start {
                module,
                args: Payload::from_slice(asked.data()),
                name: (!name.is_empty()).then(|| Rc::from(name)),
                starter,
            },
        );
        if asked.flag() {
            self.link(pid, child);
        }
        child
    }

    fn link(&mut self, pid: Pid, other: Pid) {
        if pid == other {
            return;
        }
        if self.process(other).is_none() {
            let signal = Signal::Exit {
                from: other,
                reason: reason("noproc"),
                linked: true,
            };
            if let Some(process) = self.process_mut(pid) {
                process.links.push(other);
            }
            return self.signal(pid, signal);
        }
        for (a, b) in [(pid, other), (other, pid)] {
            if let Some(process) = self.process_mut(a)
                && !process.links.contains(&b)
            {
                process.links.push(b);
            }
        }
    }

    fn unlink(&mut self, pid: Pid, other: Pid) {
        for (a, b) in [(pid, other), (other, pid)] {
            if let Some(process) = self.process_mut(a) {
                process.links.retain(|p| *p != b);
            }
        }
    }

    /// A monitor of a process that is not there.
    fn down_at_once(&mut self, pid: Pid, gone: Pid, tag: Tag) {
        if let Some(process) = self.process_mut(pid) {
            process.monitors.push((tag, gone));
        }
        self.signal(
            pid,
            Signal::Down {
                tag,
                from: gone,
                reason: reason("noproc"),
            },
        );
    }

    fn demonitor(&mut self, pid: Pid, tag: Tag) {
        self.unwatch(pid, tag);
        // `flush`: a DOWN that has come already goes, too.
        if let Some(process) = self.process_mut(pid) {
            process
                .mailbox
                .retain(|m| !matches!(m.kind, crate::signal::Kind::Down(t) if t == tag));
        }
    }
}

/// `{'EXIT',{undef,[{Module,start_link,Args,[]}]}}`.
fn no_start_link(asked: &Waiting) -> Payload {
    let frame = Term::tuple([
        atom(asked.module()),
        Term::atom("start_link"),
        Term::list([atom(asked.name()), term(asked.data())]),
        Term::List(Vec::new()),
    ]);
    let undef = Term::tuple([Term::atom("undef"), Term::list([frame])]);
    payload(&Term::tuple([Term::atom("EXIT"), undef]))
}

fn target(asked: &Waiting) -> Target {
    match asked.process() {
        0 => Target::Name(asked.name().into()),
        number => Target::Pid(Pid::from_number(number)),
    }
}
