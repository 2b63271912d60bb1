//! What the cases of one scenario came to, all together.

use crate::run::{Claim, Counts};
use crate::verdict::Tally;

/// What the cases of one scenario came to.
#[derive(Clone, Debug)]
pub struct Totals {
    /// The scenario.
    pub scenario: String,
    /// How many cases were run.
    pub cases: u64,
    /// What happened in them.
    pub counts: Counts,
    /// What each claim says.
    pub tally: Tally,
}

impl Totals {
    pub(super) fn new(scenario: &str, claims: &[Claim]) -> Totals {
        Totals {
            scenario: scenario.into(),
            cases: 0,
            counts: Counts::default(),
            tally: Tally::of(claims.iter().copied()),
        }
    }

    pub(super) fn add(&mut self, more: &Totals) {
        self.cases += more.cases;
        self.counts += more.counts;
        self.tally.merge(&more.tally);
    }
}
