//! Case after case, from one seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use super::failure::{Found, Repeated};
use super::{Counts, Failure};
use crate::history::{Digest, DigestChain, History};
use crate::invariant::{Invariant, Judgement, Violation, default_invariants};
use crate::plan::{Plan, PlanStrategy, PlanTree, case_seed, shrink};
use crate::scenario::Scenario;
use crate::target::{Target, TargetError};
use crate::verdict::{Tally, Verdict, judge_all};

/// The most plans that may be tried to shrink one.
const SHRINK_BUDGET: u32 = 2000;

/// The same where a case takes a hundred times as long, and more.
const REAL_SHRINK_BUDGET: u32 = 200;

/// How often each of them is run where a failure may need luck.
const REAL_TRIES: u32 = 3;

/// How often the shrunk one is run there, to say how much luck.
const REAL_REPEATS: u32 = 10;

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
#[derive(Debug)]
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
    /// Why there are no more cases, where the target could not run one: what was
    /// found until then counts all the same.
    pub error: Option<TargetError>,
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
    /// The target could not run the first case. If it cannot run a later one, the
    /// report ends there and says so.
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
            let judged = self.judge(target, &mut history, case_seed(seed, case));
            match judged.and_then(|judged| findings.add(target, judged)) {
                Ok(reached) => progress(reached),
                Err(error) => return findings.cut_short(error),
            }
        }
        Ok(findings.report(None))
    }

    /// As [`run`](Runner::run), on several threads, each with a target of its
    /// own. Cases are independent of each other, and what they came to is put
    /// together in their order, so the report is the same for any number of
    /// threads.
    ///
    /// # Errors
    /// As `run`.
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
        // On a real node a case takes so long that a wake-up is nothing.
        let batch = if target.is_deterministic() { BATCH } else { 1 };
        let next = AtomicU64::new(0);
        let (sender, receiver) = sync_channel(AHEAD);
        thread::scope(|scope| {
            // More threads than batches would have nothing to do.
            let most = usize::try_from(cases.div_ceil(batch)).unwrap_or(usize::MAX);
            for _ in 0..threads.min(most).max(1) {
                let (sender, next, new_target) = (sender.clone(), &next, &new_target);
                scope.spawn(move || {
                    let mut target = new_target();
                    let mut history = History::new();
                    loop {
                        let first = next.fetch_add(batch, Ordering::Relaxed);
                        if first >= cases {
                            return;
                        }
                        let judged: Vec<_> = (first..cases.min(first + batch))
                            .map(|case| {
                                self.judge(&mut target, &mut history, case_seed(seed, case))
                            })
                            .collect();
                        // Nobody listens any more once a case could not be run.
                        if sender.send((first, judged)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut early = BTreeMap::new();
            let mut expected = 0;
            for (first, judged) in receiver {
                early.insert(first, judged);
                while let Some(all) = early.remove(&expected) {
                    for judged in all {
                        match judged.and_then(|judged| findings.add(&mut target, judged)) {
                            Ok(reached) => progress(reached),
                            Err(error) => return findings.cut_short(error),
                        }
                    }
                    expected += batch;
                }
            }
            Ok(findings.report(None))
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
    /// On a target on which a run does not repeat exactly, each plan gets several
    /// tries, and the report says how often the shrunk one failed. `violation` is
    /// what was found first: where it never happens again, it is reported as it was.
    ///
    /// A target that is lost on the way leaves the plan as it is: that is for the next
    /// case to tell.
    ///
    /// # Errors
    /// The target is deterministic, and yet the plan did not fail again.
    pub fn shrink(
        &self,
        target: &mut dyn Target,
        invariant: &dyn Invariant,
        plan: &Plan,
        violation: &Violation,
    ) -> Result<Failure, TargetError> {
        let (budget, tries, repeats) = match target.is_deterministic() {
            true => (SHRINK_BUDGET, 1, 1),
            false => (REAL_SHRINK_BUDGET, REAL_TRIES, REAL_REPEATS),
        };
        let mut lost = None;
        let mut once = |plan: &Plan| {
            // Once the target is lost, no candidate is worth another try.
            if lost.is_some() {
                return None;
            }
            self.violation(target, invariant, plan)
                .unwrap_or_else(|error| {
                    lost = Some(error);
                    None
                })
        };
        let mut tree = PlanTree::new(plan.clone());
        let shrunk = shrink(&mut tree, budget, |plan| {
            (0..tries).any(|_| once(plan).is_some())
        });
        let mut failed = Vec::new();
        for _ in 0..repeats {
            failed.extend(once(&shrunk.plan));
        }
        let is_lost = lost.is_some();
        let failures = failed.len() as u32;
        let found = Found {
            case_seed: plan.seed,
            ops: plan.steps.len(),
        };
        match failed.pop() {
            Some((history, violation)) => Ok(Failure::new(
                invariant,
                &violation,
                Some(&history),
                shrunk.plan,
                found,
                Repeated {
                    minimal: shrunk.minimal && !is_lost,
                    failures,
                    runs: repeats,
                },
            )),
            // It does not fail again: then the system is not deterministic, and
            // the plan that was seen to fail is the one to report.
            None if target.is_deterministic() && !is_lost => Err(TargetError::Nondeterministic {
                invariant: invariant.name(),
                seed: plan.seed,
            }),
            // A target that is lost takes the shrinking with it, not what was found.
            None => Ok(Failure::new(
                invariant,
                violation,
                None,
                plan.clone(),
                found,
                Repeated {
                    minimal: false,
                    failures,
                    runs: repeats,
                },
            )),
        }
    }

    /// Runs a plan once; gives what happened if it violates the invariant.
    fn violation(
        &self,
        target: &mut dyn Target,
        invariant: &dyn Invariant,
        plan: &Plan,
    ) -> Result<Option<(History, Violation)>, TargetError> {
        let mut history = History::new();
        target.run(plan, &mut history)?;
        Ok(match invariant.judge(&self.scenario, &history) {
            Judgement::Violated(violation) => Some((history, violation)),
            _ => None,
        })
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
            if let Judgement::Violated(violation) = judgement
                && !is_known
            {
                let plan = runner.strategy.draw(judged.case_seed);
                let failure = runner.shrink(target, invariant.as_ref(), &plan, violation)?;
                self.failures.push(failure);
            }
        }
        self.progress.cases += 1;
        self.progress.violated += u64::from(judged.judgements.iter().any(is_violated));
        Ok(self.progress)
    }

    /// The report of a run that ends here; the error alone where there is nothing
    /// to report.
    fn cut_short(self, error: TargetError) -> Result<Report, TargetError> {
        if self.progress.cases == 0 && self.failures.is_empty() {
            return Err(error);
        }
        Ok(self.report(Some(error)))
    }

    fn report(self, error: Option<TargetError>) -> Report {
        Report {
            cases: self.progress.cases,
            counts: self.counts,
            digest: self.chain.digest(),
            tally: self.tally,
            failures: self.failures,
            error,
        }
    }
}

fn is_violated(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Violated(_))
}
