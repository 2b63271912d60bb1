//! The plans of failures that were found once, in `regressions/`: each does what its
//! first line says.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use properties::{folder, program};
use upheaval::artifact::Built;
use upheaval::regression::{Regression, RegressionError};
use upheaval::run::Runner;
use upheaval::worker::{Isolated, Isolation};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/regressions");

/// Longer than any case takes, on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(30);

/// Runs a regression on the scenario of a name, in a worker: it may end its process.
fn check_on(scenario: &str, regression: &Regression) -> Result<(), RegressionError> {
    let Some(scenario) = sample_scenarios::find(scenario) else {
        panic!(
            "{}: there is no scenario `{scenario}`; correct its line `scenario`, or remove the file",
            regression.path.display()
        );
    };
    let isolation = Isolation {
        program: program(),
        arguments: vec!["worker".into()],
        built: match Built::of(&scenario) {
            Ok(built) => built,
            Err(error) => panic!("{error}"),
        },
        deadline: DEADLINE,
    };
    let runner = Runner::new(scenario);
    regression.check(&runner, &mut Isolated::new(&runner, &isolation))
}

fn check(path: &Path) -> Result<(), RegressionError> {
    let regression = Regression::read(path)?;
    check_on(&regression.plan.scenario, &regression)
}

fn plans() -> Vec<PathBuf> {
    let entries = match fs::read_dir(FOLDER) {
        Ok(entries) => entries,
        Err(error) => panic!("{FOLDER}: {error}"),
    };
    let mut plans: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "plan"))
        .collect();
    plans.sort();
    plans
}

#[test]
fn every_regression_does_what_its_first_line_says() {
    let plans = plans();
    assert!(!plans.is_empty(), "there is none in {FOLDER}");
    let failed = plans.iter().filter_map(|path| check(path).err());
    let failed: Vec<String> = failed.map(|error| error.to_string()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

const LOSES_THE_COUNT: &str = "scenario bug_dropped_field\n\
                               seed 0x7\n\
                               1. client 1 calls counter {add,1}\n\
                               2. upgrade counter 2\n";

/// What is wrong with a regression of that text.
fn complaint(text: &str) -> String {
    let folder = folder();
    let path = folder.path().join("kept.plan");
    if let Err(error) = fs::write(&path, text) {
        panic!("{error}");
    }
    match check(&path) {
        Ok(()) => panic!("it does what it says:\n{text}"),
        Err(error) => error.to_string(),
    }
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no `{word}` in: {text}");
    }
}

#[test]
fn a_bug_that_is_gone_is_told_with_the_file_and_what_to_do() {
    let mended = LOSES_THE_COUNT.replace("bug_dropped_field", "default");
    has(
        &complaint(&format!("# violates state_conversion: lost\n{mended}")),
        &[
            "kept.plan",
            "is expected to be one that violates state_conversion, and state_conversion held",
            "mend what broke it, or, if that is as it should be, the first line of the file",
        ],
    );
}

#[test]
fn a_bug_that_is_back_is_told_with_what_is_violated() {
    has(
        &complaint(&format!("# holds: the count is kept\n{LOSES_THE_COUNT}")),
        &[
            "kept.plan",
            "is expected to be one that holds, and state_conversion is violated: counter",
        ],
    );
}

#[test]
fn a_regression_that_guards_an_unknown_invariant_is_told() {
    let text = format!("# violates no_lost_massages: lost\n{LOSES_THE_COUNT}");
    has(
        &complaint(&text),
        &["there is no invariant `no_lost_massages`"],
    );
}

#[test]
fn a_plan_that_expects_nothing_is_told_with_what_to_write() {
    has(
        &complaint(&format!("# found at night\n{LOSES_THE_COUNT}")),
        &[
            "kept.plan",
            "begin the file with `# violates INVARIANT: …` or `# holds: …`",
        ],
    );
}

#[test]
fn a_regression_that_is_no_plan_is_told_with_line_and_column() {
    let text = LOSES_THE_COUNT.replace("upgrade", "upgarde");
    has(
        &complaint(&format!("# holds: nothing\n{text}")),
        &["kept.plan: line 5, column 4", "did you mean `upgrade`?"],
    );
}

#[test]
fn a_plan_of_another_scenario_is_refused() {
    let regression = Regression {
        path: "kept.plan".into(),
        expectation: match upheaval::regression::Expectation::read("# holds: it") {
            Some(expectation) => expectation,
            None => panic!("it is one"),
        },
        plan: match LOSES_THE_COUNT.parse() {
            Ok(plan) => plan,
            Err(error) => panic!("{error}"),
        },
    };
    let error = match check_on("supervisors", &regression) {
        Ok(()) => panic!("it holds"),
        Err(error) => error.to_string(),
    };
    has(
        &error,
        &[
            "kept.plan",
            "scenario `supervisors`",
            "the plan was drawn for scenario `bug_dropped_field`; run it there",
        ],
    );
}
