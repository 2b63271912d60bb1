//! Cases in worker processes: what ends or holds one is a finding, and the run goes on.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use properties::{build_modules, command, folder, said, upheaval};
use serde_json::Value;

/// Longer than anything here takes, on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(60);

fn json(output: &Output) -> Value {
    match serde_json::from_slice(&output.stdout) {
        Ok(json) => json,
        Err(error) => panic!(
            "{error}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            said(output)
        ),
    }
}

fn row<'a>(json: &'a Value, invariant: &str) -> &'a Value {
    let rows = json["invariants"].as_array().into_iter().flatten();
    match rows.into_iter().find(|row| row["name"] == invariant) {
        Some(row) => row,
        None => panic!("there is no {invariant} in {json}"),
    }
}

/// Runs a scenario whose module ends its worker, and replays what was found.
fn a_death_is_found(scenario: &str, op: &str, message: &str) {
    let folder = folder();
    let arguments = ["run", scenario, "--cases", "30", "--workers", "2"];
    let arguments = [&arguments[..], &["--format", "json"]].concat();
    let output = upheaval(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let json = json(&output);
    // The run went on, with cases that came to their end.
    assert_eq!(json["cases"], 30);
    assert_eq!(row(&json, "survival")["verdict"], "violated");
    assert!(
        row(&json, "survival")["checked"].as_u64() > Some(5),
        "{json}"
    );
    // What could not be judged is not held.
    assert_eq!(row(&json, "no_lost_messages")["verdict"], "inconclusive");
    let [violation] = &json["violations"].as_array().map_or(&[][..], Vec::as_slice) else {
        panic!("not one violation: {json}");
    };
    assert_eq!(violation["invariant"], "survival");
    assert_eq!(violation["ops_after"], 1, "{violation}");
    let told = violation["message"].as_str().unwrap_or_default();
    assert!(told.starts_with(message), "{told}");
    let file = violation["plan_file"].as_str().unwrap_or_default();
    let replayed = upheaval(folder.path(), &["replay", file]);
    let text = String::from_utf8_lossy(&replayed.stdout);
    assert_eq!(replayed.status.code(), Some(1), "{}", said(&replayed));
    assert!(
        text.contains(&format!("1. client 1 calls rogue {op}\n")),
        "{text}"
    );
    assert!(text.contains("survival is violated\n"), "{text}");
    assert!(text.contains(&format!("but: {message}")), "{text}");
}

#[test]
fn a_module_that_aborts_is_found_and_replayed() {
    a_death_is_found("bad_abort", "abort", "worker died: signal 6 (SIGABRT)");
}

#[test]
fn a_module_that_faults_is_found_and_replayed() {
    a_death_is_found("bad_fault", "fault", "worker died: signal 11 (SIGSEGV)");
}

#[test]
fn a_module_that_overflows_its_stack_is_found_and_replayed() {
    a_death_is_found(
        "bad_overflow",
        "overflow",
        "worker died: signal 11 (SIGSEGV)",
    );
}

#[test]
fn a_module_that_exits_is_found_and_replayed() {
    a_death_is_found("bad_exit", "{exit,0}", "worker died: exit with status ");
}

#[test]
fn a_module_that_never_returns_is_killed_at_the_deadline_and_shrunk() {
    let folder = folder();
    let arguments = ["run", "bad_spin", "--cases", "8", "--workers", "1"];
    let arguments = [&arguments[..], &["--case-deadline", "1"]].concat();
    let output = upheaval(folder.path(), &arguments);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", said(&output));
    let message = "but: worker died: killed, as it gave no answer within 1 s\n";
    assert!(text.contains(message), "{text}");
    assert!(text.contains(" ops to 1:"), "{text}");
    assert!(text.contains("1. client 1 calls rogue spin\n"), "{text}");
}

#[test]
fn each_way_to_die_is_reported_with_a_plan_of_its_own() {
    let folder = folder();
    let arguments = ["run", "bad_mixed", "--cases", "40", "--workers", "2"];
    let arguments = [&arguments[..], &["--format", "json"]].concat();
    let json = json(&upheaval(folder.path(), &arguments));
    let violations = json["violations"].as_array().into_iter().flatten();
    let mut messages: Vec<&str> = violations
        .filter_map(|violation| violation["message"].as_str())
        .collect();
    messages.sort_unstable();
    let expected = [
        "worker died: exit with status 0",
        "worker died: signal 11 (SIGSEGV)",
        "worker died: signal 6 (SIGABRT)",
    ];
    assert_eq!(messages, expected);
}

#[test]
fn workers_find_what_threads_find() {
    let folder = folder();
    for scenario in ["default", "bug_dropped_field", "gateway"] {
        let found = |how: &[&str]| {
            let arguments = ["run", scenario, "--cases", "60", "--format", "json"];
            let output = upheaval(folder.path(), &[&arguments[..], how].concat());
            let mut json = json(&output);
            for field in ["elapsed_s", "cases_per_s"] {
                json[field] = Value::Null;
            }
            (output.status.code(), json)
        };
        let threads = found(&["--threads", "2"]);
        assert_eq!(threads, found(&["--workers", "1"]), "{scenario}");
        assert_eq!(threads, found(&["--workers", "3"]), "{scenario}");
    }
}

#[test]
fn a_worker_that_never_returns_ends_with_its_run() {
    build_modules(&["bad_spin"]);
    let folder = folder();
    let arguments = ["run", "bad_spin", "--cases", "50", "--workers", "1"];
    let mut command = command(folder.path(), &arguments);
    let mut run = match command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn() {
        Ok(run) => run,
        Err(error) => panic!("{error}"),
    };
    let (sender, receiver) = channel();
    let said = run.stderr.take();
    thread::spawn(move || {
        let Some(said) = said else { return };
        let mut said = BufReader::new(said);
        let mut line = String::new();
        // The worker says so, and holds this pipe's other end as long as it lives.
        while line != "rogue spins\n" {
            line.clear();
            if !matches!(said.read_line(&mut line), Ok(1..)) {
                return;
            }
        }
        let _ = sender.send(());
        let _ = said.read_to_end(&mut Vec::new());
        let _ = sender.send(());
    });
    assert_eq!(receiver.recv_timeout(DEADLINE), Ok(()), "it never spins");
    if let Err(error) = run.kill().and_then(|()| run.wait()) {
        panic!("{error}");
    }
    assert_eq!(receiver.recv_timeout(DEADLINE), Ok(()), "a worker is left");
}

#[test]
fn a_module_with_a_static_is_found_and_the_first_event_that_differs_is_named() {
    let folder = folder();
    let output = upheaval(folder.path(), &["run", "bad_static", "--cases", "20"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", said(&output));
    assert!(text.contains("determinism is violated\n"), "{text}");
    assert!(
        text.contains("but: run twice, event 14 was `client_1<3> got "),
        "{text}"
    );
    assert!(text.contains(">  14  client_1<3> got "), "{text}");
    assert!(text.contains(" ops to 1:"), "{text}");
}

#[test]
fn a_module_with_a_static_is_found_in_workers_too() {
    let folder = folder();
    let arguments = ["run", "bad_static", "--cases", "20", "--workers", "2"];
    let output = upheaval(folder.path(), &arguments);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", said(&output));
    assert!(text.contains("determinism is violated\n"), "{text}");
}

#[test]
fn how_many_cases_are_run_twice_is_asked_for() {
    let folder = folder();
    let checked = |percent: &str| {
        let arguments = ["run", "--cases", "40", "--recheck", percent];
        let output = upheaval(
            folder.path(),
            &[&arguments[..], &["--format", "json"]].concat(),
        );
        row(&json(&output), "determinism")["checked"].as_u64()
    };
    assert_eq!(checked("0"), Some(0));
    assert_eq!(checked("100"), Some(40));
    let half = checked("50");
    assert!(half > Some(10) && half < Some(30), "{half:?}");
}

/// What is said to a command line that is refused.
fn refusal(arguments: &[&str]) -> String {
    let folder = folder();
    let output = upheaval(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    said(&output)
}

#[test]
fn numbers_that_mean_nothing_are_refused_with_the_option_and_what_to_give() {
    for (arguments, words) in [
        (
            &["run", "--cases", "0"][..],
            "'--cases <CASES>': give at least 1",
        ),
        (
            &["run", "--workers", "0"],
            "'--workers <N>': give a number from 1 to 256",
        ),
        (
            &["run", "--workers", "two"],
            "'--workers <N>': give a number from 1 to 256",
        ),
        (
            &["run", "--workers", "1", "--case-deadline", "0"],
            "'--case-deadline <SECS>': give a number of seconds from 1 to 86400",
        ),
        (
            &["run", "--recheck", "101"],
            "'--recheck <PERCENT>': 101 is not in 0..=100",
        ),
        (
            &["run", "--workers", "2", "--threads", "2"],
            "'--workers <N>' cannot be used with '--threads <THREADS>'",
        ),
        (
            &["run", "--target", "beam", "--workers", "2"],
            "--workers is for the embedded target",
        ),
        (
            &["run", "--case-deadline", "5"],
            "--case-deadline is for workers: only they can be killed; add --workers N",
        ),
        (
            &["run", "--target", "beam", "--keep"],
            "--keep is for the embedded target",
        ),
        (
            &["run", "--target", "beam", "--case-deadline", "5"],
            "--case-deadline is for workers, and they are of the embedded target",
        ),
        (
            &["run", "--target", "beam", "--recheck", "50"],
            "--recheck is for the embedded target",
        ),
        (
            &["run", "--keep", "gateways"],
            "there is no scenario `gateways`",
        ),
        (
            &["bugs", "list_to_table", "list_to_table"],
            "bug `list_to_table` is named twice; name it once",
        ),
    ] {
        let said = refusal(arguments);
        assert!(said.contains(words), "no `{words}` in: {said}");
    }
}

#[test]
fn a_plan_for_another_scenario_is_refused_with_its_file_the_step_and_what_is_missing() {
    let folder = folder();
    let plan = "scenario gateway\nseed 0x1\n1. client 1 calls counter {add,1}\n";
    if let Err(error) = std::fs::write(folder.path().join("other.plan"), plan) {
        panic!("{error}");
    }
    let output = upheaval(folder.path(), &["replay", "other.plan"]);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    for part in [
        "failed to replay plan other.plan: ",
        "scenario `gateway`",
        "step 1 (client 1 calls counter {add,1})",
        "`counter`, which the scenario does not have",
    ] {
        assert!(said.contains(part), "no `{part}` in: {said}");
    }
}

#[test]
fn what_a_run_keeps_is_a_regression_that_the_same_failure_finds_again() {
    let folder = folder();
    let keep = |seed: &str| {
        let arguments = ["run", "bug_dropped_field", "--cases", "20", "--seed", seed];
        let output = upheaval(folder.path(), &[&arguments[..], &["--keep"]].concat());
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    };
    keep("0");
    keep("1");
    let kept = folder.path().join("properties/regressions");
    // Other invariants see the lost count, too, each in a plan of its own.
    let is_of_conversion = |path: &Path| path.to_string_lossy().contains("state_conversion");
    let files = match std::fs::read_dir(&kept) {
        Ok(files) => files
            .filter_map(|file| Some(file.ok()?.path()))
            .filter(|path| is_of_conversion(path))
            .collect::<Vec<_>>(),
        Err(error) => panic!("{}: {error}", kept.display()),
    };
    let [file] = &files[..] else {
        panic!("not one file: {files:?}");
    };
    let text = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        text.starts_with("# violates state_conversion: counter (process 2): "),
        "{text}"
    );
}
