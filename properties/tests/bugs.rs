//! The bug benchmark: what is found of bugs that happened to real systems, and that their
//! correct twins are left alone.

use std::collections::BTreeSet;
use std::process::Output;

use insta::{Settings, assert_snapshot};
use properties::{folder, has_erlang, said, upheaval};
use sample_scenarios::bugs;
use serde_json::Value;

fn run(arguments: &[&str]) -> Output {
    let folder = folder();
    upheaval(folder.path(), &[&["bugs"], arguments].concat())
}

fn rows(output: &Output) -> Vec<Value> {
    match serde_json::from_slice::<Value>(&output.stdout) {
        Ok(Value::Object(mut json)) => match json.remove("bugs") {
            Some(Value::Array(rows)) if json.is_empty() => rows,
            other => panic!("no list of bugs: {other:?}"),
        },
        other => panic!("{other:?}: {}", said(output)),
    }
}

#[test]
fn the_bugs_are_found_and_their_twins_left_alone() {
    let budget = ["--seeds", "3", "--cases", "1000", "--twin-cases", "100"];
    let output = run(&[&budget[..], &["--format", "json"]].concat());
    let mut found = String::new();
    for row in rows(&output) {
        let by = row["invariant"].as_str().unwrap_or("not found");
        found += &format!("{}: {by}\n", row["name"].as_str().unwrap_or_default());
        assert_eq!(row["twin_reported"], 0, "{row}");
    }
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!("bugs_found", found));
}

#[test]
fn a_bug_is_told_of_in_json_by_exactly_what_is_asked_for() {
    let budget = ["--seeds", "3", "--cases", "100", "--twin-cases", "10"];
    let output = run(&[&["list_to_table"], &budget[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let rows = rows(&output);
    let [Value::Object(row)] = &rows[..] else {
        panic!("{rows:?}");
    };
    let fields: BTreeSet<&str> = row.keys().map(String::as_str).collect();
    let expected = [
        "name",
        "thread",
        "target",
        "found",
        "invariant",
        "cases",
        "ops",
        "twin_reported",
    ];
    assert_eq!(fields, BTreeSet::from(expected));
    assert_eq!(row["name"], "list_to_table");
    assert_eq!(row["thread"], "knutin/elli#90");
    assert_eq!(row["target"], "embedded");
    assert_eq!(row["found"], true);
    assert_eq!(row["twin_reported"], 0);
    // The upgrade, and the first message after it.
    assert_eq!(row["ops"], 2, "{row:?}");
}

#[test]
fn a_bug_that_ends_its_process_costs_a_worker() {
    let budget = ["--seeds", "3", "--cases", "100", "--twin-cases", "10"];
    let output = run(&[&["native_state"], &budget[..]].concat());
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        text.contains("but: worker died: signal 11 (SIGSEGV)"),
        "{text}"
    );
}

#[test]
fn a_bug_of_a_release_is_found_by_what_the_release_comes_to() {
    let budget = ["--seeds", "3", "--cases", "200", "--twin-cases", "20"];
    let names = ["supervisor_first", "never_started", "success_too_early"];
    let output = run(&[&names[..], &budget[..], &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let rows = rows(&output);
    let found = rows.iter().map(|row| row["invariant"].as_str());
    let expected = ["upgrades_succeed", "tree_as_fresh", "release_complete"].map(Some);
    assert!(found.eq(expected), "{rows:?}");
}

#[test]
fn a_bug_that_only_real_erlang_has_is_found_there() {
    let name = "init_with_side_effect";
    assert_eq!(run(&[name]).status.code(), Some(2));
    if !has_erlang() {
        return;
    }
    let budget = ["--seeds", "1", "--cases", "50", "--twin-cases", "3"];
    let on = ["--target", "beam", "--format", "json"];
    let output = run(&[&[name][..], &budget[..], &on[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let rows = rows(&output);
    assert_eq!(rows[0]["invariant"], "upgrades_succeed", "{rows:?}");
}

#[test]
fn a_bug_that_is_not_there_is_refused_with_the_nearest_name() {
    let output = run(&["list_to_tabel"]);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    assert!(
        said.contains("no bug `list_to_tabel`; did you mean `list_to_table`?"),
        "{said}"
    );
}

#[test]
fn a_bug_that_cannot_be_expressed_is_refused_with_the_reason() {
    let output = run(&["purger_hangs"]);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    assert!(
        said.contains("`purger_hangs` cannot be expressed: it is a bug of OTP's"),
        "{said}"
    );
    let output = run(&["native_state", "--target", "beam"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn each_bug_has_scenarios_that_workers_find_and_a_thread() {
    let mut names = BTreeSet::new();
    for bug in bugs::all() {
        assert!(names.insert(bug.name), "{} is there twice", bug.name);
        assert!(!bug.threads.is_empty(), "{} has no thread", bug.name);
        assert!(!bug.targets.is_empty(), "{} is nowhere", bug.name);
        assert_eq!(bug.scenario.name, format!("bug_{}", bug.name));
        assert_eq!(bug.twin.name, format!("twin_{}", bug.name));
        for scenario in [&bug.scenario, &bug.twin] {
            let found = sample_scenarios::find(&scenario.name);
            assert!(found.is_some(), "{} is not found", scenario.name);
            assert_eq!(scenario.validate(), Ok(()));
        }
        // They differ in the bug alone.
        assert_eq!(bug.scenario.weights, bug.twin.weights);
        assert_eq!(bug.scenario.sizes, bug.twin.sizes);
        assert_eq!(bug.scenario.clients, bug.twin.clients);
    }
    for beyond in bugs::beyond() {
        assert!(names.insert(beyond.name), "{} is there twice", beyond.name);
    }
}
