//! A schedule written down.

use super::Scheduler;
use crate::signal::Pid;

/// Writes down what another scheduler chooses.
#[derive(Clone, Debug)]
pub struct RecordingScheduler<S> {
    inner: S,
    choices: Vec<Pid>,
}

impl<S: Scheduler> RecordingScheduler<S> {
    /// Writes down what `inner` chooses.
    pub fn new(inner: S) -> Self {
        RecordingScheduler {
            inner,
            choices: Vec::new(),
        }
    }

    /// What was chosen, in order.
    pub fn choices(&self) -> &[Pid] {
        &self.choices
    }
}

impl<S: Scheduler> Scheduler for RecordingScheduler<S> {
    fn reseed(&mut self, seed: u64) {
        self.inner.reseed(seed);
    }

    fn next(&mut self, ready: &[Pid]) -> usize {
        let index = self.inner.next(ready);
        self.choices.push(ready[index]);
        index
    }
}
