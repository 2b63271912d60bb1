//! What can be wrong between values and bytes, and where.

use std::fmt::{self, Display};

use super::snake;
use crate::atom::AtomTooLong;
use crate::etf::read::Reader;
use crate::etf::{DecodeError, read_term, tag};

/// A value cannot be written as a term.
///
/// The text begins with the path of the part that is wrong, such as
/// `.accounts[3].rate`, unless it is the whole.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SerError(Box<Fault>);

/// A term is not what a type calls for, or bytes are not a term.
///
/// The text begins with the path of the part that is wrong, such as
/// `.accounts[3].balance`, unless it is the whole.
///
/// ```
/// let term = "{ok, [1, a]}".parse::<upheaval_term::Term>()?;
/// let error = upheaval_term::from_term::<Result<Vec<i64>, ()>>(&term).unwrap_err();
/// assert_eq!(error.path(), ".ok[1]");
/// assert!(error.to_string().starts_with(".ok[1]: expected an integer, found a"), "{error}");
/// # Ok::<(), upheaval_term::ParseError>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DeError(Box<Fault>);

/// A message and the place it is about.
#[derive(Debug)]
struct Fault {
    message: String,
    /// From the innermost step to the outermost: errors grow on their way out.
    path: Vec<String>,
    offset: Option<usize>,
}

impl Fault {
    fn boxed(message: impl Display, offset: Option<usize>) -> Box<Fault> {
        Box::new(Fault {
            message: message.to_string(),
            path: Vec::new(),
            offset,
        })
    }

    fn path(&self) -> String {
        self.path.iter().rev().map(String::as_str).collect()
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path())?;
        }
        f.write_str(&self.message)?;
        match self.offset {
            Some(offset) => write!(f, " at byte {offset}"),
            None => Ok(()),
        }
    }
}

impl SerError {
    #[cold]
    pub(crate) fn new(message: impl Display) -> SerError {
        SerError(Fault::boxed(message, None))
    }

    /// The same error within a field, an element or a variant.
    #[cold]
    pub(crate) fn inside(mut self, step: impl Display) -> SerError {
        self.0.path.push(step.to_string());
        self
    }

    /// The same error within a variant, named by its tag.
    #[cold]
    pub(crate) fn inside_variant(self, name: &str, variant: &str) -> SerError {
        self.inside(format_args!(".{}", snake::tag(name, variant)))
    }

    /// The path of the part that is wrong; empty for the whole.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.path()
    }
}

impl DeError {
    #[cold]
    pub(crate) fn new(message: impl Display, offset: usize) -> DeError {
        DeError(Fault::boxed(message, Some(offset)))
    }

    /// The term at `offset` is not what is expected.
    #[cold]
    pub(crate) fn mismatch(expected: impl Display, reader: &Reader<'_>, offset: usize) -> DeError {
        match found(&mut reader.again(offset)) {
            Ok(found) => DeError::new(format_args!("expected {expected}, found {found}"), offset),
            Err(error) => error.into(),
        }
    }

    /// The tag is none of the enum's.
    #[cold]
    pub(crate) fn unknown_variant(
        found: &str,
        name: &str,
        variants: &[&str],
        offset: usize,
    ) -> DeError {
        let tags = variants.iter().map(|variant| snake::tag(name, variant));
        let tags = tags.collect::<Vec<_>>().join(", ");
        DeError::new(
            format_args!("unknown variant {found} of {name}, expected one of {tags}"),
            offset,
        )
    }

    /// The same error within a field, an element or a variant.
    #[cold]
    pub(crate) fn inside(mut self, step: impl Display) -> DeError {
        self.0.path.push(step.to_string());
        self
    }

    /// The same error at this offset if it does not have one.
    #[cold]
    pub(crate) fn or_at(mut self, offset: usize) -> DeError {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// The same error at this offset whatever it had.
    #[cold]
    pub(crate) fn moved_to(mut self, offset: usize) -> DeError {
        self.0.offset = Some(offset);
        self
    }

    /// The path of the part that is wrong; empty for the whole.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.path()
    }
}

/// What is found instead: the term itself if it is short, else its type.
fn found(reader: &mut Reader<'_>) -> Result<String, DecodeError> {
    const LONGEST: usize = 60;
    let start = reader.at();
    let what = tag::describe(reader.peek()?);
    if reader.skip()?.len() > LONGEST {
        return Ok(what.to_string());
    }
    let text = read_term(&mut reader.again(start))?.to_string();
    Ok(if text.len() > LONGEST {
        what.to_string()
    } else {
        text
    })
}

impl serde::ser::Error for SerError {
    fn custom<T: Display>(message: T) -> SerError {
        SerError::new(message)
    }
}

impl serde::de::Error for DeError {
    fn custom<T: Display>(message: T) -> DeError {
        DeError(Fault::boxed(message, None))
    }
}

impl From<DecodeError> for DeError {
    #[cold]
    fn from(error: DecodeError) -> DeError {
        DeError::new(&error.kind, error.offset)
    }
}

impl From<DecodeError> for SerError {
    fn from(error: DecodeError) -> SerError {
        SerError::new(error)
    }
}

impl From<AtomTooLong> for SerError {
    fn from(error: AtomTooLong) -> SerError {
        SerError::new(error)
    }
}
