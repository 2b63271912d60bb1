//! Texts of several terms, each of which ends with a dot.

use super::ParseError;
use super::cursor::Cursor;
use super::place::{Located, places};

/// The terms of a text as `file:consult/1` reads them from a file: each ends with a
/// dot that white space, a comment or the end follows.
///
/// ```
/// use upheaval_term::text::consult;
///
/// let terms = consult("%% the versions\n{vsn, \"1\"}.\n{vsn, \"2\"}.")?;
/// assert_eq!(terms[1].term().to_string(), r#"{vsn,"2"}"#);
///
/// let error = consult("{vsn, \"1\"}\n{vsn, \"2\"}.").unwrap_err();
/// assert_eq!(error.to_string(), "expected ., found '{' at 2:1");
/// # Ok::<(), upheaval_term::ParseError>(())
/// ```
///
/// # Errors
/// [`ParseError`] where the text is no such terms, or they are nested deeper than
/// [`MAX_DEPTH`](crate::MAX_DEPTH).
pub fn consult(text: &str) -> Result<Vec<Located>, ParseError> {
    let mut cursor = Cursor::new(text);
    let mut terms = Vec::new();
    loop {
        cursor.blank();
        if cursor.rest().is_empty() {
            return Ok(terms);
        }
        cursor.sites = Some(Vec::new());
        let term = cursor.term()?;
        let sites = places(text, cursor.sites.take().unwrap_or_default());
        cursor.dot()?;
        terms.push(Located { term, sites });
    }
}

impl Cursor<'_> {
    /// The dot that ends a term.
    fn dot(&mut self) -> Result<(), ParseError> {
        self.expect(".")?;
        match self.peek() {
            None | Some('%') => Ok(()),
            Some(letter) if letter.is_whitespace() => Ok(()),
            Some(_) => Err(self.expected("white space after the dot")),
        }
    }
}
