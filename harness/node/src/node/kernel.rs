//! The node's data, and the few operations on it that everything else uses.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;
use upheaval_module::abi::Table;

use crate::code::{Artifact, CodeServer, ModuleId, Version};
use crate::coroutine::Stacks;
use crate::node::on_load::Loading;
use crate::node::{Flaw, Outcome};
use crate::observer::{Event, Observer};
use crate::process::{Activity, Process, Role, Start};
use crate::scheduler::Scheduler;
use crate::signal::{Carrier, Kind, Message, MessageId, Payload, Pid, Signal, Tag};
use crate::supervisor;

/// A node: processes, code, names, timers, and a clock of its own.
///
/// Nothing happens by itself: [`step`](Node::step) lets one process handle one
/// signal, and [`advance`](Node::advance) moves the clock.
pub struct Node {
    /// By pid; a process that has ended leaves its place empty.
    pub(super) processes: Vec<Option<Box<Process>>>,
    pub(super) ready: Vec<Pid>,
    pub(super) names: FxHashMap<Rc<str>, Pid>,
    pub(super) code: CodeServer,
    pub(super) now: u64,
    pub(super) timers: BTreeMap<(u64, Tag), Timer>,
    /// The timers and monitors that servers have begun without being asked for it.
    pub(super) begun_of_itself: BTreeSet<Tag>,
    /// What whoever drives the node waits for.
    pub(super) outside: FxHashMap<Tag, Asked>,
    pub(super) stacks: Stacks,
    pub(super) scheduler: Box<dyn Scheduler>,
    pub(super) observer: Box<dyn Observer>,
    pub(super) flaw: Option<Flaw>,
    /// Loads that wait for an `on_load` function.
    pub(super) loadings: Vec<Loading>,
    /// Whether any artifact that was deployed has an `on_load` function.
    pub(super) has_on_loads: bool,
    /// Whether signals of one sender may overtake those of another.
    pub(super) overtaking: bool,
    messages: u32,
    tags: u64,
    pub(super) waits: u64,
}

/// Something that was asked for from outside.
#[derive(Debug)]
pub(super) struct Asked {
    /// Whom it concerns.
    pub(super) of: Pid,
    /// The answer, once it has come.
    pub(super) outcome: Option<Outcome>,
}

/// Something that happens later.
#[derive(Debug)]
pub(super) enum Timer {
    /// A message is sent.
    Send {
        owner: Pid,
        to: Target,
        data: Payload,
    },
    /// A state machine is told that one of its timers has fired; the data is its name.
    Machine { owner: Pid, data: Payload },
}

impl Timer {
    /// Whose it is, and what it sends to whom; nothing of a machine's own.
    pub(super) fn sends(&self) -> Option<(Pid, &Target, &Payload)> {
        match self {
            Timer::Send { owner, to, data } => Some((*owner, to, data)),
            Timer::Machine { .. } => None,
        }
    }
}

/// Where a message goes, before it is known whether anybody is there.
#[derive(Clone, Debug)]
pub(super) enum Target {
    Pid(Pid),
    Name(Box<str>),
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("now", &self.now)
            .field("processes", &self.processes.iter().flatten().count())
            .field("ready", &self.ready)
            .finish_non_exhaustive()
    }
}

impl Node {
    /// A node with no process, and no module but `supervisor` and the callback module
    /// of [`start_supervisor`](Node::start_supervisor).
    ///
    /// Stacks are shared, so that one node after the other can use them.
    pub fn new(
        stacks: Stacks,
        scheduler: impl Scheduler + 'static,
        observer: impl Observer + 'static,
    ) -> Node {
        let mut node = Node {
            // Pid 0 is nobody's.
            processes: vec![None],
            ready: Vec::new(),
            names: FxHashMap::default(),
            code: CodeServer::default(),
            now: 0,
            timers: BTreeMap::new(),
            begun_of_itself: BTreeSet::new(),
            outside: FxHashMap::default(),
            stacks,
            scheduler: Box::new(scheduler),
            observer: Box::new(observer),
            flaw: None,
            loadings: Vec::new(),
            has_on_loads: false,
            overtaking: false,
            messages: 0,
            tags: 0,
            waits: 0,
        };
        node.load_own();
        node
    }

    /// Loads the modules that are part of the node.
    pub(super) fn load_own(&mut self) {
        static SUPERVISOR: Table = supervisor::TABLE;
        static GIVEN: Table = supervisor::GIVEN_TABLE;
        for (name, table) in [
            (supervisor::MODULE, &SUPERVISOR),
            (supervisor::GIVEN, &GIVEN),
        ] {
            let module = self.code.id(name);
            self.code.deploy(Artifact::built_in(table));
            if let Err(error) = self.code.load(module) {
                unreachable!("a module that is part of the node loads: {error}");
            }
        }
    }

    pub(super) fn process(&self, pid: Pid) -> Option<&Process> {
        self.processes.get(pid.0 as usize)?.as_deref()
    }

    pub(super) fn process_mut(&mut self, pid: Pid) -> Option<&mut Process> {
        self.processes.get_mut(pid.0 as usize)?.as_deref_mut()
    }

    pub(super) fn new_tag(&mut self) -> Tag {
        self.tags += 1;
        Tag::other(self.tags)
    }

