//! No false alarm: a million cases of the correct scenarios, and two thousand on real
//! nodes. Their summaries are kept under `snapshots/`.
//!
//! They take minutes, so `cargo test` leaves them out. Before a release, and where
//! generation has changed:
//!
//! ```text
//! cargo test --release -p properties --test million -- --ignored
//! ```

use std::thread;

use insta::{Settings, assert_snapshot};
use properties::{has_erlang, lab};
use upheaval::artifact::Artifacts;
use upheaval::run::{Report, Runner};
use upheaval::scenario::Scenario;
use upheaval::target::Embedded;
use upheaval::verdict::Verdict;

/// The seed of both.
const SEED: u64 = 2026;

/// The correct scenarios, and how many cases each has of the million.
const EMBEDDED: [(&str, u64); 6] = [
    ("default", 300_000),
    ("behaviours", 200_000),
    ("functions", 150_000),
    ("supervisors", 150_000),
    ("releases", 100_000),
    ("gateway", 100_000),
];

/// And of the two thousand on real nodes.
const REAL: [(&str, u64); 6] = [
    ("default", 600),
    ("behaviours", 400),
    ("functions", 400),
    ("supervisors", 300),
    ("releases", 150),
    ("gateway", 150),
];

/// Real nodes at a time: most of what they do is to wait.
const NODES: usize = 12;

fn scenario(name: &str) -> Scenario {
    match sample_scenarios::find(name) {
        Some(scenario) => scenario,
        None => panic!("there is no scenario {name}"),
    }
}

/// One line for each claim; what was seen may differ from one real run to the next.
fn summary(name: &str, report: &Report, is_exact: bool) -> String {
    let mut text = match is_exact {
        true => format!(
            "{name}: {} cases, history {}\n",
            report.cases, report.digest
        ),
        false => format!("{name}: {} cases\n", report.cases),
    };
    for row in report.tally.rows() {
        let verdict = row.verdict().to_string();
        text += &match is_exact {
            true => format!(
                "  {:24} {verdict:12} {:>10} checked\n",
                row.name, row.checked
            ),
            false => format!("  {:24} {verdict}\n", row.name),
        };
    }
    text
}

/// Whatever a snapshot may say, nothing was violated, and all could be told.
fn is_peace(name: &str, report: &Report) {
    for failure in &report.failures {
        eprintln!("{name}: {failure}");
    }
    for row in report.tally.rows() {
        assert!(
            matches!(row.verdict(), Verdict::Held | Verdict::SawNothing),
            "{name}: {} is {} ({:?})",
            row.name,
            row.verdict(),
            row.reason
        );
    }
    assert!(report.error.is_none(), "{name}: {:?}", report.error);
}

fn in_snapshots(body: impl FnOnce()) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(body);
}

#[test]
#[ignore = "a million cases take minutes: cargo test --release -p properties --test million -- --ignored"]
fn a_million_cases_of_the_correct_scenarios_raise_no_alarm() {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut text = String::new();
    for (name, cases) in EMBEDDED {
        let scenario = scenario(name);
        let artifacts = match Artifacts::of(&scenario) {
            Ok(artifacts) => artifacts,
            Err(error) => panic!("{error}"),
        };
        let target = || Embedded::new(scenario.clone(), artifacts.clone());
        let runner = Runner::new(scenario.clone());
        let report = match runner.run_on_threads(cores, target, SEED, cases, |_| ()) {
            Ok(report) => report,
            Err(error) => panic!("{name}: {error}"),
        };
        is_peace(name, &report);
        text += &summary(name, &report, true);
    }
    in_snapshots(|| assert_snapshot!("million", text));
}

#[test]
#[ignore = "two thousand cases on real nodes take minutes: cargo test --release -p properties --test million -- --ignored"]
fn two_thousand_real_cases_of_the_correct_scenarios_raise_no_alarm() {
    if !has_erlang() {
        return;
    }
    let mut text = String::new();
    for (name, cases) in REAL {
        let scenario = scenario(name);
        let lab = lab(scenario.clone());
        let runner = Runner::new(scenario.clone());
        let report = match runner.run_on_threads(NODES, || lab.target(), SEED, cases, |_| ()) {
            Ok(report) => report,
            Err(error) => panic!("{name}: {error}"),
        };
        is_peace(name, &report);
        text += &summary(name, &report, false);
    }
    in_snapshots(|| assert_snapshot!("two_thousand_real", text));
}
