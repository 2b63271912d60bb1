//! Soaks: the real binary, killed, resumed and lied to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use properties::{build_modules, command, folder, program, said, upheaval};
use serde_json::Value;

/// Longer than anything here takes, on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(120);

/// How many cases a unit has.
const BLOCK: u64 = 100;

fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

fn soak(folder: &Path, arguments: &[&str]) -> Output {
    upheaval(folder, &[&["soak", "--out", "out"], arguments].concat())
}

fn journal(folder: &Path) -> PathBuf {
    folder.join("out/journal.jsonl")
}

/// The whole lines of a journal, and as JSON.
fn lines(folder: &Path) -> Vec<(String, Value)> {
    let text = fs::read_to_string(journal(folder)).unwrap_or_default();
    let whole = text
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    whole
        .map(|line| (line.to_string(), must(serde_json::from_str(line))))
        .collect()
}

/// The records of a journal: unit, cases that were done before, and cases.
fn records(folder: &Path) -> Vec<(u64, u64, u64)> {
    let number = |line: &Value, field: &str| line[field].as_u64().unwrap_or(u64::MAX);
    lines(folder)
        .iter()
        .skip(1)
        .map(|(_, line)| {
            let number = |field| number(line, field);
            (number("unit"), number("from"), number("cases"))
        })
        .collect()
}

fn cases(records: &[(u64, u64, u64)]) -> u64 {
    records.iter().map(|(_, _, cases)| cases).sum()
}

/// A soak that goes on until it is killed; it has written down some cases.
fn begun(folder: &Path, scenarios: &[&str]) -> Child {
    build_modules(scenarios);
    let arguments = ["soak", "--out", "out", "--for", "1h", "--workers", "2"];
    let arguments = [&arguments[..], scenarios].concat();
    let mut command = command(folder, &arguments);
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let child = must(quiet.spawn());
    let end = Instant::now() + DEADLINE;
    while records(folder).len() < 3 {
        assert!(Instant::now() < end, "nothing is written down");
        thread::yield_now();
    }
    child
}

fn kill(mut child: Child) {
    must(child.kill().and_then(|()| child.wait()));
}

/// What a table says of a claim: its name, its verdict, and its numbers.
fn row<'t>(text: &'t str, claim: &str) -> Vec<&'t str> {
    let rows = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows
        .into_iter()
        .find(|row| row.first() == Some(&claim) && row.len() > 2);
    row.unwrap_or_default()
}

