//! How much of what can happen to a process the scenarios try.

use std::fmt;
use std::num::NonZero;
use std::thread;

use properties::embedded;
use upheaval::coverage::Coverage;
use upheaval::run::{Recheck, Report, Runner};
use upheaval::scenario::Scenario;

const SCENARIOS: [&str; 6] = [
    "default",
    "behaviours",
    "functions",
    "gateway",
    "releases",
    "supervisors",
];

fn scenario(name: &str) -> Scenario {
    match sample_scenarios::find(name) {
        Some(scenario) => scenario,
        None => panic!("there is no scenario {name}"),
    }
}

fn run(name: &str, cases: u64, threads: usize) -> Report {
    let scenario = scenario(name);
    let runner = Runner::new(scenario.clone()).recheck(Recheck::percent(0));
    let target = || embedded(&scenario);
    match runner.run_on_threads(threads, target, 0, cases, |_| ()) {
        Ok(report) => report,
        Err(error) => panic!("{error}"),
    }
}

/// What so many cases of all scenarios reach, each and together.
struct Cells {
    each: Vec<(&'static str, Coverage)>,
    all: Coverage,
}

impl Cells {
    fn of(cases: u64) -> Cells {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let (mut each, mut all) = (Vec::new(), Coverage::default());
        for name in SCENARIOS {
            let coverage = run(name, cases / SCENARIOS.len() as u64, threads).coverage;
            let contradictions = coverage.contradictions();
            assert!(contradictions.is_empty(), "{name}: {contradictions:?}");
            all.merge(&coverage);
            each.push((name, coverage));
        }
        Cells { each, all }
    }

    fn share(&self) -> f64 {
        self.all.reached() as f64 / self.all.reachable() as f64
    }
}

/// How many were reached, and which were not, with the scenarios that could.
impl fmt::Display for Cells {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (reached, reachable) = (self.all.reached(), self.all.reachable());
        writeln!(f, "{reached} of {reachable}, never:")?;
        for cell in self.all.missed() {
            let could = self
                .each
                .iter()
                .filter(|(_, one)| one.missed().contains(&cell));
            let could: Vec<&str> = could.map(|(name, _)| *name).collect();
            writeln!(f, "{cell} ({})", could.join(", "))?;
        }
        Ok(())
    }
}

#[test]
fn what_no_rule_allows_is_never_reached_and_most_of_the_rest_is() {
    let cells = Cells::of(4000);
    assert!(cells.share() > 0.6, "{cells}");
}

#[test]
#[ignore = "a hundred thousand cases take a minute: cargo test --release -p properties --test cells -- --ignored"]
fn nineteen_twentieths_of_what_can_be_is_reached_in_a_hundred_thousand_cases() {
    let cells = Cells::of(100_000);
    println!("{cells}");
    assert!(cells.share() >= 0.95, "{cells}");
}

/// Long enough that later cases lean by what earlier ones have reached.
#[test]
fn what_is_reached_and_found_does_not_depend_on_the_number_of_threads() {
    let of = |threads| {
        let report = run("releases", 3500, threads);
        (report.digest, report.coverage)
    };
    let one = of(1);
    assert_eq!(one, of(2));
    assert_eq!(one, of(5));
}
