//! What a test sees that calls `check`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use properties::embedded;
use upheaval::Check;
use upheaval::run::Runner;
use upheaval::scenario::{Scenario, Source};
use upheaval_node::Flaw;

fn scenario(name: &str) -> Scenario {
    match sample_scenarios::find(name) {
        Some(scenario) => scenario,
        None => panic!("there is no scenario {name}"),
    }
}

/// What a check panics with.
fn complaint(check: Check) -> String {
    match catch_unwind(AssertUnwindSafe(|| check.run())) {
        Ok(report) => panic!("it passed {} cases", report.cases),
        Err(panic) => match panic.downcast::<String>() {
            Ok(text) => *text,
            Err(_) => panic!("it panicked with something else than a text"),
        },
    }
}

#[test]
fn a_check_of_a_correct_scenario_passes_and_tells_what_it_saw() {
    let report = Check::new(scenario("default")).seed(5).cases(500).run();
    assert_eq!(report.cases, 500);
    assert!(report.failures.is_empty());
    assert!(report.tally.rows().iter().all(|row| row.checked > 0));
}

#[test]
fn a_check_of_whole_releases_passes_and_tells_what_it_saw() {
    for name in ["releases", "gateway"] {
        let report = Check::new(scenario(name)).seed(5).cases(100).run();
        assert!(report.failures.is_empty());
        // An upgrade is rarely taken back before the state has changed.
        let mut rows = report.tally.rows().iter();
        let nothing = rows.find(|row| row.checked == 0 && row.name != "round_trip");
        assert_eq!(nothing, None, "{name}");
    }
}

#[test]
fn a_scenario_without_releases_is_not_judged_by_what_releases_are_held_to() {
    let names = |name: &str| {
        let report = Check::new(scenario(name)).cases(1).run();
        let names = report.tally.rows().iter().map(|row| row.name);
        names.collect::<Vec<_>>()
    };
    let of_releases = ["upgrades_kill_nobody", "release_complete", "short_pauses"];
    let (without, with) = (names("default"), names("releases"));
    for name in of_releases {
        assert!(!without.contains(&name) && with.contains(&name), "{name}");
    }
    // Its supervisor is not upgraded.
    assert!(!with.contains(&"tree_as_fresh"));
    assert!(names("gateway").contains(&"tree_as_fresh"));
}

#[test]
fn a_failed_check_shows_the_shrunk_plan_the_seed_and_the_history_around_the_violation() {
    let text = complaint(Check::new(scenario("bug_dropped_field")).seed(42).cases(20));
    for part in [
        "state_conversion is violated\n",
        "must hold: code_change succeeds",
        "code_change from 1 to 2 turned #{count =>",
        "ops to 2:",
        "scenario bug_dropped_field\nseed 0x",
        "2. upgrade counter 2",
        "what happened:",
        "counter<2> suspended",
        "counter<2> code_change from counter 1 to 2",
    ] {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
    let last = text.lines().next_back().unwrap_or_default();
    assert!(
        last.starts_with("case seed 0x") && last.ends_with("of seed 42, 20 cases"),
        "{last}"
    );
}

#[test]
fn a_check_of_a_scenario_that_names_what_is_not_there_says_what_was_meant() {
    let mut scenario = scenario("default");
    scenario.processes[0].module = "countr".into();
    let text = complaint(Check::new(scenario));
    assert!(text.starts_with("failed to check: "), "{text}");
    assert!(text.contains("did you mean `counter`?"), "{text}");
}

const LOSES_THE_COUNT: &str = "scenario bug_dropped_field\n\
                               seed 7\n\
                               client 1 calls counter {add,1}\n\
                               upgrade counter 2";

#[test]
fn a_plan_that_was_found_once_is_replayed_by_a_test() {
    let check = Check::new(scenario("bug_dropped_field"));
    let text = match catch_unwind(AssertUnwindSafe(|| check.replay(LOSES_THE_COUNT))) {
        Ok(_) => panic!("it passed"),
        Err(panic) => match panic.downcast::<String>() {
            Ok(text) => *text,
            Err(_) => panic!("it panicked with something else than a text"),
        },
    };
    assert!(text.contains("state_conversion is violated"), "{text}");
    assert!(text.contains("plan, 2 ops:"), "{text}");
    let twin = LOSES_THE_COUNT.replace("bug_dropped_field", "default");
    let case = Check::new(scenario("default")).replay(&twin);
    assert!(!case.history.events().is_empty());
}

#[test]
fn a_module_that_does_not_compile_is_reported_with_the_compilers_words() {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("{error}"),
    };
    let manifest = folder.path().join("Cargo.toml");
    let package = "[package]\nname = \"broken\"\nedition = \"2024\"\n[workspace]\n\
                   [[example]]\nname = \"broken_v1\"\npath = \"v1.rs\"\ncrate-type = [\"cdylib\"]\n\
                   [lib]\npath = \"lib.rs\"\n";
    for (file, text) in [
        (manifest.as_path(), package),
        (&folder.path().join("lib.rs"), ""),
        (&folder.path().join("v1.rs"), "fn broken( -> u8 { 1 }\n"),
    ] {
        if let Err(error) = std::fs::write(file, text) {
            panic!("{error}");
        }
    }
    let mut scenario = scenario("bug_dropped_field");
    scenario.modules[0].versions[0].source = Source::Example {
        manifest,
        name: "broken_v1".into(),
    };
    let text = complaint(Check::new(scenario));
    assert!(text.contains("the modules do not compile"), "{text}");
    assert!(text.contains("v1.rs:1"), "{text}");
}

#[test]
fn a01_a_node_that_loads_over_old_code_is_found() {
    let scenario = scenario("default");
    let mut target = embedded(&scenario).with_flaw(Flaw::LoadsOverOldCode);
    let report = match Runner::new(scenario).run(&mut target, 0, 100, |_| ()) {
        Ok(report) => report,
        Err(error) => panic!("{error}"),
    };
    let found = report.failures.iter();
    let third = found.filter(|failure| failure.invariant == "two_versions");
    let messages: Vec<&str> = third.map(|failure| failure.message.as_str()).collect();
    assert!(
        matches!(messages[..], [message] if message.ends_with("a third version")),
        "{messages:?}"
    );
}
