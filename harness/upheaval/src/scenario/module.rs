//! The modules of a scenario, and where their versions come from.

use std::path::PathBuf;

use upheaval_term::Term;

use super::{Spec, Specification, StateModel};

/// A module that a scenario runs, in the versions that it moves between.
#[derive(Clone, Debug)]
pub struct Module {
    /// The module's name, as its artifact gives it.
    pub name: String,
    /// Its versions, oldest first; a case starts with the first.
    pub versions: Vec<Version>,
    /// How a running process of it is moved from one version to another.
    pub switch: Switch,
    /// Whether its first version is loaded before the first op although no process of
    /// the scenario runs it: others start it.
    pub preloaded: bool,
    /// What its processes take in the order in which it came.
    pub in_order: InOrder,
    /// What its states mean; none where it keeps no state worth judging.
    pub model: Option<StateModel>,
    /// A call that no clause of any version takes, so that its callback crashes; none where
    /// it takes every call, or none.
    pub crash: Option<Term>,
    /// How its processes answer; none where that is not judged.
    pub spec: Option<Specification>,
}

/// One version of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its `vsn`.
    pub vsn: String,
    /// Where its artifact for the embedded node comes from.
    pub source: Source,
    /// The Erlang source of the same version, for real nodes; none where the module
    /// exists in Rust only.
    pub erlang: Option<PathBuf>,
}

/// Where an artifact comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A shared object that lies on disk already.
    File(PathBuf),
    /// A `cdylib` example target of a cargo package, built when it is needed.
    Example {
        /// The package's `Cargo.toml`.
        manifest: PathBuf,
        /// The example's name.
        name: String,
    },
}

/// How processes of a module are moved to another version of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// The state has the same shape in every version: a plain load, and each
    /// process picks the new code up at its next qualified call (A7, A8).
    Load,
    /// The state's shape changes: suspend, load, `code_change`, resume (C2).
    CodeChange,
    /// It is the callback module of supervisors: suspend, load, `code_change`, resume,
    /// up and down alike (C2, B13).
    Supervisor,
}

/// What the processes of a module take out of their mailboxes in the order in which it
/// lies there. A `receive` may pass over what does not fit, so that only its author knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InOrder {
    /// Nothing is known: it has receives of its own that requests are taken in, too.
    Nothing,
    /// What the generic behaviours take: calls, casts, and what event managers are sent.
    #[default]
    Requests,
    /// Every message, and each question is answered before the next message is taken.
    Everything,
}

impl Module {
    /// A module without versions yet.
    pub fn new(name: impl Into<String>, switch: Switch) -> Self {
        Module {
            name: name.into(),
            versions: Vec::new(),
            switch,
            preloaded: false,
            in_order: InOrder::default(),
            model: None,
            crash: None,
            spec: None,
        }
    }

    /// Adds a version, newer than those before it.
    #[must_use]
    pub fn version(mut self, vsn: impl Into<String>, source: Source) -> Self {
        self.versions.push(Version {
            vsn: vsn.into(),
            source,
            erlang: None,
        });
        self
    }

    /// Says where the Erlang source of the version lies that was added last. It
    /// must answer the same requests with the same terms, and keep the same state.
    #[must_use]
    pub fn erlang(mut self, source: impl Into<PathBuf>) -> Self {
        if let Some(version) = self.versions.last_mut() {
            version.erlang = Some(source.into());
        }
        self
    }

    /// Loads its first version before the first op, for those that others start.
    #[must_use]
    pub fn preloaded(mut self) -> Self {
        self.preloaded = true;
        self
    }

    /// Says what its processes take in the order in which it came.
    #[must_use]
    pub fn in_order(mut self, what: InOrder) -> Self {
        self.in_order = what;
        self
    }

    /// Says what its states mean.
    #[must_use]
    pub fn model(mut self, model: StateModel) -> Self {
        self.model = Some(model);
        self
    }

    /// Says that a `gen_server:call` with this request crashes its processes, whatever
    /// version they run: no clause of `handle_call` takes it.
    #[must_use]
    pub fn crashes_on(mut self, request: Term) -> Self {
        self.crash = Some(request);
        self
    }

    /// Says how its processes answer, in every version.
    #[must_use]
    pub fn spec(mut self, spec: impl Spec) -> Self {
        self.spec = Some(Specification::new(spec));
        self
    }
}
