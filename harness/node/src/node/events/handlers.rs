//! A manager calls its handlers back.

use std::ffi::c_void;

use upheaval_module::abi::{Bytes, Call, Entry, Table};
use upheaval_term::Term;

use crate::code::Version;
use crate::events::{Adding, Handler, Notice, Purpose, Task, Then};
use crate::node::Node;
use crate::node::call_back::with_stack;
use crate::observer::Event;
use crate::process::Callback;
use crate::server::{LiveState, State, call_with};
use crate::signal::{Payload, Pid, StartResult, atom, payload, reason, term};

impl Node {
    /// A manager does what comes before its mailbox.
    pub(in crate::node) fn manager_goes_on(&mut self, pid: Pid) {
        let Some(task) = self.manager(pid).and_then(|m| m.tasks.pop_front()) else {
            return;
        };
        match task {
            Task::Notify(notice) => self.notify_next(pid, notice),
            Task::Call {
                place,
                request,
                from,
            } => {
                let data = request.clone();
                let doing = Task::Call {
                    place,
                    request,
                    from,
                };
                self.call_handler(pid, place, |table| table.handle_call, &data, doing);
            }
            Task::Terminate { handler, why, then } => self.end_handler(pid, handler, why, then),
            Task::Add(adding) => self.init_handler(pid, adding),
            Task::Started(starter) => {
                self.acknowledge(pid, starter, StartResult::Ok, Payload::new());
            }
            Task::Exit(why) => self.exit(pid, &why),
        }
    }

    fn notify_next(&mut self, pid: Pid, notice: Notice) {
        let is_left = self
            .manager_of(pid)
            .is_some_and(|manager| notice.place < manager.handlers.len());
        if !is_left {
            if let Some(asker) = notice.from {
                self.answer_asker(pid, asker, reason("ok"));
            }
            return;
        }
        let entry = match notice.info {
            true => |table: &'static Table| table.handle_info,
            false => |table: &'static Table| table.handle_event,
        };
        let data = notice.content.clone();
        self.call_handler(pid, notice.place, entry, &data, Task::Notify(notice));
    }

