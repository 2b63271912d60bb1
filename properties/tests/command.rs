//! The command line: the real binary, run in an empty folder.

use std::process::Output;

use properties::{command, folder, said, upheaval};
use serde_json::Value;
use upheaval::invariant::default_invariants;

fn json(output: &Output) -> Value {
    match serde_json::from_slice(&output.stdout) {
        Ok(json) => json,
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&output.stdout)),
    }
}

#[test]
fn the_default_run_holds_and_exits_with_0() {
    let folder = folder();
    let output = upheaval(folder.path(), &["run", "--cases", "500"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", said(&output));
    let Some(scenario) = sample_scenarios::find("default") else {
        panic!("there is no default scenario");
    };
    let invariants = default_invariants();
    for invariant in invariants.iter().filter(|i| i.applies(&scenario)) {
        let mut lines = text.lines();
        let line = lines.find(|line| line.split(' ').any(|word| word == invariant.name()));
        assert!(line.is_some_and(|line| line.contains("held")), "{text}");
    }
}

#[test]
fn the_same_seed_gives_the_same_history_and_another_seed_another() {
    let folder = folder();
    let digest = |seed: &str| {
        let arguments = ["run", "--seed", seed, "--cases", "50", "--format", "json"];
        json(&upheaval(folder.path(), &arguments))["history_digest"].clone()
    };
    assert_eq!(digest("42"), digest("42"));
    assert_ne!(digest("42"), digest("43"));
}

#[test]
fn the_number_of_threads_changes_nothing_that_is_found() {
    let folder = folder();
    let found = |threads: &str| {
        let arguments = [
            "run",
            "bug_dropped_field",
            "--cases",
            "60",
            "--format",
            "json",
        ];
        let arguments = [&arguments[..], &["--threads", threads]].concat();
        let mut json = json(&upheaval(folder.path(), &arguments));
        for field in ["elapsed_s", "cases_per_s"] {
            json[field] = Value::Null;
        }
        json
    };
    assert_eq!(found("1"), found("3"));
}

#[test]
fn json_is_one_object_with_every_field_and_nothing_else_on_stdout() {
    let folder = folder();
    let output = upheaval(
        folder.path(),
        &["run", "--cases", "500", "--format", "json"],
    );
    let json = json(&output);
    let fields = [
        "scenario",
        "target",
        "seed",
        "cases",
        "messages",
        "upgrades",
        "purge_kills",
        "restarts",
        "history_digest",
        "invariants",
        "coverage",
        "violations",
        "elapsed_s",
        "cases_per_s",
    ];
    for field in fields {
        assert!(json.get(field).is_some(), "{field} is missing in {json}");
    }
    assert_eq!(json["scenario"], "default");
    assert_eq!(json["target"], "embedded");
    assert_eq!(json["cases"], 500);
    for invariant in json["invariants"].as_array().into_iter().flatten() {
        assert_eq!(invariant["verdict"], "held", "{invariant}");
        assert!(invariant["checked"].as_u64() > Some(0), "{invariant}");
    }
}

#[test]
fn the_share_of_cells_is_printed_and_those_never_reached_are_listed_on_request() {
    let folder = folder();
    let run = |more: &[&str]| {
        let arguments = [&["run", "--cases", "40"][..], more].concat();
        String::from_utf8_lossy(&upheaval(folder.path(), &arguments).stdout).into_owned()
    };
    let short = run(&[]);
    assert!(short.contains("\ncoverage: "), "{short}");
    assert!(!short.contains("never reached:"), "{short}");
    let long = run(&["--coverage"]);
    let (reached, rest) = match long.split_once("\nnever reached:\n") {
        Some(parts) => parts,
        None => panic!("nothing is listed: {long}"),
    };
    let numbers: Vec<usize> = reached
        .lines()
        .filter_map(|line| line.strip_prefix("coverage: "))
        .flat_map(|line| line.split(' '))
        .filter_map(|word| word.parse().ok())
        .collect();
    let missed = rest
        .lines()
        .take_while(|line| line.starts_with("  "))
        .count();
    assert_eq!(numbers.len(), 2, "{long}");
    assert_eq!(numbers[1] - numbers[0], missed, "{long}");
    assert!(rest.contains("cannot be reached:\n"), "{long}");
    assert!(
        rest.contains("(B3: a plain process answers no system message)"),
        "{long}"
    );
}

#[test]
fn a_bug_is_found_shrunk_and_replayed_the_same_way_every_time() {
    let folder = folder();
    let arguments = [
        "run",
        "bug_dropped_field",
        "--cases",
        "50",
        "--format",
        "json",
    ];
    let output = upheaval(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let json = json(&output);
    let violation = &json["violations"][0];
    assert_eq!(violation["invariant"], "state_conversion");
    assert!(violation["ops_after"].as_u64() <= Some(6), "{violation}");
    assert!(violation["ops_before"].as_u64() >= violation["ops_after"].as_u64());
    let file = violation["plan_file"].as_str().unwrap_or_default();
    let first = upheaval(folder.path(), &["replay", file]);
    let second = upheaval(folder.path(), &["replay", file]);
    assert_eq!(first.status.code(), Some(1), "{}", said(&first));
    assert_eq!(first.stdout, second.stdout);
    let message = violation["message"].as_str().unwrap_or_default();
    assert!(String::from_utf8_lossy(&first.stdout).contains(message));
}

#[test]
fn a_failed_run_prints_the_one_command_that_replays_it() {
    let folder = folder();
    let output = upheaval(
        folder.path(),
        &["run", "bug_dropped_field", "--cases", "20"],
    );
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("replay it with: "), "{text}");
    assert!(
        text.contains("replay upheaval-failures/bug_dropped_field-"),
        "{text}"
    );
}

#[test]
fn what_repeats_exactly_says_nothing_of_luck() {
    let folder = folder();
    let output = upheaval(
        folder.path(),
        &["run", "bug_dropped_field", "--cases", "20"],
    );
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("plan, shrunk from "), "{text}");
    assert!(!text.contains(" runs)"), "{text}");
}

#[test]
fn that_there_is_no_cargo_is_an_error_that_says_so() {
    let folder = folder();
    let output = command(folder.path(), &["run", "--cases", "1"])
        .env("PATH", "/nowhere")
        .env_remove("CARGO")
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("there is no `cargo` on the PATH; add its folder"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_cargo_that_the_environment_names_and_is_not_there_is_an_error_that_names_it() {
    let folder = folder();
    let output = command(folder.path(), &["run", "--cases", "1"])
        .env("CARGO", "/nowhere/cargo")
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(output.status.code(), Some(2));
    let words = "there is no /nowhere/cargo, which the environment variable CARGO names";
    assert!(said(&output).contains(words), "{}", said(&output));
}

#[test]
fn several_threads_for_a_node_that_is_attached_to_are_refused() {
    let folder = folder();
    let run = ["run", "--target", "beam", "--threads", "4"];
    let on = ["--attach", "shop@127.0.0.1", "--cookie-file", "cookie"];
    let output = upheaval(folder.path(), &[&run[..], &on].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("'--threads <THREADS>' cannot be used with '--attach"),
        "{}",
        said(&output)
    );
}

#[test]
fn list_gives_each_scenario_a_line() {
    let folder = folder();
    let output = upheaval(folder.path(), &["list"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.lines().count(), sample_scenarios::all().len());
    assert!(text.starts_with("default "), "{text}");
}

#[test]
fn an_unknown_scenario_is_named_with_the_nearest_one_and_exits_with_2() {
    let folder = folder();
    let output = upheaval(folder.path(), &["run", "defualt"]);
    assert_eq!(output.status.code(), Some(2));
    let error = said(&output);
    assert!(
        error.contains("no scenario `defualt`; did you mean `default`?"),
        "{error}"
    );
}

#[test]
fn no_cases_at_all_are_refused() {
    let folder = folder();
    let output = upheaval(folder.path(), &["run", "--cases", "0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--cases"), "{}", said(&output));
}

#[test]
fn a_malformed_plan_is_refused_with_file_line_and_column() {
    let folder = folder();
    let plan = "scenario default\nseed 0x1\n1. upgrade counter 2\n2. pruge counter\n";
    let path = folder.path().join("bad.plan");
    if let Err(error) = std::fs::write(&path, plan) {
        panic!("{error}");
    }
    let output = upheaval(folder.path(), &["replay", "bad.plan"]);
    assert_eq!(output.status.code(), Some(2));
    let error = said(&output);
    assert!(error.contains("bad.plan: line 4, column 4"), "{error}");
    assert!(error.contains("purge"), "{error}");
}

#[test]
fn a_missing_plan_is_named() {
    let folder = folder();
    let output = upheaval(folder.path(), &["replay", "nowhere.plan"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("nowhere.plan"), "{}", said(&output));
}

#[test]
fn a_plan_of_a_version_that_the_scenario_lacks_is_refused() {
    let folder = folder();
    let plan = "scenario default\nseed 0x1\n1. upgrade counter 9\n";
    if let Err(error) = std::fs::write(folder.path().join("other.plan"), plan) {
        panic!("{error}");
    }
    let output = upheaval(folder.path(), &["replay", "other.plan"]);
    assert_eq!(output.status.code(), Some(2));
    let error = said(&output);
    assert!(
        error.contains("other.plan") && error.contains('9'),
        "{error}"
    );
}

#[test]
fn a_seed_can_be_written_as_plans_write_theirs() {
    let folder = folder();
    let digest = |seed: &str| {
        let arguments = ["run", "--seed", seed, "--cases", "5", "--format", "json"];
        json(&upheaval(folder.path(), &arguments))["history_digest"].clone()
    };
    assert_eq!(digest("0x2a"), digest("42"));
}

#[test]
fn a_violation_is_told_although_its_plan_cannot_be_written() {
    let folder = folder();
    // Where the folder for plans should be made lies a file.
    if let Err(error) = std::fs::write(folder.path().join("upheaval-failures"), "") {
        panic!("{error}");
    }
    let arguments = ["run", "bug_dropped_field", "--cases", "20"];
    let output = upheaval(folder.path(), &arguments);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", said(&output));
    assert!(text.contains("state_conversion is violated"), "{text}");
    assert!(text.contains("keep it from here"), "{text}");
    assert!(
        said(&output).contains("failed to make the folder for plans upheaval-failures"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_result_that_cannot_be_printed_is_an_error_and_no_panic() {
    let full = match std::fs::OpenOptions::new().write(true).open("/dev/full") {
        Ok(full) => full,
        Err(error) => panic!("{error}"),
    };
    let folder = folder();
    let mut command = command(folder.path(), &["list"]);
    let output = match command.stdout(full).output() {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).starts_with("error: failed to print the result: "),
        "{}",
        said(&output)
    );
}

#[test]
fn whoever_closes_standard_output_still_gets_the_verdict_as_the_exit_status() {
    let folder = folder();
    let arguments = ["run", "bug_dropped_field", "--cases", "20"];
    let (reader, writer) = match std::io::pipe() {
        Ok(pipe) => pipe,
        Err(error) => panic!("{error}"),
    };
    drop(reader);
    let output = match command(folder.path(), &arguments).stdout(writer).output() {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
}
