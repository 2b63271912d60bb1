//! What fixed seeds give, kept under `snapshots/` and reviewed with
//! `cargo insta review`.

use insta::{Settings, assert_snapshot};
use properties::embedded;
use upheaval::plan::{PlanStrategy, case_seed};
use upheaval::run::{Report, Runner, run_case};
use upheaval::scenario::{Scenario, Sizes};

/// The fixed seed.
const SEED: u64 = 42;

/// The first case that is as large as the scenario says.
const LARGE: u64 = 31;

/// A seed whose first large case converts a process of every behaviour.
const EVERY_BEHAVIOUR: u64 = 0;

fn scenario(name: &str) -> Scenario {
    match sample_scenarios::find(name) {
        Some(scenario) => scenario,
        None => panic!("there is no scenario {name}"),
    }
}

/// A case that a person can read: fewer requests, the same disturbances.
fn small(name: &str) -> Scenario {
    let mut scenario = scenario(name);
    scenario.sizes = Sizes {
        requests: 25,
        disturbances: 8,
        ..scenario.sizes
    };
    scenario
}

fn run(name: &str, cases: u64) -> Report {
    let scenario = scenario(name);
    let mut target = embedded(&scenario);
    match Runner::new(scenario).run(&mut target, SEED, cases, |_| ()) {
        Ok(report) => report,
        Err(error) => panic!("{error}"),
    }
}

fn in_snapshots(body: impl FnOnce()) {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(body);
}

#[test]
fn the_plan_of_a_fixed_seed() {
    let plan = PlanStrategy::new(&small("default")).draw(case_seed(SEED, LARGE));
    in_snapshots(|| assert_snapshot!("plan", plan.to_string()));
}

#[test]
fn the_history_of_a_fixed_seed() {
    let scenario = small("default");
    let plan = PlanStrategy::new(&scenario).draw(case_seed(SEED, LARGE));
    let case = match run_case(&scenario, &[], &mut embedded(&scenario), &plan) {
        Ok(case) => case,
        Err(error) => panic!("{error}"),
    };
    in_snapshots(|| assert_snapshot!("history", case.history.print()));
}

#[test]
fn the_history_of_a_fixed_seed_that_exercises_every_behaviour() {
    let mut scenario = scenario("behaviours");
    scenario.sizes = Sizes {
        requests: 30,
        disturbances: 16,
        ..scenario.sizes
    };
    let strategy = PlanStrategy::new(&scenario);
    let mut target = embedded(&scenario);
    let mut history = |seed: u64| {
        let plan = strategy.draw(case_seed(seed, LARGE));
        match run_case(&scenario, &[], &mut target, &plan) {
            Ok(case) => case.history.print(),
            Err(error) => panic!("{error}"),
        }
    };
    // A gen_server, a gen_statem, a gen_event and a special process; a supervisor has
    // started them.
    let has_all = |history: &str| {
        let mut modules = ["cache", "door", "event_log", "meter"].iter();
        modules.all(|module| history.contains(&format!("code_change from {module} ")))
    };
    let of_the_seed = history(EVERY_BEHAVIOUR);
    if !has_all(&of_the_seed) {
        let another = (0..10_000).find(|seed| has_all(&history(*seed)));
        panic!("seed {EVERY_BEHAVIOUR} does not convert all of them; {another:?} does");
    }
    in_snapshots(|| assert_snapshot!("behaviours", of_the_seed));
}

#[test]
fn the_verdicts_of_a_fixed_seed() {
    let report = run("default", 200);
    let mut table = format!("{} cases, history {}\n", report.cases, report.digest);
    for row in report.tally.rows() {
        table += &format!(
            "{:24} {:12} {:>7} checked\n",
            row.name,
            row.verdict().to_string(),
            row.checked
        );
    }
    in_snapshots(|| assert_snapshot!("verdicts", table));
}

#[test]
fn the_shrunk_failure_of_the_dropped_field() {
    let report = run("bug_dropped_field", 20);
    let failure = match report.failures.first() {
        Some(failure) => failure.to_string(),
        None => panic!("the bug was not found"),
    };
    in_snapshots(|| assert_snapshot!("dropped_field", failure));
}
