//! One worker process, as the run sees it.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::Death;
use super::wire::{Answer, Request};

/// How many bytes are read at once.
const CHUNK: usize = 16 * 1024;

/// A worker process. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Child {
    process: std::process::Child,
    requests: ChildStdin,
    answers: ChildStdout,
    /// What was read of the next answer.
    read: Vec<u8>,
}

impl Child {
    pub(super) fn start(program: &Path, arguments: &[OsString]) -> io::Result<Child> {
        let mut process = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What a terminal sends to everybody is for the run alone: its workers end
            // with it, and a worker that ends before it would be a finding.
            .process_group(0)
            .spawn()?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(requests), Some(answers)) => Ok(Child {
                process,
                requests,
                answers,
                read: Vec::new(),
            }),
            _ => unreachable!("both are pipes"),
        }
    }

    /// Asks for something, and waits for the answer.
    ///
    /// # Errors
    /// The worker has ended instead, or was killed for its silence.
    pub(super) fn ask(&mut self, request: &Request, deadline: Duration) -> Result<Answer, Death> {
        let end = Instant::now() + deadline;
        let Ok(mut line) = serde_json::to_vec(request) else {
            unreachable!("a request has no map with keys that are no strings")
        };
        line.push(b'\n');
        // A worker reads at all times, so this waits for nothing; and where it has ended,
        // what follows tells how.
        let _ = self.requests.write_all(&line);
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let answer = serde_json::from_slice(&self.read[..end]);
                self.read.drain(..=end);
                return answer.map_err(|_| self.kill(Death::Babble));
            }
            match self.more(end) {
                Ok(0) => return Err(self.death(end, deadline)),
                Ok(_) => {}
                Err(_) => return Err(self.kill(Death::Silent(deadline))),
            }
        }
    }

    /// Reads on; 0 where the worker has closed its output.
    fn more(&mut self, end: Instant) -> io::Result<usize> {
        wait(&mut [PollFd::new(&self.answers, PollFlags::IN)], end)?;
        let before = self.read.len();
        self.read.resize(before + CHUNK, 0);
        let read = self.answers.read(&mut self.read[before..]);
        self.read.truncate(before + *read.as_ref().unwrap_or(&0));
        read
    }

    /// How a worker that has closed its output ends.
    fn death(&mut self, end: Instant, deadline: Duration) -> Death {
        // Nobody reads what is written to it once it has ended; if it has only closed
        // its output, it would go on.
        let ended = wait(&mut [PollFd::new(&self.requests, PollFlags::empty())], end);
        match ended.and_then(|()| self.process.wait()) {
            Ok(status) => Death::of(status),
            Err(_) => self.kill(Death::Silent(deadline)),
        }
    }

    fn kill(&mut self, death: Death) -> Death {
        // Both fail only where it has ended by itself meanwhile.
        let _ = self.process.kill();
        let _ = self.process.wait();
        death
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill(Death::Babble);
    }
}

/// Waits until something can be done, or `end`.
fn wait(what: &mut [PollFd<'_>], end: Instant) -> io::Result<()> {
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let left = Timespec {
            tv_sec: left.as_secs().try_into().unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        };
        match poll(what, Some(&left)) {
            Ok(0) => return Err(io::ErrorKind::TimedOut.into()),
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
