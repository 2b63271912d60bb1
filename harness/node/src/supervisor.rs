//! The supervisor: a `gen_server` like any other, as in OTP, only that it is
//! part of the node.
//!
//! For now it is one_for_one. It restarts its children by their restart type
//! (D2), counts the restarts, and gives up when there are too many (D4).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use upheaval_module::Caller;
use upheaval_module::Context;
use upheaval_module::abi::Table;
use upheaval_module::behaviour::{CallReturn, GenServer, Init, Return};
use upheaval_term::{Atom, Pid, Ref, Term};

/// The name of the module.
pub(crate) const MODULE: &str = "supervisor";

/// The module, as a node finds it in any other library.
pub(crate) const TABLE: Table = Table::gen_server::<Supervisor>(MODULE, "1");

/// What `init` of a supervisor's callback module says of the supervisor itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// Who is restarted when a child ends.
    pub strategy: Strategy,
    /// How many restarts it bears within a period.
    pub intensity: u32,
    /// The period, in seconds.
    pub period: u32,
}

/// Who is restarted when a child ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    /// That child.
    OneForOne,
}

/// A child, as a supervisor's callback module describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChildSpec {
    /// Its id.
    pub id: Atom,
    /// Module, function and arguments of its start: `{M, start_link, [Name, Args]}`.
    pub start: (Atom, Atom, Vec<Term>),
    /// When it is restarted.
    pub restart: RestartType,
    /// How it is stopped.
    pub shutdown: Shutdown,
    /// `worker` or `supervisor`.
    #[serde(rename = "type")]
    pub kind: Atom,
    /// The modules by which a release finds it (C5).
    pub modules: Vec<Atom>,
}

/// When a child is restarted (D2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RestartType {
    /// Always.
    Permanent,
    /// Unless it ended with `normal`, `shutdown` or `{shutdown,_}`.
    Transient,
    /// Never.
    Temporary,
}

/// How a child is stopped (D7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Shutdown {
    /// `exit(Pid, shutdown)`, and `kill` after so many milliseconds.
    After(u64),
    /// `brutal_kill` or `infinity`.
    Named(NamedShutdown),
}

/// The shutdowns that have no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedShutdown {
    /// `exit(Pid, kill)`.
    BrutalKill,
    /// `exit(Pid, shutdown)`, however long it takes.
    Infinity,
}

impl ChildSpec {
    /// A worker of a module, registered under its id, with OTP's defaults.
    ///
    /// # Errors
    /// A name that is too long for an atom.
    pub fn worker(
        id: &str,
        module: &str,
        args: Term,
        restart: RestartType,
    ) -> Result<ChildSpec, upheaval_term::AtomTooLong> {
        let id = Atom::new(id)?;
        let module = Atom::new(module)?;
        Ok(ChildSpec {
            start: (
                module.clone(),
                Atom::from_static("start_link"),
                vec![Term::Atom(id.clone()), args],
            ),
            id,
            restart,
            shutdown: Shutdown::After(5000),
            kind: Atom::from_static("worker"),
            modules: vec![module],
        })
    }
}

/// What a supervisor is started with.
pub(crate) fn args(flags: &Flags, specs: &[ChildSpec]) -> Term {
    match upheaval_term::to_term(&(flags, specs)) {
        Ok(args) => args,
        Err(error) => unreachable!("flags and specs are terms: {error}"),
    }
}

/// A child, as its supervisor has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildInfo {
    /// Its id.
    pub id: String,
    /// Its process, where it is started.
    pub pid: Option<crate::Pid>,
    /// The modules of its spec (C5).
    pub modules: Vec<String>,
}

/// The children in a supervisor's state, newest first. A term that is no such
/// state has none.
pub(crate) fn children_of(state: &[u8]) -> Vec<ChildInfo> {
    let Ok(supervisor) = upheaval_term::from_slice::<Supervisor>(state) else {
        return Vec::new();
    };
    let info = |child: Child| ChildInfo {
        id: child.spec.id.as_str().to_owned(),
        pid: child.pid.map(|pid| crate::Pid(pid.id)),
        modules: (child.spec.modules.iter())
            .map(|m| m.as_str().to_owned())
            .collect(),
    };
    supervisor.children.into_iter().rev().map(info).collect()
}

/// The supervisor's state.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Supervisor {
    flags: Flags,
    /// In start order.
    children: Vec<Child>,
    /// When it restarted something, in seconds, newest first.
    restarts: Vec<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Child {
    pid: Option<Pid>,
    spec: ChildSpec,
}

/// What a supervisor can be asked.
#[derive(Debug, Deserialize)]
pub(crate) enum Request {
    /// `supervisor:which_children/1`.
    WhichChildren,
}

/// What a supervisor tells itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Note {
    /// A restart failed, and is to be tried again.
    TryAgainRestart(Atom),
}

impl GenServer for Supervisor {
    type Args = (Flags, Vec<ChildSpec>);
    type Call = Request;
    type Reply = Vec<(Atom, Option<Pid>, Atom, Vec<Atom>)>;
    type Cast = Note;
    type Info = Term;

