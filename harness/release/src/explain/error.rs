//! Why an appup cannot be explained.

use std::path::{Path, PathBuf};

use upheaval_term::Atom;
use upheaval_term::text::Place;

use crate::{FileError, TranslateError};

/// Why an appup cannot be explained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExplainError {
    /// A file is wrong.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that is not named after an application.
    #[error(
        "failed to tell the application of {}: an appup is named after it, like shop.appup; rename the file",
        path.display()
    )]
    NoName {
        /// The file.
        path: PathBuf,
    },
    /// The appup is for neither version.
    #[error(
        "{} is for version {vsn}, and neither --from nor --to is that; give --to {vsn} for an upgrade, or --from {vsn} for a downgrade",
        path.display()
    )]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// The version that it is for.
        vsn: String,
    },
    /// No clause is for the other version.
    #[error("{} has no clause for {way} {version}; {}", path.display(), listed(.clauses))]
    NoClause {
        /// The file.
        path: PathBuf,
        /// `an upgrade from` or `a downgrade to`.
        way: &'static str,
        /// The version.
        version: String,
        /// The versions of the clauses that there are.
        clauses: Vec<String>,
    },
    /// A `.app` is for neither version.
    #[error(
        "{} is {application}-{vsn}, and {application} goes from {from} to {to}; give the .app of one of these",
        path.display()
    )]
    OtherApplication {
        /// The file.
        path: PathBuf,
        /// The application.
        application: Atom,
        /// Its version.
        vsn: String,
        /// The version that runs.
        from: String,
        /// The version that is gone to.
        to: String,
    },
    /// The instructions make no script.
    #[error("failed to translate {}{}: {error}", path.display(), colon(.place))]
    Translate {
        /// The file.
        path: PathBuf,
        /// Where the instruction stands that is the reason.
        place: Option<Place>,
        /// The reason.
        error: TranslateError,
    },
}

impl ExplainError {
    pub(super) fn no_name(path: &Path) -> ExplainError {
        ExplainError::NoName { path: path.into() }
    }
}

fn listed(clauses: &[String]) -> String {
    match clauses {
        [] => "it has none for any version".into(),
        [one] => format!("it has one for {one}"),
        _ => format!("it has some for {}", clauses.join(", ")),
    }
}

fn colon(place: &Option<Place>) -> String {
    place.map_or(String::new(), |place| format!(":{place}"))
}
