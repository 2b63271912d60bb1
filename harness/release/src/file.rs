//! Files of Erlang terms.

use std::fs;
use std::path::Path;

use crate::FileError;

/// The text of a file, in the encoding that Erlang takes it to be in: UTF-8, or
/// Latin-1 if one of its first two lines says `coding: latin-1`.
///
/// # Errors
/// It cannot be read, or is not in that encoding.
pub fn text_of(path: &Path) -> Result<String, FileError> {
    let bytes = fs::read(path).map_err(|error| FileError::System {
        path: path.into(),
        error,
    })?;
    if says_latin1(&bytes) {
        return Ok(bytes.iter().copied().map(char::from).collect());
    }
    String::from_utf8(bytes).map_err(|error| {
        let read = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        FileError::Encoding {
            path: path.into(),
            line: 1 + read.iter().filter(|byte| **byte == b'\n').count(),
        }
    })
}

/// Whether a comment in the first two lines names Latin-1, as `epp` reads it.
fn says_latin1(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').take(2);
    lines.any(|line| {
        let line = String::from_utf8_lossy(line).to_lowercase();
        let Some((_, comment)) = line.split_once('%') else {
            return false;
        };
        comment.match_indices("coding").any(|(at, word)| {
            let rest = &comment[at + word.len()..];
            let Some(rest) = rest.strip_prefix([':', '=']) else {
                return false;
            };
            rest.trim_start().starts_with("latin-1")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::says_latin1;

    #[test]
    fn the_first_two_lines_can_name_the_encoding() {
        assert!(says_latin1(b"%% coding: latin-1\n{}."));
        assert!(says_latin1(b"\n% -*- coding:Latin-1 -*-\n{}."));
        assert!(!says_latin1(b"\n\n%% coding: latin-1\n{}."));
        assert!(!says_latin1(b"%% coding: utf-8\n{}."));
        assert!(!says_latin1(b"{coding, latin}.\n"));
    }
}
