//! What a test calls.

use crate::artifact::Artifacts;
use crate::invariant::{Judgement, default_invariants};
use crate::plan::Plan;
use crate::run::{Breach, Case, Claim, Failure, Found, Repeated, Report, Runner, run_case};
use crate::scenario::Scenario;
use crate::target::Embedded;
use crate::verdict::Verdict;

/// Cases of a check that says nothing else.
const CASES: u64 = 100;

/// Checks a scenario on the embedded target: a hundred cases from seed 0.
///
/// # Panics
/// If an invariant is violated, with the shrunk plan, the seed and the history
/// around the violation; if one is inconclusive; or if the scenario cannot be
/// run.
///
/// ```no_run
/// # fn scenario() -> upheaval::scenario::Scenario { upheaval::scenario::Scenario::new("shop", "") }
/// upheaval::check(scenario());
/// ```
pub fn check(scenario: Scenario) {
    Check::new(scenario).run();
}

/// A check with a seed and a number of cases of its own, or of one plan.
///
/// ```no_run
/// # fn scenario() -> upheaval::scenario::Scenario { upheaval::scenario::Scenario::new("shop", "") }
/// upheaval::Check::new(scenario()).seed(42).cases(500).run();
/// ```
#[derive(Debug)]
pub struct Check {
    scenario: Scenario,
    seed: u64,
    cases: u64,
}

impl Check {
    /// A check of a hundred cases from seed 0.
    pub fn new(scenario: Scenario) -> Check {
        Check {
            scenario,
            seed: 0,
            cases: CASES,
        }
    }

    /// The seed that all cases follow from.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Check {
        self.seed = seed;
        self
    }

    /// How many cases are run.
    #[must_use]
    pub fn cases(mut self, cases: u64) -> Check {
        self.cases = cases;
        self
    }

    /// Runs one plan instead, as a failed check shows it: for a test that guards
    /// against what was found once.
    ///
    /// ```no_run
    /// # fn scenario() -> upheaval::scenario::Scenario { upheaval::scenario::Scenario::new("shop", "") }
    /// upheaval::Check::new(scenario()).replay(
    ///     "scenario shop
    ///      seed 0x7
    ///      client 1 calls counter {add,1}
    ///      upgrade counter 2",
    /// );
    /// ```
    ///
    /// # Panics
    /// As [`check`]; if the text is no plan; or if the plan names what the
    /// scenario does not have.
    pub fn replay(self, plan: &str) -> Case {
        let (plan, case) = match self.try_replay(plan) {
            Ok(replayed) => replayed,
            Err(error) => panic!("failed to replay: {error}"),
        };
        for (invariant, judgement) in default_invariants().iter().zip(&case.judgements) {
            let name = invariant.name();
            match judgement {
                Judgement::Held { .. } => {}
                Judgement::Violated(violation) => {
                    let found = Found {
                        case_seed: plan.seed,
                        ops: plan.steps.len(),
                    };
                    let repeated = Repeated {
                        minimal: true,
                        failures: 1,
                        runs: 1,
                    };
                    let breach = Breach::of(violation, &case.history);
                    let claim = Claim::of(invariant.as_ref());
                    panic!("{}", Failure::new(claim, breach, plan, found, repeated))
                }
                Judgement::Inconclusive { reason } => panic!("{name} is inconclusive: {reason}"),
            }
        }
        case
    }

    /// Runs the cases; gives what was found where all invariants held. What saw
    /// nothing is named on standard error.
    ///
    /// # Panics
    /// As [`check`].
    pub fn run(self) -> Report {
        let (seed, cases) = (self.seed, self.cases);
        let report = match self.try_run() {
            Ok(report) => report,
            Err(error) => panic!("failed to check: {error}"),
        };
        if let (Some(error), []) = (&report.error, &report.failures[..]) {
            panic!("failed to check: {error}");
        }
        if let Some(failure) = report.failures.first() {
            panic!(
                "{failure}\ncase seed 0x{:016x} of seed {seed}, {cases} cases",
                failure.case_seed
            );
        }
        for row in report.tally.rows() {
            match row.verdict() {
                Verdict::Inconclusive => panic!(
                    "{} is inconclusive in {} of {cases} cases of seed {seed}: {}",
                    row.name,
                    row.inconclusive,
                    row.reason.as_deref().unwrap_or("no reason given"),
                ),
                Verdict::SawNothing => eprintln!(
                    "{} saw nothing in {cases} cases of seed {seed}: does the scenario have what \
                     it looks at?",
                    row.name
                ),
                Verdict::Held | Verdict::Violated => {}
            }
        }
        report
    }

    fn try_run(self) -> Result<Report, Box<dyn std::error::Error>> {
        self.scenario.validate()?;
        let artifacts = Artifacts::of(&self.scenario)?;
        let mut target = Embedded::new(self.scenario.clone(), artifacts);
        let runner = Runner::new(self.scenario);
        Ok(runner.run(&mut target, self.seed, self.cases, |_| ())?)
    }

    fn try_replay(self, plan: &str) -> Result<(Plan, Case), Box<dyn std::error::Error>> {
        self.scenario.validate()?;
        let plan: Plan = plan.parse()?;
        plan.check_against(&self.scenario)?;
        let artifacts = Artifacts::of(&self.scenario)?;
        let mut target = Embedded::new(self.scenario.clone(), artifacts);
        let case = run_case(&self.scenario, &default_invariants(), &mut target, &plan)?;
        Ok((plan, case))
    }
}
