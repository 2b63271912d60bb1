//! Some before others.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Scheduler;
use crate::signal::Pid;

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
