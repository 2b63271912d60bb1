//! From what the invariants found in each case to a verdict on a run.

use std::fmt;

use crate::history::History;
use crate::invariant::{Invariant, Judgement, Reading};
use crate::run::Claim;
use crate::scenario::Scenario;

/// What all that was seen says about an invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It was looked at, and nothing broke it.
    Held,
    /// Something broke it.
    Violated,
    /// Nothing broke it that could be judged, but not all could be.
    Inconclusive,
    /// There was no occasion on which it could have been broken.
    SawNothing,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Held => "held",
            Verdict::Violated => "violated",
            Verdict::Inconclusive => "inconclusive",
            Verdict::SawNothing => "saw nothing",
        })
    }
}

/// Judges a history by every invariant, in their order.
pub fn judge_all(
    invariants: &[Box<dyn Invariant>],
    scenario: &Scenario,
    history: &History,
) -> Vec<Judgement> {
    let reading = Reading::new(scenario, history);
    invariants
        .iter()
        .map(|invariant| invariant.judge_read(&reading))
        .collect()
}

/// What the invariants found in the cases of a run so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    rows: Vec<TallyRow>,
}

/// What one invariant found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyRow {
    /// The invariant's name.
    pub name: &'static str,
    /// What it says must hold.
    pub statement: &'static str,
    /// How many cases it held in.
    pub held: u64,
    /// On how many occasions it could have been broken in those.
    pub checked: u64,
    /// How many cases broke it.
    pub violated: u64,
    /// How many cases could not be judged.
    pub inconclusive: u64,
    /// Why the first of those could not.
    pub reason: Option<String>,
}

impl Tally {
    /// A tally without a case.
    pub fn new(invariants: &[Box<dyn Invariant>]) -> Self {
        Tally::of(invariants.iter().map(|invariant| Claim::of(&**invariant)))
    }

    /// The same for claims of any kind.
    pub fn of(claims: impl IntoIterator<Item = Claim>) -> Self {
        let rows = claims.into_iter().map(|claim| TallyRow {
            name: claim.name,
            statement: claim.statement,
            held: 0,
            checked: 0,
            violated: 0,
            inconclusive: 0,
            reason: None,
        });
        Tally {
            rows: rows.collect(),
        }
    }

    /// Adds a case, as [`judge_all`] judged it by the same invariants.
    ///
    /// # Panics
    /// If there are not as many judgements as invariants.
    pub fn add(&mut self, judgements: &[Judgement]) {
        assert_eq!(
            judgements.len(),
            self.rows.len(),
            "a case is judged by every invariant of the tally",
        );
        for (row, judgement) in self.rows.iter_mut().zip(judgements) {
            row.add(judgement);
        }
    }

    /// Adds what another tally of the same claims has.
    ///
    /// # Panics
    /// If it is of others.
    pub fn merge(&mut self, other: &Tally) {
        assert_eq!(
            self.rows.len(),
            other.rows.len(),
            "two tallies of the same claims"
        );
        for (row, more) in self.rows.iter_mut().zip(&other.rows) {
            row.held += more.held;
            row.checked += more.checked;
            row.violated += more.violated;
            row.inconclusive += more.inconclusive;
            if row.reason.is_none() {
                row.reason.clone_from(&more.reason);
            }
        }
    }

    pub(crate) fn rows_mut(&mut self) -> &mut [TallyRow] {
        &mut self.rows
    }

    /// One row per claim, in their order.
    pub fn rows(&self) -> &[TallyRow] {
        &self.rows
    }

    /// The verdict over all claims: violated if any is, else inconclusive if any is, else
    /// held if any invariant saw something. That the cases came to their ends is no
    /// occasion to break one.
    pub fn verdict(&self) -> Verdict {
        let any = |verdict| self.rows.iter().any(|row| row.verdict() == verdict);
        let saw = |row: &TallyRow| row.checked > 0 && !Claim::is_of_the_run(row.name);
        match () {
            () if any(Verdict::Violated) => Verdict::Violated,
            () if any(Verdict::Inconclusive) => Verdict::Inconclusive,
            () if self.rows.iter().any(saw) => Verdict::Held,
            () => Verdict::SawNothing,
        }
    }
}

impl TallyRow {
    /// The verdict on this invariant. An inconclusive case is never read as
    /// one that held, and an invariant that saw nothing never as held.
    pub fn verdict(&self) -> Verdict {
        if self.violated > 0 {
            Verdict::Violated
        } else if self.inconclusive > 0 {
            Verdict::Inconclusive
        } else if self.checked == 0 {
            Verdict::SawNothing
        } else {
            Verdict::Held
        }
    }

    fn add(&mut self, judgement: &Judgement) {
        match judgement {
            Judgement::Held { checked } => {
                self.held += 1;
                self.checked += checked;
            }
            Judgement::Violated(_) => self.violated += 1,
            Judgement::Inconclusive { reason } => {
                self.inconclusive += 1;
                self.reason.get_or_insert_with(|| reason.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests;
