//! From a plan that breaks a claim to the smallest that does.

use std::time::Instant;

use super::failure::{Found, Repeated};
use super::{Breach, Care, Claim, Executor, Failure, Judged, Runner};
use crate::plan::{Plan, PlanTree, shrink};

/// The most plans that may be tried to shrink one.
const SHRINK_BUDGET: u32 = 2000;

/// The same where a case takes a hundred times as long, and more.
const REAL_SHRINK_BUDGET: u32 = 200;

/// How often each of them is run where a failure may need luck.
const REAL_TRIES: u32 = 3;

/// How often the shrunk one is run there, to say how much luck.
const REAL_REPEATS: u32 = 10;

impl Runner {
    /// Shrinks what a case broke, where `is_wanted` says so of it. What does not happen
    /// again breaks [`DETERMINISM`](super::DETERMINISM), too.
    pub(crate) fn shrink_all(
        &self,
        executor: &mut dyn Executor,
        claims: &[Claim],
        judged: &mut Judged,
        mut is_wanted: impl FnMut(Claim, &Breach) -> bool,
    ) -> Vec<Failure> {
        let mut failures = Vec::new();
        for (place, claim) in claims.iter().enumerate() {
            let Some(breach) = judged.breach(*claim, place) else {
                continue;
            };
            if !is_wanted(*claim, &breach) {
                continue;
            }
            let plan = self.plan(judged.case_seed);
            let failure = self.shrink(executor, *claim, &plan, breach);
            if failure.is_unrepeatable() && !Claim::is_of_the_run(claim.name) {
                judged.is_not_deterministic(claims, *claim);
            }
            failures.push(failure);
        }
        failures
    }

    /// Shrinks a plan that breaks a claim to one from which no op can be taken.
    ///
    /// On a target on which a run does not repeat exactly, each plan gets several
    /// tries, and the report says how often the shrunk one failed. `breach` is
    /// what was found first: where it never happens again, it is reported as it was.
    ///
    /// A target that is lost on the way leaves the plan as it is: that is for the next
    /// case to tell.
    pub fn shrink(
        &self,
        executor: &mut dyn Executor,
        claim: Claim,
        plan: &Plan,
        breach: Breach,
    ) -> Failure {
        let (budget, tries, repeats) = match executor.is_deterministic() {
            true => (SHRINK_BUDGET, 1, 1),
            false => (REAL_SHRINK_BUDGET, REAL_TRIES, REAL_REPEATS),
        };
        let end = executor
            .longest_shrink()
            .map(|longest| Instant::now() + longest);
        let mut lost = false;
        let mut late = false;
        let mut once = |plan: &Plan, care| {
            // Once the target is lost, no candidate is worth another try.
            if lost {
                return None;
            }
            match executor.breach(claim.name, plan, care) {
                Ok(again) => again.filter(|again| again.is_like(&breach)),
                Err(_) => {
                    lost = true;
                    None
                }
            }
        };
        // What is as good as never seen again shows nothing of smaller plans.
        let is_seen_again = tries == 1 || (0..repeats).any(|_| once(plan, Care::Sure).is_some());
        let budget = if is_seen_again { budget } else { 0 };
        let mut tree = PlanTree::new(plan.clone());
        let shrunk = shrink(&mut tree, budget, |plan| {
            late = late || end.is_some_and(|end| Instant::now() >= end);
            !late && (0..tries).any(|_| once(plan, Care::Quick).is_some())
        });
        let mut failed = Vec::new();
        if is_seen_again {
            for _ in 0..repeats {
                failed.extend(once(&shrunk.plan, Care::Sure));
            }
        }
        let mut repeated = Repeated {
            minimal: shrunk.minimal && !lost && !late,
            failures: failed.len() as u32,
            runs: if lost && failed.is_empty() {
                0
            } else {
                repeats
            },
        };
        let found = Found {
            case_seed: plan.seed,
            ops: plan.steps.len(),
        };
        match failed.pop() {
            Some(breach) => Failure::new(claim, breach, shrunk.plan, found, repeated),
            // It does not fail again: the plan that was seen to fail is the one to report.
            None => {
                repeated.minimal = false;
                Failure::new(claim, breach, plan.clone(), found, repeated)
            }
        }
    }
}

#[cfg(test)]
mod tests;
