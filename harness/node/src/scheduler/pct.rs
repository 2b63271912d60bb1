//! Priorities, and few changes of them.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Scheduler;
use crate::signal::Pid;

/// One choice in so many is anybody's.
const FAIR: u32 = 64;

/// How many choices a change comes after, at most, in the stretch that brings it.
const REACH: u32 = 8;

/// What is above every priority that was given by a change.
const INITIAL: u64 = 1 << 63;

/// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte,
/// ASPLOS 2010): each process has a priority, the highest of those that can run goes
/// next, and at `depth - 1` moments whoever would go next falls below all that have not
/// fallen. A bug that takes `depth` steps in one order is found with a probability that
/// does not depend on how many others there are.
///
/// A case is a row of stretches, one for each op, and plans are shrunk op by op. So
/// priorities follow from the case's seed and the pid, and last for the case; and each
/// stretch says by its own seed whether it brings a change, and after how many choices:
/// of `stretches` of them `depth - 1` do, on the average. A stretch that is taken out
/// takes its change with it, and leaves the others where they were. One with seed 0, as
/// shrinking makes it, brings none.
///
/// One choice in 64 is anybody's, so that nobody who goes round in circles keeps the rest
/// waiting for ever.
#[derive(Clone, Debug)]
pub struct PctScheduler {
    seed: u64,
    /// A stretch brings a change if its number is below this.
    threshold: u64,
    /// After how many choices the change is due that is still to come.
    due: Option<u32>,
    /// Who has fallen, and how far.
    fallen: Vec<(Pid, u64)>,
    choices: Xoshiro256PlusPlus,
}

impl PctScheduler {
    /// A schedule for a case of about so many stretches. A depth of 1, or of 0, has no
    /// changes.
    pub fn new(seed: u64, depth: u32, stretches: u32) -> Self {
        let share = u64::MAX / u64::from(stretches.max(1));
        PctScheduler {
            seed: mixed(seed),
            threshold: share.saturating_mul(u64::from(depth.saturating_sub(1))),
            due: None,
            fallen: Vec::new(),
            choices: Xoshiro256PlusPlus::seed_from_u64(seed),
        }
    }

    fn priority(&self, pid: Pid) -> u64 {
        let fallen = self.fallen.iter().find(|(known, _)| *known == pid);
        match fallen {
            Some((_, priority)) => *priority,
            None => INITIAL | mixed(self.seed ^ u64::from(pid.0)),
        }
    }

    fn first(&self, ready: &[Pid]) -> usize {
        let first = (0..ready.len()).max_by_key(|index| self.priority(ready[*index]));
        first.unwrap_or(0)
    }

    fn fall(&mut self, pid: Pid) {
        let priority = self.choices.next_u64() & !INITIAL;
        match self.fallen.iter_mut().find(|(known, _)| *known == pid) {
            Some((_, known)) => *known = priority,
            None => self.fallen.push((pid, priority)),
        }
    }
}

impl Scheduler for PctScheduler {
    fn reseed(&mut self, seed: u64) {
        self.choices = Xoshiro256PlusPlus::seed_from_u64(seed);
        let brings_change = self.choices.next_u64() < self.threshold;
        let after = self.choices.next_u32() % REACH;
        if seed != 0 && brings_change {
            self.due = Some(self.due.map_or(after, |due| due.min(after)));
        }
    }

    fn next(&mut self, ready: &[Pid]) -> usize {
        if ready.len() == 1 {
            return 0;
        }
        let choice = self.choices.next_u32();
        if choice.is_multiple_of(FAIR) {
            return (choice / FAIR) as usize % ready.len();
        }
        if let Some(due) = self.due {
            self.due = due.checked_sub(1);
            if due == 0 {
                self.fall(ready[self.first(ready)]);
            }
        }
        self.first(ready)
    }
}

