//! The seam between a run and where its cases are run.

use std::time::Duration;

use super::{Claim, Counts, DETERMINISM, SURVIVAL};
use crate::coverage::Reached;
use crate::history::{Digest, History};
use crate::invariant::{Judgement, Violation};
use crate::plan::Plan;
use crate::target::TargetError;
use crate::worker::Death;

/// Runs the cases of one scenario and judges them: in this process, or in another.
pub trait Executor {
    /// Draws the plan of a case's seed, runs it and judges what happened. With `twice`
    /// it is run once more, and compared.
    ///
    /// # Errors
    /// The target could not run it.
    fn case(&mut self, case_seed: u64, twice: bool) -> Result<Judged, TargetError>;

    /// Runs a plan; gives how it breaks the claim of that name, if it does.
    ///
    /// # Errors
    /// As [`case`](Executor::case).
    fn breach(
        &mut self,
        claim: &'static str,
        plan: &Plan,
        care: Care,
    ) -> Result<Option<Breach>, TargetError>;

    /// Runs a plan, twice where that is to give the same, and tells all about it.
    ///
    /// # Errors
    /// As [`case`](Executor::case).
    fn replay(&mut self, plan: &Plan) -> Result<Replayed, TargetError>;

    /// Whether the same plan gives the same history each time, if its modules are as
    /// they should be.
    fn is_deterministic(&self) -> bool;

    /// How long a plan may be shrunk, where a candidate may take long.
    fn longest_shrink(&self) -> Option<Duration> {
        None
    }
}

/// How long a plan that says nothing is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// A part of the deadline: for one of many candidates.
    Quick,
    /// The whole deadline.
    Sure,
}

/// What one case came to.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The case's seed.
    pub case_seed: u64,
    /// What happened, in numbers.
    pub counts: Counts,
    /// The digest of its history.
    pub digest: Digest,
    /// What each [claim](super::Runner::claims) says, in their order.
    pub judgements: Vec<Judgement>,
    /// The [cells](crate::coverage::Cell) that it has reached.
    pub cells: Vec<Reached>,
    /// How the process that ran it ended, where it did not outlive the case.
    pub death: Option<Death>,
}

/// What one plan came to, with what a person wants to see of it.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// What it came to.
    pub judged: Judged,
    /// The events around each violation, in the order of the judgements; empty for what
    /// is not violated. None at all where the process ended.
    pub excerpts: Vec<String>,
}

impl Judged {
    /// A case that ended its process. It has no history to judge: that is never read as
    /// held.
    pub(crate) fn dead(claims: &[Claim], case_seed: u64, twice: bool, death: Death) -> Judged {
        let of = |claim: &Claim| match claim.name {
            name if name == SURVIVAL.name => Judgement::Violated(Violation {
                message: death.to_string(),
                at: 0,
                evidence: Vec::new(),
            }),
            name if name == DETERMINISM.name && !twice => Judgement::Held { checked: 0 },
            _ => Judgement::Inconclusive {
                reason: death.to_string(),
            },
        };
        Judged {
            case_seed,
            counts: Counts::default(),
            digest: Digest::default(),
            judgements: claims.iter().map(of).collect(),
            cells: Vec::new(),
            death: Some(death),
        }
    }

    /// How it broke the claim at that place among all.
    pub(crate) fn breach(&self, claim: Claim, place: usize) -> Option<Breach> {
        match (&self.judgements[place], self.death) {
            (Judgement::Violated(_), Some(death)) if claim == SURVIVAL => {
                Some(Breach::death(death))
            }
            (Judgement::Violated(violation), _) => Some(Breach::without_history(violation)),
            _ => None,
        }
    }

    /// A claim was violated, and was not when the plan was run again.
    pub(crate) fn is_not_deterministic(&mut self, claims: &[Claim], violated: Claim) {
        let place = claims.iter().position(|claim| *claim == DETERMINISM);
        if let Some(place) = place
            && !matches!(self.judgements[place], Judgement::Violated(_))
        {
            self.judgements[place] = Judgement::Violated(Violation {
                message: format!(
                    "case 0x{:016x} violated {}, and did not when it was run again: a module is \
                     not deterministic; look for clocks, addresses, threads and statics in it",
                    self.case_seed, violated.name
                ),
                at: 0,
                evidence: Vec::new(),
            });
        }
    }

    /// Whether it broke a claim.
    pub fn is_violated(&self) -> bool {
        let is_violated = |judgement: &Judgement| matches!(judgement, Judgement::Violated(_));
        self.judgements.iter().any(is_violated)
    }
}

/// How a plan broke a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// What went wrong, in a sentence that names processes and terms.
    pub message: String,
    /// The events around it; empty where there is no history.
    pub excerpt: String,
    /// The op within which it shows, counted from 0; none where it shows at rest, or there
    /// is no history.
    pub op: Option<u32>,
    /// How the process that ran the plan ended, where that is the breach.
    pub death: Option<Death>,
}

impl Breach {
    /// A violation that shows in a history.
    pub(crate) fn of(violation: &Violation, history: &History) -> Breach {
        Breach {
            excerpt: history.excerpt(violation.at, &violation.evidence),
            op: history.op_of(violation.at),
            ..Breach::without_history(violation)
        }
    }

    /// A violation whose history is gone.
    pub(crate) fn without_history(violation: &Violation) -> Breach {
        Breach {
            message: violation.message.clone(),
            excerpt: String::new(),
            op: None,
            death: None,
        }
    }

    /// The end of the process that ran the plan.
    pub(crate) fn death(death: Death) -> Breach {
        Breach {
            message: death.to_string(),
            excerpt: String::new(),
            op: None,
            death: Some(death),
        }
    }

    /// Whether another one is of the same kind: an abort is no smaller fault.
    pub(crate) fn is_like(&self, other: &Breach) -> bool {
        self.death.map(Death::kind) == other.death.map(Death::kind)
    }
}
