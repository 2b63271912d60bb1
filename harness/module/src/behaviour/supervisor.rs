//! The supervisor: what its callback module says of it and of its children.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use upheaval_term::{Atom, RawTerm, Term};

/// A `supervisor` callback module.
///
/// It has no state and no process of its own: it is the node's supervisor that
/// asks it, once when it starts, and again when it is told to change code (B13).
/// So a supervisor is upgraded by a version of this module whose
/// [`init`](Supervisor::init) gives something else.
///
/// ```
/// use upheaval_module::prelude::*;
///
/// struct Shop;
///
/// impl Supervisor for Shop {
///     type Args = i64;
///
///     fn init(stock: i64) -> SupervisorInit {
///         let flags = Flags {
///             strategy: Strategy::RestForOne,
///             intensity: 3,
///             ..Flags::default()
///         };
///         // `shelf:start_link(shelf, 5)`, and with it `till:start_link(till, [])`.
///         let shelf = ChildSpec::worker("shelf", "shelf", Term::Int(stock));
///         let till = ChildSpec::worker("till", "till", Term::List(vec![]))
///             .restart(RestartType::Transient);
///         SupervisorInit::Ok(flags, vec![shelf, till])
///     }
/// }
///
/// export!(supervisor Shop, module "shop", vsn "1");
/// # fn main() {}
/// ```
pub trait Supervisor: 'static {
    /// What `init` is given.
    type Args: DeserializeOwned;

    /// `init/1`.
    fn init(args: Self::Args) -> SupervisorInit;
}

/// What `init` of a supervisor returns.
#[derive(Clone, Debug, PartialEq)]
pub enum SupervisorInit {
    /// `{ok, {Flags, ChildSpecs}}`. Under
    /// [`SimpleOneForOne`](Strategy::SimpleOneForOne) there is one spec, the
    /// template.
    Ok(Flags, Vec<ChildSpec>),
    /// `ignore`.
    Ignore,
    /// Any other term; the supervisor makes of it what OTP's does.
    Other(Term),
    /// `{ok, What}`, of which nothing is read here: for a callback module that passes on what
    /// it is given.
    Given(RawTerm),
}

/// It is the term that it is in Erlang.
impl Serialize for SupervisorInit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            SupervisorInit::Ok(flags, specs) => {
                (Atom::from_static("ok"), (flags, specs)).serialize(serializer)
            }
            SupervisorInit::Ignore => Atom::from_static("ignore").serialize(serializer),
            SupervisorInit::Other(term) => term.serialize(serializer),
            SupervisorInit::Given(what) => (Atom::from_static("ok"), what).serialize(serializer),
        }
    }
}

/// What a callback module says of the supervisor itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// Who is restarted when a child ends.
    pub strategy: Strategy,
    /// How many restarts it bears within a period (D4).
    pub intensity: u32,
    /// The period, in seconds; OTP takes no 0.
    pub period: u32,
    /// Whether it ends with its significant children (D6).
    pub auto_shutdown: AutoShutdown,
}

impl Default for Flags {
    /// OTP's: one_for_one, one restart in five seconds, no automatic shutdown.
    fn default() -> Flags {
        Flags {
            strategy: Strategy::OneForOne,
            intensity: 1,
            period: 5,
            auto_shutdown: AutoShutdown::Never,
        }
    }
}

/// Who is restarted when a child ends (D5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    /// That child.
    OneForOne,
    /// All children.
    OneForAll,
    /// That child and those that were started after it.
    RestForOne,
    /// That child; all are alike, and are added while it runs.
    SimpleOneForOne,
}

/// Whether a supervisor ends with its significant children (D6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AutoShutdown {
    /// It does not.
    Never,
    /// With the first of them.
    AnySignificant,
    /// With the last of them.
    AllSignificant,
}

/// A child, as a supervisor's callback module describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChildSpec {
    /// Its id.
    pub id: Term,
    /// Module, function and arguments of its start: `{M, start_link, [Name, Args]}`.
    /// A template has no arguments: those of `start_child` are put behind.
    pub start: (Atom, Atom, Vec<Term>),
    /// When it is restarted.
    pub restart: RestartType,
    /// Whether its end may end the supervisor (D6).
    pub significant: bool,
    /// How it is stopped.
    pub shutdown: Shutdown,
    /// Whether it is a supervisor itself.
    #[serde(rename = "type")]
    pub child_type: ChildType,
    /// The modules by which a release finds it (C5).
    pub modules: Modules,
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
    /// One of those without a time.
    Named(NamedShutdown),
}

impl Shutdown {
    /// `brutal_kill`.
    pub const BRUTAL_KILL: Shutdown = Shutdown::Named(NamedShutdown::BrutalKill);
    /// `infinity`.
    pub const INFINITY: Shutdown = Shutdown::Named(NamedShutdown::Infinity);
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

/// What kind of process a child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChildType {
    /// It has no children.
    Worker,
    /// It is a supervisor.
    Supervisor,
}

/// The modules by which a release finds a child (C5, C6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Modules {
    /// These.
    List(Vec<Atom>),
    /// Those that the process names when it is asked.
    Dynamic(Dynamic),
}

/// The atom `dynamic`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dynamic {
    /// `dynamic`.
    Dynamic,
}

impl ChildSpec {
    /// A permanent worker that is registered under its id:
    /// `Module:start_link(Id, Args)`, with OTP's defaults.
    ///
    /// # Panics
    /// If a name is no atom: longer than 255 characters.
    pub fn worker(id: &str, module: &str, args: Term) -> ChildSpec {
        ChildSpec::new(id, module, vec![Term::Atom(atom(id)), args])
    }

    /// A permanent supervisor, `Module` being its callback module: as
    /// [`worker`](ChildSpec::worker), and it may take as long as it likes to
    /// stop (D7).
    ///
    /// # Panics
    /// As [`worker`](ChildSpec::worker).
    pub fn supervisor(id: &str, module: &str, args: Term) -> ChildSpec {
        ChildSpec {
            child_type: ChildType::Supervisor,
            shutdown: Shutdown::INFINITY,
            ..ChildSpec::worker(id, module, args)
        }
    }

    /// The template of a supervisor whose children are all alike: `start_child`
    /// gives the rest of the arguments, `[Name, Args]`.
    ///
    /// # Panics
    /// As [`worker`](ChildSpec::worker).
    pub fn template(id: &str, module: &str) -> ChildSpec {
        ChildSpec::new(id, module, Vec::new())
    }

    fn new(id: &str, module: &str, args: Vec<Term>) -> ChildSpec {
        let module = atom(module);
        ChildSpec {
            id: Term::Atom(atom(id)),
            start: (module.clone(), Atom::from_static("start_link"), args),
            restart: RestartType::Permanent,
            significant: false,
            shutdown: Shutdown::After(5000),
            child_type: ChildType::Worker,
            modules: Modules::List(vec![module]),
        }
    }

    /// With another restart type.
    #[must_use]
    pub fn restart(self, restart: RestartType) -> ChildSpec {
        ChildSpec { restart, ..self }
    }

    /// With another way to stop.
    #[must_use]
    pub fn shutdown(self, shutdown: Shutdown) -> ChildSpec {
        ChildSpec { shutdown, ..self }
    }

    /// One whose end may end the supervisor (D6).
    #[must_use]
    pub fn significant(self) -> ChildSpec {
        ChildSpec {
            significant: true,
            ..self
        }
    }
}

fn atom(name: &str) -> Atom {
    match Atom::new(name) {
        Ok(atom) => atom,
        Err(error) => panic!("failed to name a child or a module `{name}`: {error}"),
    }
}
