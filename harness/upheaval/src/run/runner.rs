//! Case after case, from one seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use super::{Counts, Failure, run_case};
use crate::history::{Digest, DigestChain, History};
use crate::invariant::{Invariant, Judgement, default_invariants};
use crate::plan::{Plan, PlanStrategy, PlanTree, case_seed, shrink};
use crate::scenario::Scenario;
use crate::target::{Target, TargetError};
use crate::verdict::{Tally, Verdict, judge_all};

/// The most runs that shrinking one plan may take.
const SHRINK_BUDGET: u32 = 2000;

/// How many cases a thread takes at a time: handing each over by itself costs a
/// wake-up, which is a tenth of a case.
const BATCH: u64 = 16;

/// How many batches may be done and not looked at yet.
const AHEAD: usize = 64;

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

    /// Runs `cases` cases from `seed`, one after the other. Every case is run and
    /// judged; the first violation of each invariant is shrunk.
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
        let mut findings = Findings::new(self);
        let mut history = History::new();
        for case in 0..cases {
            let judged = self.judge(target, &mut history, case_seed(seed, case))?;
            progress(findings.add(target, judged)?);
        }
        Ok(findings.report())
    }

    /// As [`run`](Runner::run), on several threads, each with a target of its
    /// own. Cases are independent of each other, and what they came to is put
    /// together in their order, so the report is the same for any number of
    /// threads.
    ///
    /// # Errors
    /// A target could not run a case.
    pub fn run_on_threads<T: Target>(
        &self,
        threads: usize,
        new_target: impl Fn() -> T + Sync,
        seed: u64,
        cases: u64,
        mut progress: impl FnMut(Progress),
    ) -> Result<Report, TargetError> {
        let mut findings = Findings::new(self);
        let mut target = new_target();
        let next = AtomicU64::new(0);
        let (sender, receiver) = sync_channel(AHEAD);
        thread::scope(|scope| {
            // More threads than batches would have nothing to do.
            let most = usize::try_from(cases.div_ceil(BATCH)).unwrap_or(usize::MAX);
            for _ in 0..threads.min(most).max(1) {
                let (sender, next, new_target) = (sender.clone(), &next, &new_target);
                scope.spawn(move || {
                    let mut target = new_target();
                    let mut history = History::new();
                    loop {
                        let first = next.fetch_add(BATCH, Ordering::Relaxed);
                        if first >= cases {
                            return;
                        }
                        let batch: Vec<_> = (first..cases.min(first + BATCH))
                            .map(|case| {
                                self.judge(&mut target, &mut history, case_seed(seed, case))
                            })
                            .collect();
                        // Nobody listens any more once a case could not be run.
                        if sender.send((first, batch)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut early = BTreeMap::new();
            let mut expected = 0;
            for (first, batch) in receiver {
                early.insert(first, batch);
                while let Some(batch) = early.remove(&expected) {
                    for judged in batch {
                        progress(findings.add(&mut target, judged?)?);
                    }
                    expected += BATCH;
                }
            }
            Ok(findings.report())
        })
    }

    fn judge(
        &self,
        target: &mut dyn Target,
        history: &mut History,
        case_seed: u64,
    ) -> Result<Judged, TargetError> {
        let plan = self.strategy.draw(case_seed);
        history.clear();
        target.run(&plan, history)?;
        Ok(Judged {
            case_seed,
            counts: Counts::of(history),
            digest: history.digest(),
            judgements: judge_all(&self.invariants, &self.scenario, history),
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

/// What one case came to.
struct Judged {
    case_seed: u64,
    counts: Counts,
    digest: Digest,
    judgements: Vec<Judgement>,
}

/// What the cases so far came to, in their order.
struct Findings<'a> {
    runner: &'a Runner,
    counts: Counts,
    chain: DigestChain,
    tally: Tally,
    failures: Vec<Failure>,
    progress: Progress,
}

impl<'a> Findings<'a> {
    fn new(runner: &'a Runner) -> Self {
        Findings {
            runner,
            counts: Counts::default(),
            chain: DigestChain::new(),
            tally: Tally::new(&runner.invariants),
            failures: Vec::new(),
            progress: Progress {
                cases: 0,
                violated: 0,
            },
        }
    }

    /// Adds the next case; shrinks what is violated for the first time.
    fn add(&mut self, target: &mut dyn Target, judged: Judged) -> Result<Progress, TargetError> {
        self.counts += judged.counts;
        self.chain.push(judged.digest);
        self.tally.add(&judged.judgements);
        let runner = self.runner;
        for (invariant, judgement) in runner.invariants.iter().zip(&judged.judgements) {
            let is_known = self
                .failures
                .iter()
                .any(|f| f.invariant == invariant.name());
            if is_violated(judgement) && !is_known {
                let plan = runner.strategy.draw(judged.case_seed);
                let failure = runner.shrink(target, invariant.as_ref(), &plan)?;
                self.failures.push(failure);
            }
        }
        self.progress.cases += 1;
        self.progress.violated += u64::from(judged.judgements.iter().any(is_violated));
        Ok(self.progress)
    }

    fn report(self) -> Report {
        Report {
            cases: self.progress.cases,
            counts: self.counts,
            digest: self.chain.digest(),
            tally: self.tally,
            failures: self.failures,
        }
    }
}

fn is_violated(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Violated(_))
}
