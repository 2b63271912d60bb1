//! What a run found.

use super::{Counts, Failure, Undecided};
use crate::coverage::Coverage;
use crate::history::Digest;
use crate::target::TargetError;
use crate::verdict::{Tally, Verdict};

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Cases that are done.
    pub cases: u64,
    /// Cases of them in which a claim was violated.
    pub violated: u64,
}

/// What a run found.
#[derive(Debug)]
pub struct Report {
    /// How many cases were run.
    pub cases: u64,
    /// What happened in all of them together.
    pub counts: Counts,
    /// The digest of all histories, in the order of the cases.
    pub digest: Digest,
    /// What each claim says: the invariants', and on a deterministic target
    /// [survival](super::SURVIVAL) and [determinism](super::DETERMINISM).
    pub tally: Tally,
    /// Which cells were reached; nothing where the target cannot be asked.
    pub coverage: Coverage,
    /// The first violation of each claim, shrunk; of survival the first of each kind.
    pub failures: Vec<Failure>,
    /// The first case that could not be judged for each reason, of the first few.
    pub undecided: Vec<Undecided>,
    /// Why there are no more cases, where the target could not run one: what was
    /// found until then counts all the same.
    pub error: Option<TargetError>,
}

impl Report {
    /// The [verdict over all claims](Tally::verdict).
    pub fn verdict(&self) -> Verdict {
        self.tally.verdict()
    }
}
