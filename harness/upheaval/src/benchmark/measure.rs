//! Bug after bug.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard};
use std::thread;

use super::hunt::{Budget, Finding, Peace, all, first};
use super::{BenchmarkError, Bug, Ground, Row};
use crate::run::{Executor, Failure, Runner};
use crate::target::TargetError;

/// Measures bugs, several at a time, and gives their rows in the bugs' order. Those that
/// the ground's target cannot express are left out.
///
/// `measured` is told of each as it is done. Nothing that is found depends on the number
/// of threads. A bug that could not be measured has an error in its place: the others are
/// none the worse for it.
pub fn measure_all(
    bugs: &[Bug],
    ground: &impl Ground,
    budget: Budget,
    threads: NonZeroUsize,
    measured: impl Fn(&Row) + Sync,
) -> Vec<Result<Row, BenchmarkError>> {
    let is_expressed = |bug: &&Bug| bug.targets.contains(&ground.on());
    let measures: Vec<Measure<'_>> = (bugs.iter().filter(is_expressed))
        .map(|bug| Measure::new(bug, budget))
        .collect();
    let parts = measures.iter().flat_map(|measure| {
        let seeds = Vec::from_iter(0..budget.seeds);
        let at_once = if ground.waits() {
            1
        } else {
            seeds.len().max(1)
        };
        let hunts = seeds.chunks(at_once).map(|seeds| Part::Hunt(seeds.into()));
        let parts = hunts.chain([Part::Twin]);
        parts.map(move |part| (measure, part)).collect::<Vec<_>>()
    });
    let parts = Mutex::new(VecDeque::from_iter(parts));
    let next = || locked(&parts).pop_front();
    thread::scope(|scope| {
        for _ in 0..threads.get().min(locked(&parts).len()) {
            scope.spawn(|| {
                while let Some((measure, part)) = next() {
                    if let Err(error) = measure.part(&part, ground) {
                        locked(&measure.done).error.get_or_insert(error);
                    }
                    if let Some(row) = measure.row(ground) {
                        measured(&row);
                        locked(&measure.done).row = Some(row);
                    }
                }
            });
        }
    });
    let rows = measures.into_iter().map(|measure| {
        let done = measure.done.into_inner();
        let done = done.unwrap_or_else(|broken| broken.into_inner());
        done.error.map_or(Ok(done.row), Err)
    });
    rows.filter_map(Result::transpose).collect()
}

/// What is done of a bug at a time.
enum Part {
    /// It is hunted from these seeds.
    Hunt(Vec<u64>),
    /// Its twin is run.
    Twin,
}

/// A bug, and what of it has been measured.
struct Measure<'a> {
    bug: &'a Bug,
    budget: Budget,
    done: Mutex<Done>,
}

#[derive(Default)]
struct Done {
    /// How many seeds it has been hunted from.
    seeds: u64,
    findings: Vec<Finding>,
    /// None until it has been hunted from all of them.
    median: Option<Option<(u64, Failure)>>,
    peace: Option<Peace>,
    error: Option<BenchmarkError>,
    row: Option<Row>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}

impl<'a> Measure<'a> {
    fn new(bug: &'a Bug, budget: Budget) -> Self {
        let done = Done {
            // From no seed, it is not found.
            median: (budget.seeds == 0).then_some(None),
            ..Done::default()
        };
        Measure {
            bug,
            budget,
            done: Mutex::new(done),
        }
    }

    fn part(&self, part: &Part, ground: &impl Ground) -> Result<(), BenchmarkError> {
        match part {
            Part::Hunt(seeds) => {
                let runner = Runner::new(self.bug.scenario.clone());
                ground.enter(&runner, |executor| self.hunt(seeds, &runner, executor))
            }
            Part::Twin => {
                let runner = Runner::new(self.bug.twin.clone());
                let cases = self.budget.twin_cases;
                let peace = ground.enter(&runner, |executor| all(&runner, executor, cases))?;
                locked(&self.done).peace = Some(peace);
                Ok(())
            }
        }
    }

    /// Hunts it from some seeds. Whoever comes to the end of the last one shrinks the plan of
    /// the one in the middle, or where that does not fail again, of the nearest that does.
    fn hunt(
        &self,
        seeds: &[u64],
        runner: &Runner,
        executor: &mut dyn Executor,
    ) -> Result<(), TargetError> {
        for seed in seeds {
            let finding = first(runner, executor, *seed, self.budget.cases)?;
            let mut done = locked(&self.done);
            done.findings.extend(finding);
            done.seeds += 1;
            if done.seeds < self.budget.seeds {
                continue;
            }
            // Seeds come to their ends in any order.
            done.findings
                .sort_by_key(|finding| (finding.cases, finding.case_seed));
            // What was not found comes after all that was.
            let middle = self.budget.seeds as usize / 2;
            let median = done.findings.get(middle).map(|finding| finding.cases);
            let mut nearest: Vec<_> = done.findings.iter().cloned().enumerate().collect();
            drop(done);
            nearest.sort_by_key(|(place, _)| place.abs_diff(middle));
            let median = median.and_then(|cases| {
                let nearest = nearest.iter().map(|(_, finding)| finding);
                Some((cases, first_that_repeats(nearest, runner, executor)?))
            });
            locked(&self.done).median = Some(median);
        }
        Ok(())
    }

    /// Its row, to whoever asks first as all is done.
    fn row(&self, ground: &impl Ground) -> Option<Row> {
        let mut done = locked(&self.done);
        if done.median.is_none() || done.peace.is_none() {
            return None;
        }
        let (median, peace) = (done.median.take()?, done.peace.take()?);
        Some(Row {
            name: self.bug.name,
            threads: self.bug.threads,
            on: ground.on(),
            seeds: self.budget.seeds,
            found: done.findings.len() as u64,
            median,
            twin_cases: self.budget.twin_cases,
            twin_reported: peace.reported,
            twin_inconclusive: peace.inconclusive,
            false_alarm: peace.first,
        })
    }
}

/// Shrinks the first of some findings that fails again; or the first, if none does.
fn first_that_repeats<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    runner: &Runner,
    executor: &mut dyn Executor,
) -> Option<Failure> {
    let mut first = None;
    for finding in findings {
        let failure = finding.shrink(runner, executor);
        if failure.repeats() {
            return Some(failure);
        }
        first = first.or(Some(failure));
    }
    first
}

#[cfg(test)]
mod tests;
