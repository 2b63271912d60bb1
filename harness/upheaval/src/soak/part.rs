//! The cases of a unit that were run in one go, and their record in the journal.

use serde::{Deserialize, Serialize};

use super::Totals;
use super::units::Unit;
use crate::run::{Claim, Counts};
use crate::verdict::TallyRow;

/// A line of the journal after the first: cases that are done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The unit, and how many of its cases were done before.
    pub(super) unit: u64,
    pub(super) from: u32,
    /// How many are done now.
    pub(super) cases: u32,
    /// How long the soak has taken until then, in milliseconds.
    pub(super) ms: u64,
    pub(super) counts: Counts,
    /// The digest of the histories, in the order of the cases.
    pub(super) digest: String,
    /// What each claim says, in their order.
    pub(super) claims: Vec<Row>,
    /// The plan files that these cases were reason to write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) kept: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    checked: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    violated: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    inconclusive: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Record {
    pub(super) fn new(unit: Unit, totals: &Totals, digest: String) -> Record {
        let row = |row: &TallyRow| Row {
            checked: row.checked,
            violated: row.violated,
            inconclusive: row.inconclusive,
            reason: row.reason.clone(),
        };
        Record {
            unit: unit.number,
            from: unit.from,
            // A unit has few.
            cases: totals.cases as u32,
            ms: 0,
            counts: totals.counts,
            digest,
            claims: totals.tally.rows().iter().map(row).collect(),
            kept: Vec::new(),
        }
    }

    /// The unit that it goes on with.
    pub(super) fn unit(&self) -> Unit {
        Unit {
            number: self.unit,
            from: self.from,
        }
    }

    /// What it adds to the totals of a scenario; nothing where it is not of these claims.
    pub(super) fn totals(&self, scenario: &str, claims: &[Claim]) -> Option<Totals> {
        let mut totals = Totals::new(scenario, claims);
        let rows = totals.tally.rows_mut();
        if rows.len() != self.claims.len() {
            return None;
        }
        for (row, record) in rows.iter_mut().zip(&self.claims) {
            row.checked = record.checked;
            row.violated = record.violated;
            row.inconclusive = record.inconclusive;
            row.reason.clone_from(&record.reason);
            let not_held = record.violated.checked_add(record.inconclusive)?;
            row.held = u64::from(self.cases).checked_sub(not_held)?;
        }
        totals.cases = self.cases.into();
        totals.counts = self.counts;
        Some(totals)
    }
}
