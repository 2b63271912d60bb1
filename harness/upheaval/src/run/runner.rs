//! Case after case, from one seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use super::findings::Findings;
use super::{Claim, DETERMINISM, Executor, InProcess, Progress, Recheck, Report, SURVIVAL};
use crate::coverage::Leaning;
use crate::invariant::{Invariant, default_invariants};
use crate::plan::{Plan, PlanStrategy, case_seed, favouring};
use crate::scenario::Scenario;
use crate::target::{Target, TargetError};

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
    recheck: Recheck,
}

impl Runner {
    /// A runner that judges by those of the [default invariants](default_invariants) that
    /// [apply](Invariant::applies) to the scenario.
    pub fn new(scenario: Scenario) -> Runner {
        Runner {
            strategy: PlanStrategy::new(&scenario),
            invariants: (default_invariants().into_iter())
                .filter(|invariant| invariant.applies(&scenario))
                .collect(),
            scenario,
            recheck: Recheck::default(),
        }
    }

    /// Runs another share of the cases twice, where the target is deterministic.
    #[must_use]
    pub fn recheck(mut self, recheck: Recheck) -> Runner {
        self.recheck = recheck;
        self
    }

    /// Whether the case of a seed is among those that are run twice.
    pub(crate) fn is_rechecked(&self, case_seed: u64) -> bool {
        self.recheck.has(case_seed)
    }

    /// The scenario whose cases it runs.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The invariants that it judges by.
    pub fn invariants(&self) -> &[Box<dyn Invariant>] {
        &self.invariants
    }

    /// All that a case is held to: the invariants, and on a deterministic target
    /// [`SURVIVAL`] and [`DETERMINISM`] after them.
    pub fn claims(&self, is_deterministic: bool) -> Vec<Claim> {
        let invariants = self.invariants.iter().map(|i| Claim::of(i.as_ref()));
        let of_the_run = [SURVIVAL, DETERMINISM];
        let of_the_run = if is_deterministic {
            &of_the_run[..]
        } else {
            &[]
        };
        invariants.chain(of_the_run.iter().copied()).collect()
    }

    /// The plan of a case's seed.
    pub fn plan(&self, case_seed: u64) -> Plan {
        self.strategy.draw(case_seed)
    }

    /// What a run of its cases leans towards, as they are done.
    pub(super) fn leaning(&self) -> Leaning {
        Leaning::new(self.strategy.offers())
    }

    /// Runs `cases` cases from `seed`, one after the other. Every case is run and
    /// judged; the first violation of each claim is shrunk.
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
        let mut executor = InProcess::new(self, target);
        let leaning = self.leaning();
        let mut findings = Findings::new(self, &leaning, executor.is_deterministic());
        for case in 0..cases {
            let seed = favouring(case_seed(seed, case), leaning.favour(case));
            match executor.case(seed, self.recheck.has_case(case, seed)) {
                Ok(judged) => progress(findings.add(&mut executor, judged)),
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
        progress: impl FnMut(Progress),
    ) -> Result<Report, TargetError> {
        let new_executor = || InProcess::new(self, new_target());
        self.run_on(threads, new_executor, seed, cases, progress)
    }

    /// As [`run_on_threads`](Runner::run_on_threads), each with an executor of its own:
    /// the report is the same wherever the cases run.
    ///
    /// # Errors
    /// As `run`.
    pub fn run_on<E: Executor>(
        &self,
        threads: usize,
        new_executor: impl Fn() -> E + Sync,
        seed: u64,
        cases: u64,
        mut progress: impl FnMut(Progress),
    ) -> Result<Report, TargetError> {
        let mut executor = new_executor();
        let leaning = self.leaning();
        let mut findings = Findings::new(self, &leaning, executor.is_deterministic());
        // On a real node a case takes so long that a wake-up is nothing.
        let batch = if executor.is_deterministic() {
            BATCH
        } else {
            1
        };
        let next = AtomicU64::new(0);
        let (sender, receiver) = sync_channel(AHEAD);
        thread::scope(|scope| {
            // More threads than batches would have nothing to do.
            let most = usize::try_from(cases.div_ceil(batch)).unwrap_or(usize::MAX);
            for _ in 0..threads.min(most).max(1) {
                let (sender, next, new_executor) = (sender.clone(), &next, &new_executor);
                let leaning = &leaning;
                scope.spawn(move || {
                    // The others would wait for its cases.
                    let _end = leaning.end_on_panic();
                    let mut executor = new_executor();
                    loop {
                        let first = next.fetch_add(batch, Ordering::Relaxed);
                        if first >= cases {
                            return;
                        }
                        let judged: Vec<_> = (first..cases.min(first + batch))
                            .map(|case| {
                                let favour = leaning.favour(case);
                                let seed = favouring(case_seed(seed, case), favour);
                                executor.case(seed, self.recheck.has_case(case, seed))
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
            let _end = leaning.end_on_drop();
            let mut early = BTreeMap::new();
            let mut expected = 0;
            for (first, judged) in receiver {
                early.insert(first, judged);
                while let Some(all) = early.remove(&expected) {
                    for judged in all {
                        match judged {
                            Ok(judged) => progress(findings.add(&mut executor, judged)),
                            Err(error) => return findings.cut_short(error),
                        }
                    }
                    expected += batch;
                }
            }
            Ok(findings.report(None))
        })
    }
}
