//! The seam between a history and those who judge it.

use std::fmt;

use super::{
    BoundedPause, ComesToRest, CurrentCode, Fifo, FreshStart, Linearizable, NoCrashes,
    NoDuplicates, NoLeaks, NoLostMessages, NoOldCodeAfterPurge, NobodySuspended, OneOutcome,
    Reading, ReleaseComplete, RoundTrip, ShortPauses, StateConversion, SupervisorRestarts,
    TreeAsFresh, TwoVersions, UpgradesKillNobody, UpgradesSucceed,
};
use crate::history::History;
use crate::scenario::Scenario;

/// Something that must hold for every history of a scenario.
pub trait Invariant: fmt::Debug + Send + Sync {
    /// Its name in snake case, as tables and JSON give it.
    fn name(&self) -> &'static str;

    /// What must hold, in a sentence, with the rule it comes from.
    fn statement(&self) -> &'static str;

    /// Whether a history of the scenario can give it an occasion at all: a run of one that
    /// has no releases is not judged by what releases are held to. By default it can.
    fn applies(&self, scenario: &Scenario) -> bool {
        let _ = scenario;
        true
    }

    /// Judges one history.
    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement;

    /// The same, where others judge that history, too: what they have read of it is not
    /// read again.
    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        self.judge(reading.scenario, reading.history)
    }
}

/// What an invariant found in one history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It looked at so many occasions on which it could have been broken, and
    /// none broke it. With 0 it saw nothing, which is reported as such.
    Held {
        /// How many occasions it looked at.
        checked: u64,
    },
    /// It was broken.
    Violated(Violation),
    /// It could not tell, for this reason: never to be read as held.
    Inconclusive {
        /// Why, as a lowercase fragment.
        reason: String,
    },
}

/// The first breach that an invariant found in a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What went wrong, in a sentence that names processes and terms.
    pub message: String,
    /// The index of the event at which it shows.
    pub at: usize,
    /// The indices of the events that explain it, in order, `at` among them.
    pub evidence: Vec<usize>,
}

/// The invariants that every scenario is judged by.
pub fn default_invariants() -> Vec<Box<dyn Invariant>> {
    vec![
        Box::new(NoLostMessages),
        Box::new(NoDuplicates),
        Box::new(Fifo),
        Box::new(OneOutcome),
        Box::new(TwoVersions),
        Box::new(NoOldCodeAfterPurge),
        Box::new(CurrentCode),
        Box::new(NobodySuspended),
        Box::new(BoundedPause),
        Box::new(StateConversion),
        Box::new(RoundTrip),
        Box::new(SupervisorRestarts),
        Box::new(NoLeaks),
        Box::new(Linearizable),
        Box::new(FreshStart),
        Box::new(NoCrashes),
        Box::new(UpgradesSucceed),
        Box::new(UpgradesKillNobody),
        Box::new(ReleaseComplete),
        Box::new(TreeAsFresh),
        Box::new(ComesToRest),
        Box::new(ShortPauses),
    ]
}