    /// Makes a process, with nothing to do yet.
    pub(super) fn create(&mut self, parent: Option<Pid>, module: Option<ModuleId>) -> Pid {
        let pid = Pid(self.processes.len() as u32);
        self.processes
            .push(Some(Box::new(Process::new(pid, parent))));
        self.observer.observe(Event::Spawned {
            pid,
            parent,
            module: module.map(|module| self.code.name(module)),
        });
        pid
    }

    /// Makes a process that runs a version's `on_load` function. It is the code server's,
    /// and no part of what is observed.
    pub(super) fn create_unseen(&mut self, version: Version) -> Pid {
        let pid = Pid(self.processes.len() as u32);
        let mut process = Process::new(pid, None);
        process.role = Role::OnLoad(version, false);
        self.processes.push(Some(Box::new(process)));
        self.refresh(pid);
        pid
    }

    /// Makes a process that starts with a module as soon as it runs (A7).
    pub(super) fn spawn_module(&mut self, parent: Option<Pid>, start: Start) -> Pid {
        let module = Some(start.module).filter(|module| !self.is_supervisor(*module));
        let pid = self.create(parent, module);
        if let Some(process) = self.process_mut(pid) {
            process.role = Role::Unknown;
            process.activity = Activity::New(start);
        }
        self.refresh(pid);
        pid
    }

    /// Puts a signal into a process's inbox. To the dead it is lost in silence.
    pub(super) fn signal(&mut self, to: Pid, signal: Signal) {
        if let Some(process) = self.process_mut(to) {
            process.inbox.push_back(signal);
            match process.frozen {
                false => self.make_ready(to),
                true => self.refresh(to),
            }
        }
    }

    /// Sends a user message.
    pub(super) fn send_user(
        &mut self,
        from: Pid,
        to: Option<Pid>,
        carrier: Carrier,
        data: Payload,
    ) -> MessageId {
        self.messages += 1;
        let message = MessageId(self.messages);
        let to = to.filter(|pid| self.process(*pid).is_some());
        let is_seen = !self.process(from).is_some_and(Process::runs_on_load);
        self.observer.observe(Event::Sent {
            message,
            from: if is_seen { from } else { Pid::OUTSIDE },
            to,
            carrier,
            data: &data,
        });
        if let Some(to) = to {
            self.signal(
                to,
                Signal::Message(Message {
                    kind: Kind::User(message, carrier),
                    from,
                    data,
                }),
            );
        }
        message
    }

    /// The process that a message to `target` would go to.
    pub(super) fn resolve(&self, target: &Target) -> Option<Pid> {
        match target {
            Target::Pid(pid) => self.process(*pid).map(|process| process.pid),
            Target::Name(name) => self.names.get(&**name).copied(),
        }
    }

    /// Lets `watcher` be told when `watched` ends. The process must be alive.
    pub(super) fn watch(&mut self, watcher: Pid, watched: Pid, tag: Tag) {
        if let Some(process) = self.process_mut(watched) {
            process.watchers.push((tag, watcher));
        }
        if let Some(process) = self.process_mut(watcher) {
            process.monitors.push((tag, watched));
        }
    }

    /// Undoes [`watch`](Node::watch).
    pub(super) fn unwatch(&mut self, watcher: Pid, tag: Tag) {
        let Some(process) = self.process_mut(watcher) else {
            return;
        };
        let Some(place) = process.monitors.iter().position(|(t, _)| *t == tag) else {
            return;
        };
        let (_, watched) = process.monitors.swap_remove(place);
        if let Some(process) = self.process_mut(watched) {
            process.watchers.retain(|(t, _)| *t != tag);
        }
    }

    /// Registers a process under a name. False where the name is taken, or the
    /// process is dead or has a name.
    pub(super) fn register_name(&mut self, pid: Pid, name: &Rc<str>) -> bool {
        if self.names.contains_key(name) {
            return false;
        }
        let Some(process) = self.process_mut(pid).filter(|p| p.name.is_none()) else {
            return false;
        };
        process.name = Some(Rc::clone(name));
        self.names.insert(Rc::clone(name), pid);
        self.observer.observe(Event::Registered(pid, name));
        true
    }

    /// Puts a process on the list of those that can run, or takes it off.
    pub(super) fn refresh(&mut self, pid: Pid) {
        let Some(process) = self.process(pid) else {
            return;
        };
        if process.can_run() {
            self.make_ready(pid);
        } else if process.ready_at.is_some() {
            self.make_unready(pid);
        }
    }

    fn make_ready(&mut self, pid: Pid) {
        let place = self.ready.len() as u32;
        if let Some(process) = self.process_mut(pid)
            && process.ready_at.is_none()
        {
            process.ready_at = Some(place);
            self.ready.push(pid);
        }
    }

    pub(super) fn make_unready(&mut self, pid: Pid) {
        let Some(place) = self.process_mut(pid).and_then(|p| p.ready_at.take()) else {
            return;
        };
        self.ready.swap_remove(place as usize);
        if let Some(moved) = self.ready.get(place as usize).copied()
            && let Some(process) = self.process_mut(moved)
        {
            process.ready_at = Some(place);
        }
    }
}
