//! What an event manager is asked for, and what it does next.

use upheaval_module::abi::outcome;
use upheaval_term::Term;

use crate::code::Version;
use crate::coroutine::run_aside;
use crate::events::{Adding, Asker, Key, Manager, Notice, Purpose, Task, Then, named, no_id};
use crate::node::Node;
use crate::observer::Event;
use crate::process::{Process, Role};
use crate::server::{Engine, call_with, job};
use crate::signal::{
    Carrier, Kind, Message, Payload, Pid, StartResult, Tag, payload, reason, term,
};

impl Node {
    /// A manager takes a message out of its mailbox.
    pub(in crate::node) fn manager_takes(&mut self, pid: Pid, message: Message) {
        let asker = match message.kind {
            Kind::User(id, carrier) => {
                let module = self.server_module(pid);
                let current = module.and_then(|module| self.code.current(module));
                self.observer.observe(Event::Received {
                    message: id,
                    pid,
                    version: current,
                });
                match carrier {
                    Carrier::Notify => return self.notify(pid, false, message.data, None),
                    Carrier::Manage => Some((message.from, Tag::of(id))),
                    _ => None,
                }
            }
            _ => None,
        };
        let is_done = asker.is_some_and(|asker| self.manage(pid, asker, &term(&message.data)));
        if !is_done {
            self.notify(pid, true, message.as_term(), None);
        }
    }

    fn notify(&mut self, pid: Pid, info: bool, content: Payload, from: Option<Asker>) {
        self.next_task(
            pid,
            Task::Notify(Notice {
                info,
                content,
                place: 0,
                from,
            }),
        );
    }

    /// Does what a request asks for. False where it is none.
    fn manage(&mut self, pid: Pid, asker: Asker, request: &Term) -> bool {
        if request.is_atom("which_handlers") {
            let names = self.named_handlers(pid, named);
            self.answer_asker(pid, asker, payload(&Term::list(names)));
            return true;
        }
        if request.is_atom("get_modules") {
            let modules = self.handler_modules(pid);
            self.answer_asker(pid, asker, payload(&modules));
            return true;
        }
        let Some([Term::Atom(verb), parts @ ..]) = request.as_tuple() else {
            return false;
        };
        match (verb.as_str(), parts) {
            ("sync_notify", [event]) => {
                self.notify(pid, false, payload(event), Some(asker));
            }
            ("call", [handler, request]) => match self.find_handler(pid, handler) {
                Some(place) => {
                    let request = payload(request);
                    let from = asker;
                    self.next_task(
                        pid,
                        Task::Call {
                            place,
                            request,
                            from,
                        },
                    );
                }
                None => self.answer_asker(pid, asker, error("bad_module")),
            },
            ("add_handler", [handler, args]) => {
                let purpose = Purpose::Add(asker);
                self.add_handler(pid, handler, payload(args), None, purpose);
            }
            ("delete_handler", [handler, why]) => match self.take_handler(pid, handler) {
                Some(handler) => self.next_task(
                    pid,
                    Task::Terminate {
                        handler,
                        why: payload(why),
                        then: Then::Answer(asker),
                    },
                ),
                None => self.answer_asker(pid, asker, error("module_not_found")),
            },
            ("swap_handler", [old, why, new, args]) => {
                let Some(key) = self.key_of(new) else {
                    return false;
                };
                let adding = Adding {
                    key,
                    args: payload(args),
                    left: None,
                    place: 0,
                    purpose: Purpose::Swap(asker),
                };
                match self.take_handler(pid, old) {
                    Some(handler) => self.next_task(
                        pid,
                        Task::Terminate {
                            handler,
                            why: payload(why),
                            then: Then::Swap(Box::new(adding)),
                        },
                    ),
                    None => self.next_task(
                        pid,
                        Task::Add(Adding {
                            left: Some(reason("error")),
                            ..adding
                        }),
                    ),
                }
            }
            _ => return false,
        }
        true
    }

    fn add_handler(
        &mut self,
        pid: Pid,
        handler: &Term,
        args: Payload,
        left: Option<Payload>,
        purpose: Purpose,
    ) {
        if let Some(key) = self.key_of(handler) {
            let adding = Adding {
                key,
                args,
                left,
                place: 0,
                purpose,
            };
            self.next_task(pid, Task::Add(adding));
        }
    }

