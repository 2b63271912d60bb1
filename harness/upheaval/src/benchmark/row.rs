//! What was measured of one bug.

use super::On;
use crate::run::Failure;

/// What was measured of one bug on one target.
#[derive(Clone, Debug)]
pub struct Row {
    /// The bug's name.
    pub name: &'static str,
    /// The threads in which it was told.
    pub threads: &'static [&'static str],
    /// The target.
    pub on: On,
    /// From how many seeds it was hunted.
    pub seeds: u64,
    /// From how many of them it was found within the budget.
    pub found: u64,
    /// Of the seed in the middle, by cases: how many cases it took, and what it came to; or
    /// what the nearest one came to whose plan fails again, where that of this one does not.
    /// None where it was not found from that one.
    pub median: Option<(u64, Failure)>,
    /// How many cases of the twin were run.
    pub twin_cases: u64,
    /// In how many of them a claim was said to be broken.
    pub twin_reported: u64,
    /// How many of the others could not be judged in full.
    pub twin_inconclusive: u64,
    /// The first of those that were reported.
    pub false_alarm: Option<FalseAlarm>,
}

/// What was said of a correct system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FalseAlarm {
    /// The claim that it is said to break.
    pub invariant: &'static str,
    /// How.
    pub message: String,
    /// The seed of the case.
    pub case_seed: u64,
}

impl Row {
    /// Whether it was found from every seed.
    pub fn is_found(&self) -> bool {
        self.found == self.seeds
    }

    /// Whether it was found, and its twin left alone.
    pub fn is_right(&self) -> bool {
        self.is_found() && self.twin_reported == 0
    }
}