    fn call_handler(
        &mut self,
        pid: Pid,
        place: usize,
        entry: fn(&'static Table) -> Entry,
        data: &[u8],
        doing: Task,
    ) {
        match self.handler_state(pid, place) {
            Ok((version, state)) => {
                let call = Call {
                    data: Bytes::of(data),
                    ..call_with(state)
                };
                let entry = entry(version.table());
                self.call_back(
                    pid,
                    version,
                    entry,
                    call,
                    Callback::Handler(Box::new(doing)),
                );
            }
            Err(why) => self.handler_failed(pid, doing, exit_of(&why)),
        }
    }

    /// The version that a handler's next callback runs in, with its state as that
    /// version's own value; or why it cannot be had.
    fn handler_state(&mut self, pid: Pid, place: usize) -> Result<(Version, *mut c_void), Payload> {
        let handler = |node: &Node| {
            let handler = node.manager_of(pid)?.handlers.get(place)?;
            Some((handler.key.module, handler.state.version().cloned()))
        };
        let Some((module, old)) = handler(self) else {
            return Err(reason("undefined"));
        };
        let Some(current) = self.called(module) else {
            return Err(self.undefined(module));
        };
        let Some(handler) = self.manager_of(pid).and_then(|m| m.handlers.get(place)) else {
            return Err(reason("undefined"));
        };
        let live = match &handler.state {
            State::Live(live) if *live.version() == current => None,
            state => {
                let bytes = state.dump()?;
                Some(self.read_handler(pid, &current, old.as_ref(), &bytes)?)
            }
        };
        let is_own = self.server_module(pid) == Some(module);
        if is_own {
            self.enter(pid, &current);
        }
        let Some(handler) = self.manager(pid).and_then(|m| m.handlers.get_mut(place)) else {
            return Err(reason("undefined"));
        };
        if let Some(live) = live {
            handler.state = State::Live(live);
        }
        match &handler.state {
            State::Live(live) => Ok((current, live.value())),
            _ => Err(reason("undefined")),
        }
    }

    fn read_handler(
        &mut self,
        pid: Pid,
        current: &Version,
        old: Option<&Version>,
        bytes: &[u8],
    ) -> Result<LiveState, Payload> {
        LiveState::read(current, bytes, pid).map_err(|why| {
            if let Some(old) = old {
                self.observer.observe(Event::Unreadable {
                    pid,
                    from: old,
                    to: current,
                    state: bytes,
                });
            }
            with_stack(&why, current.module(), "handle_event", 2)
        })
    }

    fn init_handler(&mut self, pid: Pid, adding: Adding) {
        let module = adding.key.module;
        let Some(version) = self.called(module) else {
            let why = exit_of(&self.undefined(module));
            return self.handler_failed(pid, Task::Add(adding), why);
        };
        if self.server_module(pid) == Some(module) {
            self.enter(pid, &version);
        }
        let data = match &adding.left {
            Some(left) => payload(&Term::tuple([term(&adding.args), term(left)])),
            None => adding.args.clone(),
        };
        let call = Call {
            data: Bytes::of(&data),
            event: u32::from(adding.left.is_some()),
            ..call_with(std::ptr::null_mut())
        };
        let entry = version.table().start;
        let doing = Callback::Handler(Box::new(Task::Add(adding)));
        self.call_back(pid, version, entry, call, doing);
    }

    /// A handler that has been taken off the list is told that it ends.
    fn end_handler(&mut self, pid: Pid, mut handler: Handler, why: Payload, then: Then) {
        let module = handler.key.module;
        let Some(version) = self.called(module) else {
            let undefined = exit_of(&self.undefined(module));
            return self.handler_ended(pid, then, undefined);
        };
        let is_live = matches!(&handler.state, State::Live(live) if *live.version() == version);
        if !is_live {
            // The manager may be ending, and nobody is to go on with that state.
            let ends = self
                .manager_of(pid)
                .is_some_and(|m| m.tasks.iter().any(|task| matches!(task, Task::Exit(_))));
            let old = handler.state.version().filter(|_| !ends).cloned();
            let read = handler
                .state
                .dump()
                .and_then(|bytes| self.read_handler(pid, &version, old.as_ref(), &bytes));
            match read {
                Ok(live) => handler.state = State::Live(live),
                Err(error) => return self.handler_ended(pid, then, exit_of(&error)),
            }
        }
        let State::Live(live) = &handler.state else {
            return;
        };
        let call = Call {
            data: Bytes::of(&why),
            ..call_with(live.value())
        };
        let entry = version.table().terminate;
        let doing = Task::Terminate {
            handler,
            why: why.clone(),
            then,
        };
        self.call_back(
            pid,
            version,
            entry,
            call,
            Callback::Handler(Box::new(doing)),
        );
    }

    /// What comes after a handler's end.
    pub(super) fn handler_ended(&mut self, pid: Pid, then: Then, said: Payload) {
        match then {
            Then::Nothing => {}
            Then::Answer(asker) => self.answer_asker(pid, asker, said),
            Then::Reply(asker, reply) => self.answer_asker(pid, asker, reply),
            Then::Swap(adding) => {
                let adding = Adding {
                    left: Some(said),
                    ..*adding
                };
                self.next_task(pid, Task::Add(adding));
            }
        }
    }

    /// A callback of a handler has crashed, or gave what it must not: `error` is what
    /// `catch` would have given.
    pub(super) fn handler_failed(&mut self, pid: Pid, doing: Task, error: Payload) {
        let why = payload(&Term::tuple([Term::atom("error"), term(&error)]));
        match doing {
            // It is removed, and the manager lives.
            Task::Notify(notice) => {
                let place = notice.place;
                self.next_task(pid, Task::Notify(notice));
                self.remove_handler(pid, place, why, Then::Nothing);
            }
            Task::Call { place, from, .. } => {
                let then = Then::Reply(from, why.clone());
                self.remove_handler(pid, place, why, then);
            }
            Task::Terminate { then, .. } => self.handler_ended(pid, then, error),
            Task::Add(adding) => self.not_added(pid, adding, error),
            Task::Started(_) | Task::Exit(_) => {}
        }
    }

    pub(super) fn remove_handler(&mut self, pid: Pid, place: usize, why: Payload, then: Then) {
        if let Some(handler) = self.manager(pid).and_then(|m| m.take(place)) {
            self.next_task(pid, Task::Terminate { handler, why, then });
        }
    }

    /// A handler was not added, for what its `init` gave.
    pub(super) fn not_added(&mut self, pid: Pid, adding: Adding, what: Payload) {
        match adding.purpose {
            Purpose::Start(starter) => {
                self.acknowledge(pid, starter, StartResult::Error, what);
                self.exit(pid, &reason("normal"));
            }
            Purpose::Add(asker) => self.answer_asker(pid, asker, what),
            Purpose::Swap(asker) => {
                let what = Term::tuple([Term::atom("error"), term(&what)]);
                self.answer_asker(pid, asker, payload(&what));
            }
            Purpose::Event(notice) => self.next_task(pid, Task::Notify(notice)),
            Purpose::Call(asker, reply) => self.answer_asker(pid, asker, reply),
        }
    }

    /// A handler is there.
    pub(super) fn added(&mut self, pid: Pid, adding: Adding, live: LiveState) {
        let Adding {
            key,
            place,
            purpose,
            ..
        } = adding;
        if let Some(manager) = self.manager(pid) {
            let state = State::Live(live);
            manager.handlers.insert(place, Handler { key, state });
        }
        match purpose {
            Purpose::Start(_) => {}
            Purpose::Add(asker) | Purpose::Swap(asker) => {
                self.answer_asker(pid, asker, reason("ok"));
            }
            Purpose::Event(notice) => {
                let place = place + 1;
                self.next_task(pid, Task::Notify(Notice { place, ..notice }));
            }
            Purpose::Call(asker, reply) => self.answer_asker(pid, asker, reply),
        }
    }

    /// Ends all handlers, the first one first, and then the manager.
    pub(in crate::node) fn stop_manager(&mut self, pid: Pid, why: Payload) {
        let Some(manager) = self.manager(pid) else {
            return;
        };
        for handler in std::mem::take(&mut manager.handlers) {
            manager.tasks.push_back(Task::Terminate {
                handler,
                why: reason("stop"),
                then: Then::Nothing,
            });
        }
        manager.tasks.push_back(Task::Exit(why));
    }
}

/// `{'EXIT', Reason}`: what `catch` gives.
pub(super) fn exit_of(why: &[u8]) -> Payload {
    payload(&Term::tuple([Term::atom("EXIT"), term(why)]))
}

/// A module's name as a term.
pub(super) fn name(module: &str) -> Term {
    atom(module)
}