    /// A manager starts, with the handlers that its module names.
    pub(in crate::node) fn manager_starts(
        &mut self,
        pid: Pid,
        version: &Version,
        args: &[u8],
        starter: Option<Tag>,
    ) {
        if let Some(process) = self.process_mut(pid) {
            process.trap_exit = true;
            process.activity = crate::process::Activity::Idle;
        }
        let call = upheaval_module::abi::Call {
            data: upheaval_module::abi::Bytes::of(args),
            ..call_with(std::ptr::null_mut())
        };
        let returned = run_aside(job(version.table().handlers, pid, call));
        let handlers = match (returned.kind, term(&returned.data)) {
            (outcome::TERM, Term::List(handlers)) => handlers,
            _ => {
                let why =
                    super::super::finish::exit_reason(&returned, version.module(), "start_link", 2);
                self.acknowledge(pid, starter, StartResult::Error, why.clone());
                return self.exit(pid, &why);
            }
        };
        let module = version.module_id();
        let adding = handlers.into_iter().filter_map(|handler| match handler {
            Term::Tuple(parts) => match parts.as_slice() {
                [id, args] => Some(Adding {
                    key: Key {
                        module,
                        id: payload(id),
                    },
                    args: payload(args),
                    left: None,
                    place: 0,
                    purpose: Purpose::Start(starter),
                }),
                _ => None,
            },
            _ => None,
        });
        let tasks: Vec<Task> = adding.map(Task::Add).collect();
        if let Some(manager) = self.manager(pid) {
            manager.tasks.extend(tasks);
            manager.tasks.push_back(Task::Started(starter));
        }
    }

    /// Lets a manager do something before all else.
    pub(super) fn next_task(&mut self, pid: Pid, task: Task) {
        if let Some(manager) = self.manager(pid) {
            manager.tasks.push_front(task);
        }
    }

    pub(super) fn answer_asker(&mut self, pid: Pid, (to, tag): Asker, data: Payload) {
        self.reply(pid, to, tag, data);
    }

    /// `Module`, or `{Module, Id}`, as a key.
    pub(super) fn key_of(&mut self, handler: &Term) -> Option<Key> {
        match handler {
            Term::Atom(module) => Some(Key {
                module: self.code.id(module.as_str()),
                id: no_id(),
            }),
            Term::Tuple(parts) => match parts.as_slice() {
                [Term::Atom(module), id] => Some(Key {
                    module: self.code.id(module.as_str()),
                    id: payload(id),
                }),
                _ => None,
            },
            _ => None,
        }
    }

    fn find_handler(&mut self, pid: Pid, handler: &Term) -> Option<usize> {
        let key = self.key_of(handler)?;
        self.manager(pid)?.find(&key)
    }

    fn take_handler(&mut self, pid: Pid, handler: &Term) -> Option<crate::events::Handler> {
        let place = self.find_handler(pid, handler)?;
        self.manager(pid)?.take(place)
    }

    /// The modules of a manager's handlers, each once (C6).
    pub(in crate::node) fn handler_modules(&self, pid: Pid) -> Term {
        let mut names = self.named_handlers(pid, |name, _| crate::signal::atom(name));
        names.sort();
        names.dedup();
        Term::list(names)
    }

    fn named_handlers(&self, pid: Pid, name: impl Fn(&str, &[u8]) -> Term) -> Vec<Term> {
        let Some(manager) = self.manager_of(pid) else {
            return Vec::new();
        };
        let handlers = manager.handlers.iter();
        handlers
            .map(|handler| name(self.code.name(handler.key.module), &handler.key.id))
            .collect()
    }

    /// The engine of a manager.
    pub(in crate::node) fn manager(&mut self, pid: Pid) -> Option<&mut Manager> {
        match &mut self.process_mut(pid)?.role {
            Role::Server(server) => match &mut server.engine {
                Engine::Events(manager) => Some(manager),
                _ => None,
            },
            _ => None,
        }
    }

    /// The engine of a manager, to look at.
    pub(in crate::node) fn manager_of(&self, pid: Pid) -> Option<&Manager> {
        match self.process(pid)? {
            Process {
                role: Role::Server(server),
                ..
            } => match &server.engine {
                Engine::Events(manager) => Some(manager),
                _ => None,
            },
            _ => None,
        }
    }
}

/// `{error, Reason}`.
fn error(why: &'static str) -> Payload {
    payload(&Term::tuple([Term::atom("error"), Term::atom(why)]))
}
