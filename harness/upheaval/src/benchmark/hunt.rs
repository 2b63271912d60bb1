//! Cases of one scenario, until something is found.

use super::FalseAlarm;
use crate::invariant::Judgement;
use crate::plan::case_seed;
use crate::run::{Breach, Claim, Executor, Failure, Runner};
use crate::target::TargetError;

/// How much may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many seeds each bug is hunted from.
    pub seeds: u64,
    /// The most cases from each of them.
    pub cases: u64,
    /// The cases of each twin.
    pub twin_cases: u64,
}

impl Budget {
    /// What the embedded node can do in a minute or so.
    pub const EMBEDDED: Budget = Budget {
        seeds: 10,
        cases: 10_000,
        twin_cases: 2000,
    };

    /// The same for real Erlang, where a case takes a hundred times as long.
    pub const BEAM: Budget = Budget {
        seeds: 10,
        cases: 200,
        twin_cases: 50,
    };
}

/// The first violation from one seed.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How many cases it took, this one included.
    pub cases: u64,
    /// The case's seed.
    pub case_seed: u64,
    /// The claim that it breaks, the first in their order where it is several.
    pub claim: Claim,
    breach: Breach,
}

impl Finding {
    /// Shrinks its plan.
    pub(super) fn shrink(&self, runner: &Runner, executor: &mut dyn Executor) -> Failure {
        let plan = runner.plan(self.case_seed);
        runner.shrink(executor, self.claim, &plan, self.breach.clone())
    }
}

/// Runs the cases of a seed up to the first that breaks a claim.
pub(super) fn first(
    runner: &Runner,
    executor: &mut dyn Executor,
    seed: u64,
    most: u64,
) -> Result<Option<Finding>, TargetError> {
    let claims = runner.claims(executor.is_deterministic());
    for case in 0..most {
        let judged = executor.case(case_seed(seed, case), false)?;
        let mut broken = claims.iter().enumerate();
        let found = broken.find_map(|(place, claim)| Some((*claim, judged.breach(*claim, place)?)));
        if let Some((claim, breach)) = found {
            return Ok(Some(Finding {
                cases: case + 1,
                case_seed: judged.case_seed,
                claim,
                breach,
            }));
        }
    }
    Ok(None)
}

/// What cases of a twin came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Peace {
    pub(super) reported: u64,
    pub(super) inconclusive: u64,
    pub(super) first: Option<FalseAlarm>,
}

/// Runs so many cases of a twin, and counts those that break a claim.
pub(super) fn all(
    runner: &Runner,
    executor: &mut dyn Executor,
    cases: u64,
) -> Result<Peace, TargetError> {
    let claims = runner.claims(executor.is_deterministic());
    let mut peace = Peace::default();
    for case in 0..cases {
        let judged = executor.case(case_seed(0, case), false)?;
        let judgements = || claims.iter().zip(&judged.judgements);
        let alarm = judgements().find_map(|(claim, judgement)| match judgement {
            Judgement::Violated(violation) => Some(FalseAlarm {
                invariant: claim.name,
                message: violation.message.clone(),
                case_seed: judged.case_seed,
            }),
            _ => None,
        });
        let is_inconclusive = |(_, judgement): (&Claim, &Judgement)| {
            matches!(judgement, Judgement::Inconclusive { .. })
        };
        match alarm {
            Some(alarm) => {
                peace.reported += 1;
                peace.first.get_or_insert(alarm);
            }
            None => peace.inconclusive += u64::from(judgements().any(is_inconclusive)),
        }
    }
    Ok(peace)
}
