//! What is wrong with a file, and where.

use std::fmt::{self, Display, Formatter};
use std::path::{Path, PathBuf};

use upheaval_term::text::{ParseError, Place, TermAt};
use upheaval_term::{Atom, Term};

use crate::{BadInstruction, BadVersion};

/// Why a text is no appup, or no application.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadError {
    /// Where what is wrong stands.
    pub place: Option<Place>,
    /// What is wrong.
    pub problem: ReadProblem,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadProblem {
    /// It is no Erlang term.
    #[error("{0}")]
    Syntax(String),
    /// It holds no term, or more than one.
    #[error("expected one term that ends with a dot, found {0}")]
    Terms(usize),
    /// Something else stands where this should.
    #[error("expected {expected}, found {}", short(.found))]
    Shape {
        /// What should stand there.
        expected: &'static str,
        /// What does.
        found: Term,
    },
    /// A version is no string and no regular expression.
    #[error(transparent)]
    Version(#[from] BadVersion),
    /// An instruction is none.
    #[error(transparent)]
    Instruction(#[from] BadInstruction),
    /// An application that says nothing of this.
    #[error("the application {application} has no {key}; add {{{key},..}} to its list")]
    Missing {
        /// The application.
        application: Atom,
        /// What it does not say.
        key: &'static str,
    },
    /// An application that lists a module twice: no release can be made of it (systools'
    /// `duplicate_modules`).
    #[error("{0} is listed twice; list it once")]
    Twice(Atom),
}

impl ReadError {
    pub(crate) fn shape(expected: &'static str, at: TermAt<'_>) -> ReadError {
        ReadError {
            place: at.place(),
            problem: ReadProblem::Shape {
                expected,
                found: at.term().clone(),
            },
        }
    }
}

impl From<ParseError> for ReadError {
    fn from(error: ParseError) -> ReadError {
        ReadError {
            place: Some(Place {
                line: error.line,
                column: error.column,
            }),
            problem: ReadProblem::Syntax(error.message),
        }
    }
}

impl From<BadInstruction> for ReadError {
    fn from(error: BadInstruction) -> ReadError {
        ReadError {
            place: error.place,
            problem: error.into(),
        }
    }
}

impl std::error::Error for ReadError {}

/// `Line:Column: …`.
impl Display for ReadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{place}: {}", self.problem),
            None => self.problem.fmt(f),
        }
    }
}

/// A term, or as much of it as a message bears.
fn short(term: &Term) -> String {
    const LONGEST: usize = 120;
    let text = term.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The system does not give it.
    #[error("failed to read {}: {error}", path.display())]
    System {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// It is in no encoding that Erlang reads.
    #[error(
        "failed to read {}: line {line} is no UTF-8; write it in UTF-8, or put %% coding: latin-1 into its first line",
        path.display()
    )]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// Its text is wrong.
    #[error("failed to read {}{}: {}", path.display(), colon(.error), .error.problem)]
    Text {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: Box<ReadError>,
    },
}

impl FileError {
    /// An error of a file's text.
    pub fn text(path: &Path, error: impl Into<ReadError>) -> FileError {
        FileError::Text {
            path: path.into(),
            error: Box::new(error.into()),
        }
    }
}

fn colon(error: &ReadError) -> String {
    let place = error.place.map(|place| format!(":{place}"));
    place.unwrap_or_default()
}
