//! What can be wrong with text.

/// Text is not a term.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {line}:{column}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What was expected there, or what to do.
    pub message: String,
}
