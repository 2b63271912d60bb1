//! Why code could not be loaded.

use std::path::{Path, PathBuf};

use upheaval_term::Term;

/// Why a file is no artifact that can be run.
///
/// Each message names the file, what is wrong with it, and what to do. To
/// Erlang code all of them are `badfile`, but for a missing one: `nofile`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to load {}: {problem}", path.display())]
pub struct ArtifactError {
    path: PathBuf,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("there is no such file; build the module, or correct the path")]
    Missing,
    #[error("it cannot be read: {0}; check its permissions")]
    Unreadable(String),
    #[error("it is not a shared object; build the module with crate-type = [\"cdylib\"]")]
    NotAnObject,
    #[error(
        "it is an object, but not a shared one; build the module with crate-type = [\"cdylib\"]"
    )]
    NotShared,
    #[error("it is for another machine ({found}, and this is {expected}); build it for this one")]
    OtherMachine { found: String, expected: String },
    #[error("it is cut off: {length} bytes, and its header speaks of {expected}; copy it again")]
    Truncated { length: u64, expected: u64 },
    #[error("it is damaged: its content is not what was sealed; copy or build it again")]
    Damaged,
    #[error(
        "it has no seal, so damage to it could not be noticed; deploy it through upheaval, or seal it"
    )]
    Unsealed,
    #[error("it has no function `{symbol}`, so it is no module; add an `export!`")]
    NoEntry { symbol: &'static str },
    #[error("it cannot be opened: {0}; build it again")]
    Unopenable(String),
    #[error("its function `{symbol}` gives no module table; use the `export!` of upheaval-module")]
    NoTable { symbol: &'static str },
    #[error(
        "it has version {found} of the module interface, and this node takes {expected}; build it again with this upheaval-module"
    )]
    OtherAbi { found: u32, expected: u32 },
    #[error(
        "its module is called `{found}`, not `{expected}`; correct the name in `export!`, or load it under its own"
    )]
    OtherName { found: String, expected: String },
    #[error(
        "its version is {found}, not {expected}; correct the vsn in `export!`, or in the scenario"
    )]
    OtherVsn { found: String, expected: String },
}

impl ArtifactError {
    pub(crate) fn new(path: &Path, problem: Problem) -> Self {
        ArtifactError {
            path: path.into(),
            problem,
        }
    }

    /// What `code:load_file` returns for it: `nofile` or `badfile`.
    pub fn reason(&self) -> Term {
        match self.problem {
            Problem::Missing => Term::atom("nofile"),
            _ => Term::atom("badfile"),
        }
    }
}

/// Why a load changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Old code is still there (A1).
    #[error("failed to load module {0}: its old code has not been purged; purge it first")]
    NotPurged(String),
    /// It is sticky (A13).
    #[error("failed to load module {0}: it is sticky; unstick it first")]
    Sticky(String),
    /// Nothing lies where the module's artifact should.
    #[error("failed to load module {0}: no artifact was deployed; deploy one first")]
    NoFile(String),
    /// What lies there is cut off, or another module.
    #[error("failed to load module {0}: what lies at its place is damaged; deploy it anew")]
    Damaged(String),
    /// Its `on_load` function did not give `ok` (A12).
    #[error("failed to load module {0}: its on_load function did not give ok")]
    OnLoad(String),
    /// What lies there cannot be run.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
}

impl LoadError {
    /// The `R` of the `{error,R}` that `code:load_file` returns.
    pub fn reason(&self) -> Term {
        match self {
            LoadError::NotPurged(_) => Term::atom("not_purged"),
            LoadError::Sticky(_) => Term::atom("sticky_directory"),
            LoadError::NoFile(_) => Term::atom("nofile"),
            LoadError::Damaged(_) => Term::atom("badfile"),
            LoadError::OnLoad(_) => Term::atom("on_load_failure"),
            LoadError::Artifact(error) => error.reason(),
        }
    }
}
