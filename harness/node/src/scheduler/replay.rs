//! A schedule once more.

use super::Scheduler;
use crate::signal::Pid;

/// Chooses what was chosen before.
///
/// Where that process cannot run now, the schedule has diverged: from there on
/// it takes the first that can, and says so.
#[derive(Clone, Debug)]
pub struct ReplayScheduler {
    choices: std::vec::IntoIter<Pid>,
    diverged: bool,
}

impl ReplayScheduler {
    /// Replays these choices.
    pub fn new(choices: Vec<Pid>) -> Self {
        ReplayScheduler {
            choices: choices.into_iter(),
            diverged: false,
        }
    }

    /// Whether a choice could not be made again.
    pub fn diverged(&self) -> bool {
        self.diverged
    }
}

impl Scheduler for ReplayScheduler {
    fn reseed(&mut self, _: u64) {}

    fn next(&mut self, ready: &[Pid]) -> usize {
        let chosen = self.choices.next();
        match chosen.and_then(|pid| ready.iter().position(|p| *p == pid)) {
            Some(index) if !self.diverged => index,
            _ => {
                self.diverged = true;
                0
            }
        }
    }
}