#[test]
fn a_soak_runs_for_its_time_and_reports_what_its_journal_says() {
    let folder = folder();
    let output = soak(folder.path(), &["--for", "2s", "--workers", "2"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", said(&output));
    let records = records(folder.path());
    let total = format!("seed 0, shard 1/1: {} cases\n", cases(&records));
    assert!(cases(&records) > 0 && text.contains(&total), "{text}");
    assert_eq!(
        row(&text, "no_lost_messages").get(1),
        Some(&"held"),
        "{text}"
    );
}

#[test]
fn the_cases_of_a_soak_are_those_of_a_run_from_the_same_seed() {
    let folder = folder();
    let output = soak(folder.path(), &["--seed", "7", "--for", "3s"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let run = ["run", "--seed", "7", "--cases", "100", "--format", "json"];
    let run: Value = must(serde_json::from_slice(
        &upheaval(folder.path(), &run).stdout,
    ));
    // On a busy machine a unit is written down in parts.
    let lines = lines(folder.path());
    let parts: Vec<_> = lines.iter().filter(|(_, line)| line["unit"] == 0).collect();
    let sum = |field: &str, of: fn(&Value) -> &Value| -> u64 {
        let numbers = parts.iter().map(|(_, line)| of(line)[field].as_u64());
        numbers.flatten().sum()
    };
    assert_eq!(sum("cases", |line| line), BLOCK);
    for field in ["messages", "upgrades", "purge_kills", "restarts"] {
        assert_eq!(
            sum(field, |line| &line["counts"]),
            run[field].as_u64().unwrap_or(0),
            "{field}"
        );
    }
    if let [(_, all)] = &parts[..] {
        assert_eq!(all["digest"], run["history_digest"]);
    }
}

#[test]
fn a_soak_that_is_killed_goes_on_where_its_journal_ends_and_does_no_case_twice() {
    let folder = folder();
    let scenarios = ["default", "gateway"];
    for _ in 0..3 {
        kill(begun(folder.path(), &scenarios));
    }
    let before = lines(folder.path());
    let done = cases(&records(folder.path()));
    // The time of those that were killed counts: it has a little left.
    let spent = before.last().and_then(|(_, line)| line["ms"].as_u64());
    let time = format!("{}ms", spent.unwrap_or_default() + 3000);
    let arguments = ["--workers", "2", "--for", &time];
    let output = soak(folder.path(), &[&scenarios[..], &arguments].concat());
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}{}", said(&output));
    let resumed = format!("goes on after {done} cases");
    assert!(said(&output).contains(&resumed), "{}", said(&output));
    let after = lines(folder.path());
    assert_eq!(
        after[..before.len()],
        before,
        "what was written down is changed"
    );
    let records = records(folder.path());
    assert!(cases(&records) > done);
    assert!(
        text.contains(&format!("\n{} cases in ", cases(&records))),
        "{text}"
    );
    // Of each unit each case is there once, in order, and no unit is left out but the last.
    let mut units: BTreeMap<u64, u64> = BTreeMap::new();
    for (unit, from, cases) in &records {
        let done = units.entry(*unit).or_default();
        assert_eq!(done, from, "unit {unit}");
        *done += cases;
    }
    let last = units.keys().next_back().copied().unwrap_or_default();
    for unit in 0..last.saturating_sub(2) {
        assert_eq!(units.get(&unit), Some(&BLOCK), "unit {unit} of {last}");
    }
}

#[test]
fn a_soak_whose_time_is_up_says_what_was_found_and_runs_nothing() {
    let folder = folder();
    let first = soak(folder.path(), &["bug_dropped_field", "--for", "2s"]);
    assert_eq!(first.status.code(), Some(1), "{}", said(&first));
    let written = lines(folder.path());
    let again = soak(folder.path(), &["bug_dropped_field", "--for", "2s"]);
    assert_eq!(again.status.code(), Some(1), "{}", said(&again));
    assert_eq!(lines(folder.path()), written);
    let text = String::from_utf8_lossy(&again.stdout);
    assert_eq!(
        row(&text, "state_conversion").get(1),
        Some(&"violated"),
        "{text}"
    );
    assert!(text.contains("kept: "), "{text}");
}

#[test]
fn a_violation_is_kept_once_with_a_plan_that_replays_and_the_soak_goes_on() {
    let folder = folder();
    let out = ["bug_dropped_field", "bad_mixed", "--for", "4s", "--keep"];
    let output = soak(folder.path(), &out);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let plans = |folder: PathBuf| {
        let files = must(fs::read_dir(folder)).filter_map(|file| Some(file.ok()?.path()));
        let mut plans: Vec<PathBuf> = files
            .filter(|file| file.extension().is_some_and(|end| end == "plan"))
            .collect();
        plans.sort();
        plans
    };
    let kept = plans(folder.path().join("out"));
    let of = |what: &str| {
        let name = |file: &PathBuf| file.to_string_lossy().contains(what);
        kept.iter().filter(|file| name(file)).count()
    };
    // Many cases lose the count, and all by the same two ops.
    assert_eq!(of("bug_dropped_field-state_conversion-"), 1, "{kept:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    let row = row(&text, "state_conversion");
    let violated = row.last().and_then(|cases| cases.parse::<u64>().ok());
    assert_eq!(row.get(1), Some(&"violated"), "{text}");
    assert!(violated > Some(1), "{text}");
    assert!(of("bad_mixed-survival-") >= 1, "{kept:?}");
    for plan in &kept {
        let name = plan.to_string_lossy();
        let replayed = upheaval(folder.path(), &["replay", &name]);
        assert_eq!(replayed.status.code(), Some(1), "{name}");
    }
    let regressions = plans(folder.path().join("properties/regressions"));
    assert_eq!(regressions.len(), kept.len());
}

#[test]
fn two_shards_share_the_cases_of_a_seed() {
    let folder = folder();
    let units = |shard: &str| {
        let out = folder.path().join(shard.replace('/', "-of-"));
        let place = out.to_string_lossy().into_owned();
        let arguments = ["soak", "--out", &place, "--for", "3s", "--workers", "1"];
        let arguments = [&arguments[..], &["--shard", shard]].concat();
        let output = upheaval(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let text = must(fs::read_to_string(out.join("journal.jsonl")));
        let mut digests = BTreeMap::new();
        for line in text.lines().skip(1) {
            let line: Value = must(serde_json::from_str(line));
            if line["cases"] == BLOCK {
                digests.insert(line["unit"].as_u64(), line["digest"].clone());
            }
        }
        digests
    };
    let (all, first, second) = (units("1/1"), units("1/2"), units("2/2"));
    let mut compared = 0;
    for (half, shard) in [(&first, 0), (&second, 1)] {
        for (unit, digest) in half {
            let whole = unit.map(|unit| 2 * unit + shard);
            if let Some(of_all) = all.get(&whole) {
                assert_eq!(of_all, digest, "{unit:?} of shard {shard}");
                compared += 1;
            }
        }
    }
    assert!(compared > 0, "{all:?} {first:?} {second:?}");
}

/// Why a soak is refused that goes on in a folder with one of seed 7.
fn refusal(then: impl FnOnce(&Path), arguments: &[&str]) -> String {
    let folder = folder();
    let first = soak(folder.path(), &["--seed", "7", "--for", "2s"]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    then(folder.path());
    let output = soak(folder.path(), &[&["--for", "3s"], arguments].concat());
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(output.stdout.is_empty());
    said(&output)
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "no `{word}` in: {text}");
    }
}

#[test]
fn a_journal_of_another_seed_shard_or_scenario_is_refused() {
    let remedy = "give the same again, or another --out";
    let place = "failed to go on in out: its journal is of ";
    for (arguments, words) in [
        (&["--seed", "8"][..], "seed 0x7, and this is seed 0x8"),
        (
            &["--seed", "7", "--shard", "1/2"],
            "shard 1/1, and this is shard 1/2",
        ),
        (
            &["gateway", "--seed", "7"],
            "scenario default, and this is scenario gateway",
        ),
    ] {
        has(&refusal(|_| (), arguments), &[place, words, remedy]);
    }
}

#[test]
fn a_journal_that_is_damaged_in_its_middle_is_refused_with_the_line() {
    let damage = |folder: &Path| {
        let text = must(fs::read_to_string(journal(folder)));
        let text = text.replacen("\"seed\":\"0x7\"", "\"seed\":\"0x8\"", 1);
        must(fs::write(journal(folder), text));
    };
    has(
        &refusal(damage, &["--seed", "8"]),
        &[
            "failed to read journal out/journal.jsonl: line 1 is damaged",
            "move the file away to begin anew, or give another --out",
        ],
    );
}

#[test]
fn a_torn_end_is_cut_off_and_told_and_the_soak_goes_on() {
    let folder = folder();
    soak(folder.path(), &["--for", "2s"]);
    let whole = records(folder.path());
    let path = journal(folder.path());
    let mut content = must(fs::read(&path));
    content.truncate(content.len() - 10);
    must(fs::write(&path, content));
    let output = soak(folder.path(), &["--for", "5s"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    has(
        &said(&output),
        &["journal out/journal.jsonl had a torn end", "is run again"],
    );
    let after = records(folder.path());
    assert_eq!(after[..whole.len() - 1], whole[..whole.len() - 1]);
    assert!(after.len() >= whole.len());
}

#[test]
fn a_folder_in_which_a_soak_is_at_work_is_refused() {
    let folder = folder();
    let first = begun(folder.path(), &["default"]);
    let output = soak(folder.path(), &["--for", "1s"]);
    kill(first);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    has(
        &said(&output),
        &[
            "failed to soak in out: another soak is at work there (its lock is out/lock)",
            "wait for its end, or give another --out",
        ],
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = folder();
    must(fs::write(folder.path().join("out"), ""));
    let output = soak(folder.path(), &["--for", "1s"]);
    assert_eq!(output.status.code(), Some(2));
    has(
        &said(&output),
        &[
            "failed to make folder out: ",
            "check the path and its permissions",
        ],
    );
}

#[test]
fn a_full_disk_ends_the_soak_and_the_same_command_goes_on_when_there_is_room() {
    let folder = folder();
    must(fs::create_dir(folder.path().join("out")));
    // A file system of its own, which is gone with the process that made it. The first
    // soak puts the modules there, and what is left after it is all but filled.
    let script = "mount -t tmpfs -o size=64M none out && echo mounted >&2 || exit\n\
                  soak() { \"$0\" soak --out out --for $1; echo exit $? >&2; }\n\
                  soak 100ms\n\
                  cat /dev/zero >out/ballast 2>/dev/null\n\
                  truncate -s -8K out/ballast\n\
                  soak 1h\n\
                  rm out/ballast\n\
                  echo room >&2\n\
                  soak 100ms\n";
    let mut unshare = Command::new("unshare");
    let unshare = unshare.args(["-rm", "sh", "-c", script]);
    let output = unshare.arg(program()).current_dir(folder.path()).output();
    let output = match output {
        Ok(output) if said(&output).contains("mounted\n") => output,
        _ => return eprintln!("SKIPPED: no file system can be mounted here"),
    };
    let said = said(&output);
    let (full, room) = said.split_once("room\n").unwrap_or_default();
    has(
        full,
        &[
            "error: failed to write journal out/journal.jsonl: ",
            "make room, and run the same command again",
        ],
    );
    // Nothing of it is torn.
    assert!(
        room.contains("goes on after ") && !room.contains("error: "),
        "{room}"
    );
    assert!(!room.contains("torn"), "{room}");
}

#[test]
fn what_a_soak_cannot_be_asked_is_refused_with_the_option_and_what_to_give() {
    let folder = folder();
    for (arguments, words) in [
        (
            &["--shard", "3/2", "--for", "1s"][..],
            "'--shard <I/N>': there is no shard 3 of 2; give I/N with I from 1 to N, like 1/2",
        ),
        (&["--for", "soon"], "give a time like 90s, 30m or 8h"),
        (
            &["--for", "1s", "--workers", "0"],
            "'--workers <N>': give a number from 1 to 256",
        ),
        (&["--for", "1s", "defualt"], "did you mean `default`?"),
        (
            &["--for", "1s", "default", "default"],
            "scenario `default` is named twice; name it once",
        ),
        (&[], "--for <TIME>"),
    ] {
        let output = soak(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        has(&said(&output), &[words]);
    }
    assert!(!folder.path().join("out").exists(), "it has begun");
}
