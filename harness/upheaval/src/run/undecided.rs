//! A case that could not be judged, with what it takes to run it again.

use super::Judged;
use crate::invariant::Judgement;
use crate::plan::Plan;

/// A case that broke nothing, and of which something could not be told.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// The case's seed.
    pub case_seed: u64,
    /// Its plan. It is not shrunk: what cannot be told is no violation.
    pub plan: Plan,
    /// What the first invariant that could not tell gives as its reason.
    pub reason: String,
}

impl Judged {
    /// Why something could not be told, where nothing was broken: what was broken is
    /// told by itself.
    pub(super) fn undecided(&self) -> Option<&str> {
        match self.is_violated() {
            true => None,
            false => (self.judgements.iter()).find_map(|judgement| match judgement {
                Judgement::Inconclusive { reason } => Some(reason.as_str()),
                _ => None,
            }),
        }
    }
}