/// A number in which every bit depends on every one of another.
fn mixed(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Pid; 4] = [Pid(1), Pid(2), Pid(3), Pid(4)];

    /// Who is chosen in each stretch of a case, of so many choices each.
    fn chosen(scheduler: &mut PctScheduler, seeds: &[u64], choices: usize) -> Vec<Vec<usize>> {
        let stretches = seeds.iter().map(|seed| {
            scheduler.reseed(*seed);
            (0..choices).map(|_| scheduler.next(&ALL)).collect()
        });
        stretches.collect()
    }

    /// Who is chosen most often.
    fn leader(choices: &[usize]) -> usize {
        let times = |who: usize| choices.iter().filter(|choice| **choice == who).count();
        (0..ALL.len()).max_by_key(|who| times(*who)).unwrap_or(0)
    }

    #[test]
    fn at_depth_1_one_process_goes_first_all_through_the_case() {
        for seed in 1..50 {
            let mut scheduler = PctScheduler::new(seed, 1, 20);
            let seeds: Vec<u64> = (seed..seed + 20).collect();
            let stretches = chosen(&mut scheduler, &seeds, 40);
            let first = leader(&stretches[0]);
            for stretch in &stretches {
                let times = stretch.iter().filter(|who| **who == first).count();
                assert!(times > 30, "seed {seed}: {stretches:?}");
            }
        }
    }

    #[test]
    fn which_process_goes_first_depends_on_the_seed() {
        let mut times = [0; 4];
        for seed in 0..400 {
            times[PctScheduler::new(seed, 1, 10).first(&ALL)] += 1;
        }
        assert!(
            times.iter().all(|times| (60..140).contains(times)),
            "{times:?}"
        );
    }

    #[test]
    fn a_case_has_about_one_change_less_than_its_depth() {
        for depth in 1..=5 {
            let mut changes = 0;
            for case in 0..200 {
                let mut scheduler = PctScheduler::new(case, depth, 50);
                for stretch in 0..50 {
                    scheduler.reseed(mixed(case * 50 + stretch));
                    changes += u32::from(scheduler.due.take().is_some());
                }
            }
            let expected = 200 * (depth - 1);
            assert!(
                changes.abs_diff(expected) <= expected / 5,
                "depth {depth}: {changes}"
            );
        }
    }

    #[test]
    fn whoever_falls_goes_after_all_that_have_not() {
        let mut scheduler = PctScheduler::new(7, 2, 1);
        let first = scheduler.first(&ALL);
        scheduler.fall(ALL[first]);
        for other in ALL.iter().filter(|pid| **pid != ALL[first]) {
            assert!(scheduler.priority(*other) > scheduler.priority(ALL[first]));
        }
    }

    #[test]
    fn a_change_that_is_not_reached_in_its_stretch_comes_in_the_next() {
        let mut scheduler = PctScheduler::new(7, 2, 1);
        let seed = (1..).find(|seed| {
            scheduler.due = None;
            scheduler.reseed(*seed);
            scheduler.due > Some(2)
        });
        assert!(seed.is_some());
        scheduler.next(&ALL);
        scheduler.threshold = 0;
        scheduler.reseed(1);
        assert!(scheduler.fallen.is_empty());
        for _ in 0..20 {
            scheduler.next(&ALL);
        }
        assert_eq!(scheduler.fallen.len(), 1);
    }

    /// With changes everywhere but in the stretches that are left, which are calm.
    #[test]
    fn a_stretch_that_is_taken_out_takes_its_change_with_it() {
        for seed in 0..50 {
            let of = |seeds: &[u64]| chosen(&mut PctScheduler::new(seed, 3, 8), seeds, 6);
            let brings = |seed: u64| {
                let mut scheduler = PctScheduler::new(0, 3, 8);
                scheduler.reseed(seed);
                scheduler.due.is_some()
            };
            let mut calm = (100 * seed + 1..).filter(|seed| !brings(*seed));
            let seeds: Vec<u64> = (0..6).filter_map(|_| calm.next()).collect();
            let whole = of(&seeds);
            let fewer = of(&[&seeds[..2], &seeds[3..]].concat());
            assert_eq!(whole[..2], fewer[..2]);
            assert_eq!(whole[3..], fewer[2..]);
        }
    }

    #[test]
    fn a_stretch_of_seed_0_brings_no_change() {
        let mut scheduler = PctScheduler::new(7, 1000, 1);
        scheduler.reseed(0);
        assert_eq!(scheduler.due, None);
        scheduler.reseed(1);
        assert!(scheduler.due.is_some());
    }

    #[test]
    fn nobody_waits_for_ever() {
        for seed in 0..50 {
            let mut scheduler = PctScheduler::new(seed, 3, 1);
            scheduler.reseed(seed);
            let choices: Vec<usize> = (0..5000).map(|_| scheduler.next(&ALL)).collect();
            for who in 0..ALL.len() {
                assert!(choices.contains(&who), "seed {seed}: {who} never goes");
            }
        }
    }
}
