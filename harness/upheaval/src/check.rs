//! What a test calls.

use crate::artifact::Artifacts;
use crate::run::{Report, Runner};
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
/// # fn scenario() -> upheaval::scenario::Scenario { unimplemented!() }
/// upheaval::check(scenario());
/// ```
pub fn check(scenario: Scenario) {
    Check::new(scenario).run();
}

/// A check with a seed and a number of cases of its own.
///
/// ```no_run
/// # fn scenario() -> upheaval::scenario::Scenario { unimplemented!() }
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

    /// Runs the cases; gives what was found where all invariants held.
    ///
    /// # Panics
    /// As [`check`].
    pub fn run(self) -> Report {
        let (seed, cases) = (self.seed, self.cases);
        let report = match self.try_run() {
            Ok(report) => report,
            Err(error) => panic!("failed to check: {error}"),
        };
        if let Some(failure) = report.failures.first() {
            panic!(
                "{failure}\ncase seed 0x{:016x} of seed {seed}, {cases} cases",
                failure.case_seed
            );
        }
        for row in report.tally.rows() {
            if row.verdict() == Verdict::Inconclusive {
                panic!(
                    "{} is inconclusive in {} of {cases} cases of seed {seed}",
                    row.name, row.inconclusive
                );
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
}
