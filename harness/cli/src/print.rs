//! Printing, where standard output may be closed, or a full disk.

use std::io::{ErrorKind, Write, stderr, stdout};

use crate::error::Error;

/// Prints a result. Whoever closed standard output does not want it: the exit
/// status tells the verdict all the same.
pub(crate) fn result(text: &str) -> Result<(), Error> {
    let mut out = stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Print(error)),
        _ => Ok(()),
    }
}

/// Says something that is no result. Where nobody can hear it, it is no error.
pub(crate) fn say(text: impl std::fmt::Display) {
    let _ = writeln!(stderr(), "{text}");
}
