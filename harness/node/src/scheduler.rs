//! Who goes next.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

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

/// Every process that could run is as likely as any other.
#[derive(Clone, Debug)]
pub struct RandomScheduler(Xoshiro256PlusPlus);

impl RandomScheduler {
    /// A schedule that follows from `seed`.
    pub fn new(seed: u64) -> Self {
        RandomScheduler(Xoshiro256PlusPlus::seed_from_u64(seed))
    }
}

impl Scheduler for RandomScheduler {
    fn reseed(&mut self, seed: u64) {
        *self = RandomScheduler::new(seed);
    }

    #[inline]
    fn next(&mut self, ready: &[Pid]) -> usize {
        if ready.len() == 1 {
            return 0;
        }
        // The high half of the product: unbiased enough, and without division.
        ((u64::from(self.0.next_u32()) * ready.len() as u64) >> 32) as usize
    }
}

/// Some processes go before others, as long as the stretch lasts: a few may have done
/// all that they have to do before another takes its first step. Every eighth choice or
/// so is any process's, so that nobody who goes round in circles keeps the rest waiting.
#[derive(Clone, Debug)]
pub struct UnfairScheduler {
    order: u64,
    choices: Xoshiro256PlusPlus,
}

impl UnfairScheduler {
    /// A schedule that follows from `seed`.
    pub fn new(seed: u64) -> Self {
        let mut choices = Xoshiro256PlusPlus::seed_from_u64(seed);
        UnfairScheduler {
            order: choices.next_u64(),
            choices,
        }
    }

    /// Where a process stands in this stretch.
    fn rank(&self, pid: Pid) -> u64 {
        let mixed = (u64::from(pid.0) ^ self.order).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
    }
}

impl Scheduler for UnfairScheduler {
    fn reseed(&mut self, seed: u64) {
        *self = UnfairScheduler::new(seed);
    }

    fn next(&mut self, ready: &[Pid]) -> usize {
        let choice = self.choices.next_u32();
        if choice.is_multiple_of(8) {
            return (choice / 8) as usize % ready.len();
        }
        let first = (0..ready.len()).max_by_key(|index| self.rank(ready[*index]));
        first.unwrap_or(0)
    }
}

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

/// So that a recorder or replayer can be read after the node is done with it.
impl<S: Scheduler> Scheduler for std::rc::Rc<std::cell::RefCell<S>> {
    fn reseed(&mut self, seed: u64) {
        self.borrow_mut().reseed(seed);
    }

    fn next(&mut self, ready: &[Pid]) -> usize {
        self.borrow_mut().next(ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unfair_schedule_lets_one_go_before_the_other_most_of_the_time() {
        let both = [Pid(1), Pid(2)];
        for seed in 0..50 {
            let mut scheduler = UnfairScheduler::new(seed);
            let second = (0..400).filter(|_| scheduler.next(&both) == 1).count();
            assert!(
                !(80..=320).contains(&second),
                "seed {seed}: {second} of 400"
            );
            assert!((1..400).contains(&second), "seed {seed}: {second} of 400");
        }
    }

    #[test]
    fn which_of_two_goes_first_depends_on_the_seed() {
        let both = [Pid(1), Pid(2)];
        let first = (0..200).filter(|seed| {
            let mut scheduler = UnfairScheduler::new(*seed);
            (0..100).filter(|_| scheduler.next(&both) == 0).count() > 50
        });
        assert!((60..=140).contains(&first.count()));
    }
}
