//! What decides who goes next.

use crate::signal::Pid;

/// Decides which of the processes that could run takes the next step.
///
/// A scheduler sees nothing but the list, and a node's history follows from the
/// scheduler's choices alone.
pub trait Scheduler {
    /// Starts a new stretch of the schedule, with its own seed.
    fn reseed(&mut self, seed: u64);

    /// The index into `ready`, which is never empty, of the process to run.
    fn next(&mut self, ready: &[Pid]) -> usize;
}

/// So that a recorder or replayer can be read after the node is done with it.
impl<S: Scheduler> Scheduler for std::rc::Rc<std::cell::RefCell<S>> {
    fn reseed(&mut self, seed: u64) {
        self.borrow_mut().reseed(seed);
    }

    fn next(&mut self, ready: &[Pid]) -> usize {
        self.borrow_mut().next(ready)
    }
}
