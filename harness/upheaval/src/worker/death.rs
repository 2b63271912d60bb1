//! How a worker ended.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

/// How the worker process of a case ended in its middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// By a signal, of that number.
    Signal(i32),
    /// By an exit with that status.
    Exit(i32),
    /// It was killed, since it gave no answer for so long.
    Silent(Duration),
    /// It was killed, since what it answered was no answer.
    Babble,
}

/// How it ended, without what differs from one time to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeathKind {
    /// By a signal, of that number.
    Signal(i32),
    /// By an exit.
    Exit,
    /// It gave no answer.
    Silent,
    /// It gave one that was none.
    Babble,
}

impl Death {
    /// What it was, of a worker that has ended by itself.
    pub(super) fn of(status: ExitStatus) -> Death {
        match (status.signal(), status.code()) {
            (Some(signal), _) => Death::Signal(signal),
            (None, code) => Death::Exit(code.unwrap_or_default()),
        }
    }

    /// How it was, without what differs from one time to the next.
    pub fn kind(self) -> DeathKind {
        match self {
            Death::Signal(signal) => DeathKind::Signal(signal),
            Death::Exit(_) => DeathKind::Exit,
            Death::Silent(_) => DeathKind::Silent,
            Death::Babble => DeathKind::Babble,
        }
    }
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("worker died: ")?;
        match self {
            Death::Signal(signal) => match signal_name(*signal) {
                Some(name) => write!(f, "signal {signal} ({name})"),
                None => write!(f, "signal {signal}"),
            },
            Death::Exit(status) => write!(f, "exit with status {status}"),
            Death::Silent(deadline) => write!(
                f,
                "killed, as it gave no answer within {} s",
                deadline.as_secs_f64()
            ),
            Death::Babble => f.write_str("killed, as what it answered was no answer"),
        }
    }
}

/// The signals that a fault can be; their numbers are the same on every Linux that
/// modules are loaded on.
fn signal_name(signal: i32) -> Option<&'static str> {
    Some(match signal {
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        _ => return None,
    })
}
