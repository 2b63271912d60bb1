//! What the journal comes to.

use std::time::Duration;

use super::Totals;
use super::part::Record;
use super::units::Units;
use crate::run::Claim;

/// What the journal comes to.
pub(super) struct Books {
    scenarios: Vec<(String, Vec<Claim>)>,
    pub(super) units: Units,
    pub(super) totals: Vec<Totals>,
    pub(super) kept: Vec<String>,
    pub(super) spent: Duration,
}

impl Books {
    /// Books without a case, for scenarios and what they are held to.
    pub(super) fn new(scenarios: Vec<(String, Vec<Claim>)>) -> Books {
        let totals = scenarios
            .iter()
            .map(|(name, claims)| Totals::new(name, claims));
        Books {
            totals: totals.collect(),
            scenarios,
            units: Units::default(),
            kept: Vec::new(),
            spent: Duration::ZERO,
        }
    }

    /// Adds a record. False where it is none of this soak, or of cases that are done.
    pub(super) fn add(&mut self, record: &Record) -> bool {
        let scenario = (record.unit % self.scenarios.len() as u64) as usize;
        let (name, claims) = &self.scenarios[scenario];
        let Some(totals) = record.totals(name, claims) else {
            return false;
        };
        if !self.units.done(record.unit(), record.cases) {
            return false;
        }
        self.count(scenario, &totals, record);
        true
    }

    pub(super) fn count(&mut self, scenario: usize, totals: &Totals, record: &Record) {
        self.totals[scenario].add(totals);
        self.kept.extend_from_slice(&record.kept);
        self.spent = self.spent.max(Duration::from_millis(record.ms));
    }

    pub(super) fn cases(&self) -> u64 {
        self.totals.iter().map(|totals| totals.cases).sum()
    }

    pub(super) fn violations(&self) -> u64 {
        let rows = self.totals.iter().flat_map(|totals| totals.tally.rows());
        rows.map(|row| row.violated).sum()
    }
}
