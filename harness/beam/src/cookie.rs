//! The secret by which nodes know each other.

use std::fmt;
use std::path::Path;

use crate::BeamError;

/// A cookie. It never shows in a message, a log or an argument list.
#[derive(Clone, PartialEq, Eq)]
pub struct Cookie(String);

impl Cookie {
    /// A new one: 128 random bits.
    pub fn random() -> Cookie {
        Cookie(format!("{:032X}", rand::random::<u128>()))
    }

    /// The cookie in a file, as Erlang reads it: its first line.
    ///
    /// # Errors
    /// The file cannot be read, or is empty.
    pub fn read(path: &Path) -> Result<Cookie, BeamError> {
        let failed = |problem: String| BeamError::CookieFile {
            path: path.into(),
            problem,
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| failed(format!("{error}; correct the path or the permissions")))?;
        match text.lines().next().map(str::trim) {
            Some(cookie) if !cookie.is_empty() => Ok(Cookie(cookie.into())),
            _ => Err(failed("it is empty; give the node's own".into())),
        }
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cookie")
    }
}
