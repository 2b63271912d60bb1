//! Bug after bug.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::hunt::{Budget, all, first};
use super::{BenchmarkError, Bug, Ground, Row};
use crate::run::Runner;

/// Measures bugs, several at a time, and gives their rows in the bugs' order. Those that
/// the ground's target cannot express are left out.
///
/// `measured` is told of each as it is done. Nothing that is found depends on the number
/// of threads.
///
/// # Errors
/// The first, in the bugs' order, that could not be measured.
pub fn measure_all(
    bugs: &[Bug],
    ground: &impl Ground,
    budget: Budget,
    threads: NonZeroUsize,
    measured: impl Fn(&Row) + Sync,
) -> Result<Vec<Row>, BenchmarkError> {
    let is_expressed = |bug: &&Bug| bug.targets.contains(&ground.on());
    let bugs: Vec<&Bug> = bugs.iter().filter(is_expressed).collect();
    let next = AtomicUsize::new(0);
    let rows: Vec<_> = bugs.iter().map(|_| Mutex::new(None)).collect();
    thread::scope(|scope| {
        for _ in 0..threads.get().min(bugs.len()) {
            scope.spawn(|| {
                while let Some((bug, place)) = {
                    let next = next.fetch_add(1, Ordering::Relaxed);
                    bugs.get(next).zip(rows.get(next))
                } {
                    let row = measure(bug, ground, budget);
                    if let Ok(row) = &row {
                        measured(row);
                    }
                    *place.lock().unwrap_or_else(|broken| broken.into_inner()) = Some(row);
                }
            });
        }
    });
    let rows = rows.into_iter().filter_map(|row| {
        let row = row.into_inner();
        row.unwrap_or_else(|broken| broken.into_inner())
    });
    rows.collect()
}

fn measure(bug: &Bug, ground: &impl Ground, budget: Budget) -> Result<Row, BenchmarkError> {
    let runner = Runner::new(bug.scenario.clone());
    let (found, median) = ground.enter(&runner, |executor| {
        let mut findings = Vec::new();
        for seed in 0..budget.seeds {
            findings.extend(first(&runner, executor, seed, budget.cases)?);
        }
        findings.sort_by_key(|finding| finding.cases);
        // What was not found comes after all that was.
        let median = findings.get(budget.seeds as usize / 2);
        let median = median.map(|median| (median.cases, median.shrink(&runner, executor)));
        Ok((findings.len() as u64, median))
    })?;
    let runner = Runner::new(bug.twin.clone());
    let peace = ground.enter(&runner, |executor| {
        all(&runner, executor, budget.twin_cases)
    })?;
    Ok(Row {
        name: bug.name,
        threads: bug.threads,
        on: ground.on(),
        seeds: budget.seeds,
        found,
        median,
        twin_cases: budget.twin_cases,
        twin_reported: peace.reported,
        twin_inconclusive: peace.inconclusive,
        false_alarm: peace.first,
    })
}

#[cfg(test)]
mod tests;
