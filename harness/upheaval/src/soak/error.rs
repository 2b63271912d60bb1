//! Why a soak could not go on.

use std::io;
use std::path::PathBuf;

use crate::artifact::BuildError;
use crate::regression::RegressionError;
use crate::target::TargetError;

/// Why a soak could not begin, or go on.
#[derive(Debug, thiserror::Error)]
pub enum SoakError {
    /// A file of the soak's folder could not be used.
    #[error("failed to {action} {}: {error}; check the path and its permissions", path.display())]
    File {
        /// What was to be done.
        action: &'static str,
        /// The file, or the folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The journal could not be written on.
    #[error(
        "failed to write journal {}: {error}; make room, and run the same command again: it goes on where the journal ends",
        path.display()
    )]
    Write {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Another soak is at work there.
    #[error(
        "failed to soak in {}: another soak is at work there (its lock is {}); wait for its end, or give another --out",
        folder.display(), lock.display()
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The file that the other one holds.
        lock: PathBuf,
    },
    /// The journal is of other cases.
    #[error(
        "failed to go on in {}: its journal is of {what} {found}, and this is {what} {expected}; give the same again, or another --out",
        folder.display()
    )]
    Other {
        /// The folder.
        folder: PathBuf,
        /// In what the two differ.
        what: &'static str,
        /// What the journal is of.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// The journal is damaged, and not at its end.
    #[error(
        "failed to read journal {}: line {line} is {problem}; move the file away to begin anew, or give another --out",
        path.display()
    )]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The modules could not be built or copied.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// A plan could not be kept.
    #[error(transparent)]
    Keep(#[from] RegressionError),
    /// A case could not be run.
    #[error(transparent)]
    Target(#[from] TargetError),
}
