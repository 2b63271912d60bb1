//! Why a regression could not be kept, read or run, or what came out of it instead.

use std::io;
use std::path::PathBuf;

use crate::plan::{PlanError, PlanMismatch};
use crate::target::TargetError;

/// What is wrong with a regression.
#[derive(Debug, thiserror::Error)]
pub enum RegressionError {
    /// The file, or its folder, could not be used.
    #[error("failed to {action} {}: {error}; check the path, its permissions and the space left", path.display())]
    File {
        /// What was to be done.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It does not say what is to come out of it.
    #[error(
        "failed to read regression {}: no comment before the plan says what is expected; begin the file with `# violates INVARIANT: …` or `# holds: …`",
        .0.display()
    )]
    NothingExpected(PathBuf),
    /// It is no plan.
    #[error("failed to read regression {}: {error}", path.display())]
    Plan {
        /// The file.
        path: PathBuf,
        /// Where it stops being one, and why.
        error: PlanError,
    },
    /// It was written for another scenario, or names what the scenario has not.
    #[error("failed to run regression {}: {error}", path.display())]
    Mismatch {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        error: PlanMismatch,
    },
    /// It could not be run.
    #[error("failed to run regression {}: {error}", path.display())]
    Target {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: Box<TargetError>,
    },
    /// Something else came out of it.
    #[error(
        "regression {} is expected to be one that {expected}, and {found}; mend what broke it, or, if that is as it should be, the first line of the file",
        path.display()
    )]
    Unexpected {
        /// The file.
        path: PathBuf,
        /// What its first line says.
        expected: String,
        /// What came out.
        found: String,
    },
}
