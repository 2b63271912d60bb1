//! Anybody.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Scheduler;
use crate::signal::Pid;

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