    fn init((flags, specs): Self::Args, context: &Context) -> Init<Self> {
        context.trap_exit(true);
        let mut supervisor = Supervisor {
            flags,
            children: Vec::with_capacity(specs.len()),
            restarts: Vec::new(),
        };
        for spec in specs {
            match start(&spec, context) {
                Ok(pid) => supervisor.children.push(Child { pid, spec }),
                Err(why) => {
                    supervisor.stop_children(context);
                    let failed = Term::tuple([
                        Term::atom("failed_to_start_child"),
                        Term::Atom(spec.id),
                        why,
                    ]);
                    return Init::Stop(Term::tuple([Term::atom("shutdown"), failed]));
                }
            }
        }
        Init::Ok(supervisor)
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<Self::Reply> {
        match request {
            // Newest first, as OTP gives them.
            Request::WhichChildren => CallReturn::Reply(
                self.children
                    .iter()
                    .rev()
                    .map(|child| {
                        let spec = &child.spec;
                        (
                            spec.id.clone(),
                            child.pid.clone(),
                            spec.kind.clone(),
                            spec.modules.clone(),
                        )
                    })
                    .collect(),
            ),
        }
    }

    fn handle_cast(&mut self, note: Note, context: &Context) -> Return {
        let Note::TryAgainRestart(id) = note;
        match self.children.iter().position(|child| child.spec.id == id) {
            Some(place) if self.children[place].pid.is_none() => self.restart(place, context),
            _ => Return::NoReply,
        }
    }

    fn handle_info(&mut self, message: Term, context: &Context) -> Return {
        // `{'EXIT',Pid,Reason}`; anything else is none of its business.
        match message.as_tuple() {
            Some([Term::Atom(tag), Term::Pid(pid), reason]) if tag.as_str() == "EXIT" => {
                self.child_ended(pid, reason, context)
            }
            _ => Return::NoReply,
        }
    }

    fn terminate(&mut self, _: &Term, context: &Context) {
        self.stop_children(context);
    }
}

impl Supervisor {
    fn child_ended(&mut self, pid: &Pid, reason: &Term, context: &Context) -> Return {
        let Some(place) = self
            .children
            .iter()
            .position(|child| child.pid.as_ref() == Some(pid))
        else {
            return Return::NoReply;
        };
        self.children[place].pid = None;
        match self.children[place].spec.restart {
            RestartType::Permanent => self.restart(place, context),
            RestartType::Transient if is_abnormal(reason) => self.restart(place, context),
            RestartType::Transient => Return::NoReply,
            RestartType::Temporary => {
                self.children.remove(place);
                Return::NoReply
            }
        }
    }

    /// Starts a child again, unless that is one restart too many (D4).
    fn restart(&mut self, place: usize, context: &Context) -> Return {
        let now = context.now().as_secs();
        let earliest = now.saturating_sub(u64::from(self.flags.period));
        self.restarts.insert(0, now);
        self.restarts.retain(|at| *at >= earliest);
        if self.restarts.len() > self.flags.intensity as usize {
            return Return::Stop(Term::atom("shutdown"));
        }
        let child = &mut self.children[place];
        match start(&child.spec, context) {
            Ok(pid) => child.pid = pid,
            // Each failed attempt counts as a restart of its own (D4).
            Err(_) => context.cast(
                context.self_pid(),
                &Note::TryAgainRestart(child.spec.id.clone()),
            ),
        }
        Return::NoReply
    }

    /// Stops all children, in the reverse of their start order (D1).
    fn stop_children(&mut self, context: &Context) {
        for child in self.children.iter_mut().rev() {
            if let Some(pid) = child.pid.take() {
                stop(&pid, child.spec.shutdown, context);
            }
        }
    }
}

fn start(spec: &ChildSpec, context: &Context) -> Result<Option<Pid>, Term> {
    let (module, _, args) = &spec.start;
    match args.as_slice() {
        [Term::Atom(name), args] => context.start_link(name.as_str(), module.as_str(), args),
        _ => Err(Term::tuple([
            Term::atom("bad_start_args"),
            Term::list(args.iter().cloned()),
        ])),
    }
}

/// Ends a child and waits until it is gone.
fn stop(pid: &Pid, shutdown: Shutdown, context: &Context) {
    let monitor = context.monitor(pid);
    context.unlink(pid);
    let (reason, patience) = match shutdown {
        Shutdown::After(ms) => ("shutdown", Some(ms)),
        Shutdown::Named(NamedShutdown::Infinity) => ("shutdown", None),
        Shutdown::Named(NamedShutdown::BrutalKill) => ("kill", None),
    };
    context.exit_signal(pid, &Term::atom(reason));
    if let Some(ms) = patience {
        if is_down(&monitor, Some(ms), context) {
            return;
        }
        context.exit_signal(pid, &Term::atom("kill"));
    }
    is_down(&monitor, None, context);
}

/// Waits for a monitor's `DOWN`, and leaves all other messages where they are.
fn is_down(monitor: &Ref, ms: Option<u64>, context: &Context) -> bool {
    // The supervisor waits for one child at a time, so a DOWN is this child's.
    type Down = (Atom, Ref, Atom, Term, Term);
    let down: Option<Down> = match ms {
        Some(ms) => context.receive_timeout(Duration::from_millis(ms)),
        None => Some(context.receive()),
    };
    debug_assert!(down.as_ref().is_none_or(|(_, tag, ..)| tag == monitor));
    down.is_some()
}

fn is_abnormal(reason: &Term) -> bool {
    match reason {
        Term::Atom(reason) => !matches!(reason.as_str(), "normal" | "shutdown"),
        Term::Tuple(parts) => parts.len() != 2 || parts[0] != Term::atom("shutdown"),
        _ => true,
    }
}
