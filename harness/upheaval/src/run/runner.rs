//! Case after case, from one seed.

use super::{Counts, Failure, run_case};
use crate::history::{Digest, DigestChain, History};
use crate::invariant::{Invariant, Judgement, default_invariants};
use crate::plan::{Plan, PlanStrategy, PlanTree, case_seed, shrink};
use crate::scenario::Scenario;
use crate::target::{Target, TargetError};
use crate::verdict::{Tally, Verdict, judge_all};

/// The most runs that shrinking one plan may take.
const SHRINK_BUDGET: u32 = 2000;

/// Runs the cases of one scenario on one target.
#[derive(Debug)]
pub struct Runner {
    scenario: Scenario,
    invariants: Vec<Box<dyn Invariant>>,
    strategy: PlanStrategy,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Cases that are done.
    pub cases: u64,
    /// Cases of them in which an invariant was violated.
    pub violated: u64,
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Report {
    /// How many cases were run.
    pub cases: u64,
    /// What happened in all of them together.
    pub counts: Counts,
    /// The digest of all histories, in the order of the cases.
    pub digest: Digest,
    /// What each invariant says.
    pub tally: Tally,
    /// The first violation of each invariant, shrunk.
    pub failures: Vec<Failure>,
}

impl Report {
    /// The verdict over all invariants: violated if any is, else inconclusive if
    /// any is, else held if any saw something.
    pub fn verdict(&self) -> Verdict {
        let is = |verdict| self.tally.rows().iter().any(|row| row.verdict() == verdict);
        [Verdict::Violated, Verdict::Inconclusive, Verdict::Held]
            .into_iter()
            .find(|verdict| is(*verdict))
            .unwrap_or(Verdict::SawNothing)
    }
}

impl Runner {
    /// A runner that judges by the [default invariants](default_invariants).
    pub fn new(scenario: Scenario) -> Runner {
        Runner {
            strategy: PlanStrategy::new(&scenario),
            invariants: default_invariants(),
            scenario,
        }
    }

    /// The scenario whose cases it runs.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The invariants that it judges by.
    pub fn invariants(&self) -> &[Box<dyn Invariant>] {
        &self.invariants
    }

    /// Runs `cases` cases from `seed`. Every case is run and judged; the first
    /// violation of each invariant is shrunk.
    ///
    /// # Errors
    /// The target could not run a case.
    pub fn run(
        &self,
        target: &mut dyn Target,
        seed: u64,
        cases: u64,
        mut progress: impl FnMut(Progress),
    ) -> Result<Report, TargetError> {
        let mut counts = Counts::default();
        let mut chain = DigestChain::new();
        let mut tally = Tally::new(&self.invariants);
        let mut failures: Vec<Failure> = Vec::new();
        let mut history = History::new();
        let mut violated = 0;
        for case in 0..cases {
            let plan = self.strategy.draw(case_seed(seed, case));
            history.clear();
            target.run(&plan, &mut history)?;
            counts += Counts::of(&history);
            chain.push(history.digest());
            let judgements = judge_all(&self.invariants, &self.scenario, &history);
            tally.add(&judgements);
            for (invariant, judgement) in self.invariants.iter().zip(&judgements) {
                let is_known = failures.iter().any(|f| f.invariant == invariant.name());
                if matches!(judgement, Judgement::Violated(_)) && !is_known {
                    failures.push(self.shrink(target, invariant.as_ref(), &plan)?);
                }
            }
            violated += u64::from(judgements.iter().any(is_violated));
            progress(Progress {
                cases: case + 1,
                violated,
            });
        }
        Ok(Report {
            cases,
            counts,
            digest: chain.digest(),
            tally,
            failures,
        })
    }

    /// Shrinks a plan that violates an invariant to one from which no op can be
    /// taken.
    ///
    /// # Errors
    /// The target could not run a case.
    pub fn shrink(
        &self,
        target: &mut dyn Target,
        invariant: &dyn Invariant,
        plan: &Plan,
    ) -> Result<Failure, TargetError> {
        let mut tree = PlanTree::new(plan.clone());
        let mut lost = None;
        let mut history = History::new();
        let shrunk = shrink(&mut tree, SHRINK_BUDGET, |plan| {
            history.clear();
            match target.run(plan, &mut history) {
                Ok(()) => is_violated(&invariant.judge(&self.scenario, &history)),
                Err(error) => {
                    lost.get_or_insert(error);
                    false
                }
            }
        });
        if let Some(error) = lost {
            return Err(error);
        }
        let case = run_case(&self.scenario, &[], target, &shrunk.plan)?;
        let found = (plan.seed, plan.steps.len());
        match invariant.judge(&self.scenario, &case.history) {
            Judgement::Violated(violation) => Ok(Failure::new(
                invariant,
                &violation,
                &case.history,
                shrunk.plan,
                found,
                shrunk.minimal,
            )),
            // It does not fail again: then the system is not deterministic, and
            // the plan that was seen to fail is the one to report.
            _ => Err(TargetError::Nondeterministic {
                invariant: invariant.name(),
                seed: plan.seed,
            }),
        }
    }
}

fn is_violated(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Violated(_))
}
