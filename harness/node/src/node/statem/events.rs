//! A machine handles an event.

use upheaval_module::abi::{Bytes, Call, event, outcome};
use upheaval_term::Term;

use crate::code::Version;
use crate::coroutine::{Returned, run_aside};
use crate::node::Node;
use crate::node::call_back::with_stack;
use crate::observer::Event;
use crate::process::{Callback, Process, Role};
use crate::server::{Engine, call_with, job};
use crate::signal::{Carrier, Kind, Message, Payload, Pid, Tag, payload};
use crate::statem::{EventKind, Happening, Machine, Progress, TimerName};

impl Node {
    /// A machine takes a message out of its mailbox.
    pub(in crate::node) fn machine_takes(&mut self, pid: Pid, message: Message) {
        let event = match message.kind {
            Kind::User(id, carrier) => Happening {
                kind: match carrier {
                    Carrier::Call => EventKind::Call {
                        from: message.from,
                        tag: Tag::of(id),
                    },
                    Carrier::Cast => EventKind::Cast,
                    _ => EventKind::Info,
                },
                message: Some(id),
                content: match carrier {
                    Carrier::Call | Carrier::Cast => message.data,
                    _ => message.as_term(),
                },
            },
            Kind::Timer(tag) => {
                let Some(machine) = self.machine(pid) else {
                    return;
                };
                let name = machine.timer_of(tag).map(|timer| timer.name.clone());
                match name.and_then(|name| machine.fired(&name)) {
                    Some(event) => event,
                    // It was cancelled, and taken out of the mailbox by that.
                    None => return,
                }
            }
            _ => Happening {
                kind: EventKind::Info,
                message: None,
                content: message.as_term(),
            },
        };
        self.machine_handles(pid, event);
    }

    /// A machine does what comes before its mailbox: it enters a state, or handles an
    /// event of its own, or one that was postponed.
    pub(in crate::node) fn machine_goes_on(&mut self, pid: Pid) {
        let Some(machine) = self.machine(pid) else {
            return;
        };
        if let Some(before) = machine.enters.take() {
            if let Some(transition) = &mut machine.transition {
                transition.entering = true;
            }
            return self.call_machine(pid, event::ENTER, &before, &[], None);
        }
        if let Some(event) = machine.next_event() {
            self.machine_handles(pid, event);
        }
    }

    fn machine_handles(&mut self, pid: Pid, event: Happening) {
        let Some((version, _)) = self.current_state(pid) else {
            return;
        };
        if let Some(message) = event.message {
            self.observer.observe(Event::Received {
                message,
                pid,
                version: Some(&version),
            });
        }
        // The event is needed again where it is postponed.
        let Happening { kind, content, .. } = event.clone();
        if let Some(machine) = self.machine(pid) {
            machine.transition = Some(Progress::of(event));
        }
        let (number, name, from) = match kind {
            EventKind::Call { from, tag } => (event::CALL, Payload::new(), Some((from, tag))),
            EventKind::Cast => (event::CAST, Payload::new(), None),
            EventKind::Info => (event::INFO, Payload::new(), None),
            EventKind::Internal => (event::INTERNAL, Payload::new(), None),
            EventKind::Timeout(TimerName::Event) => (event::TIMEOUT, Payload::new(), None),
            EventKind::Timeout(TimerName::State) => (event::STATE_TIMEOUT, Payload::new(), None),
            EventKind::Timeout(TimerName::Named(name)) => (event::NAMED_TIMEOUT, name, None),
        };
        self.call_machine(pid, number, &content, &name, from);
    }

    fn call_machine(
        &mut self,
        pid: Pid,
        event: u32,
        content: &[u8],
        name: &[u8],
        from: Option<(Pid, Tag)>,
    ) {
        let Some((version, state)) = self.current_state(pid) else {
            return;
        };
        let (from, tag) = from.map_or((0, 0), |(from, tag)| (from.number(), tag.0));
        let call = Call {
            data: Bytes::of(content),
            extra: Bytes::of(name),
            event,
            mode: self.machine(pid).map_or(0, |machine| machine.mode),
            from,
            reference: tag,
            ..call_with(state)
        };
        let entry = version.table().handle_event;
        self.call_back(pid, version, entry, call, Callback::Event);
    }

    /// A machine has come out of its `init`: it enters its first state.
    pub(in crate::node) fn machine_starts(
        &mut self,
        pid: Pid,
        version: &Version,
        returned: &Returned,
    ) {
        let init = Happening {
            kind: EventKind::Internal,
            message: None,
            content: payload(&Term::atom("init_state")),
        };
        if let Some(machine) = self.machine(pid) {
            machine.transition = Some(Progress::of(init));
        }
        match self.ask_callback_mode(pid, version) {
            Ok(()) => {}
            Err((told, why)) => return self.terminate_telling(pid, told, why),
        }
        if !self.perform(pid, version.module(), &returned.data) {
            return;
        }
        let Some(machine) = self.machine(pid) else {
            return;
        };
        if let Some(transition) = &mut machine.transition {
            transition.postpone = false;
        }
        if machine.state_enter {
            machine.enters = Some(Payload::from_slice(&returned.second));
            return;
        }
        self.end_transition(pid);
    }

    /// Asks a version for its callback mode; gives what `terminate` is told and the
    /// exit reason, where that fails.
    pub(in crate::node) fn ask_callback_mode(
        &mut self,
        pid: Pid,
        version: &Version,
    ) -> Result<(), (Payload, Payload)> {
        let entry = version.table().callback_mode;
        let returned = run_aside(job(entry, pid, call_with(std::ptr::null_mut())));
        match returned.kind {
            outcome::MODE => {
                if let Some(machine) = self.machine(pid) {
                    machine.mode = returned.next;
                    machine.state_enter = returned.flag;
                }
                Ok(())
            }
            outcome::EXIT => Err((returned.data.clone(), returned.data)),
            outcome::THROW => {
                let bad = Term::tuple([
                    Term::atom("bad_return_from_callback_mode"),
                    crate::signal::term(&returned.data),
                ]);
                let bad = payload(&bad);
                let why = with_stack(&bad, version.module(), "callback_mode", 0);
                Err((bad, why))
            }
            _ => {
                let why = with_stack(&returned.data, version.module(), "callback_mode", 0);
                Err((returned.data, why))
            }
        }
    }

    /// The engine of a machine.
    pub(in crate::node) fn machine(&mut self, pid: Pid) -> Option<&mut Machine> {
        match self.process_mut(pid)? {
            Process {
                role: Role::Server(server),
                ..
            } => match &mut server.engine {
                Engine::Statem(machine) => Some(machine),
                _ => None,
            },
            _ => None,
        }
    }
}
