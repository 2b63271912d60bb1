//! Plans on real nodes: the same scenarios, the same histories, the same judges.

use properties::{beam, folder, run_plan_on, said, upheaval};
use serde_json::Value;

use crate::needs_erlang;

#[test]
fn a07_a_server_whose_state_stays_picks_new_code_up_by_a_plain_load() {
    needs_erlang!();
    let story = run_plan_on(
        &mut beam("default"),
        "client 1 calls ledger {deposit,<<\"a\">>,5}\n\
         load ledger 2\n\
         client 1 calls ledger {withdraw,<<\"a\">>,2}",
    );
    let ledger = story.named("ledger")[0];
    assert_eq!(story.versions(ledger).last(), Some(&"2"));
    assert!(
        story.replies().contains(&"3".to_owned()),
        "{:?}",
        story.replies()
    );
    assert_eq!(story.exit(ledger), None);
}

#[test]
fn c02_a_server_whose_state_changes_goes_through_suspend_load_code_change_resume() {
    needs_erlang!();
    let story = run_plan_on(
        &mut beam("default"),
        "client 1 calls counter {add,5}\n\
         purge spare\n\
         upgrade counter 2\n\
         upgrade counter 3\n\
         upgrade counter 1\n\
         client 1 calls counter get",
    );
    assert_eq!(story.result(3), "ok");
    let text = story.history().print();
    let mut rest = text.as_str();
    for step in [
        "suspended",
        "loaded counter 2",
        "code_change from counter 1 to 2: #{count => 5} became #{adds => 0,total => 5}",
        "resumed",
        "code_change from counter 2 to 3: #{adds => 0,total => 5} became #{additions => 0,value => 5}",
        "code_change from counter 3 to 1: #{additions => 0,value => 5} became #{count => 5}",
        "loaded counter 1",
    ] {
        match rest.split_once(step) {
            Some((_, after)) => rest = after,
            None => panic!("no {step:?} in its place in\n{text}"),
        }
    }
    assert_eq!(story.replies().last().map(String::as_str), Some("5"));
}

#[test]
fn a09_a_lingering_process_is_killed_by_purge_and_restarted_if_it_is_supervised() {
    needs_erlang!();
    let story = run_plan_on(
        &mut beam("default"),
        "load stuck_loop 2\n\
         soft_purge stuck_loop\n\
         purge stuck_loop\n\
         client 1 asks stuck hello\n\
         client 2 asks stray hello\n\
         start stray\n\
         client 2 asks stray hello",
    );
    assert_eq!(story.result(2), "false");
    assert_eq!(story.result(3), "true");
    let (stuck, stray) = (story.named("stuck"), story.named("stray"));
    assert_eq!(story.exit(stuck[0]).as_deref(), Some("killed"));
    assert_eq!(story.versions(stuck[1]), ["2"]);
    // Nobody restarts the stray, until it is started by hand.
    assert_eq!(story.exit(stray[0]).as_deref(), Some("killed"));
    assert_eq!(stray.len(), 2);
    assert!(story.replies().contains(&"{stuck_2,hello}".to_owned()));
}

#[test]
fn a02_load_binary_purges_first_and_c_l_does_so_too() {
    needs_erlang!();
    let story = run_plan_on(
        &mut beam("default"),
        "load stuck_loop 2\n\
         load_binary stuck_loop 1\n\
         reload stuck_loop 2",
    );
    assert_eq!(story.result(2), "{module,stuck_loop}");
    assert_eq!(story.result(3), "{module,stuck_loop}");
    assert_eq!(
        story.exit(story.named("stray")[0]).as_deref(),
        Some("killed")
    );
}

#[test]
fn a01_a_load_over_old_code_is_refused_and_what_runs_is_still_seen() {
    needs_erlang!();
    // A refused load takes the traces off the code that stays: nothing may be missed.
    let mut beam = beam("default");
    for _ in 0..5 {
        let story = run_plan_on(
            &mut beam,
            "load ledger 1\n\
             client 1 calls ledger {deposit,<<\"a\">>,1}\n\
             client 2 calls ledger {deposit,<<\"a\">>,1}\n\
             load ledger 2\n\
             client 1 calls ledger {deposit,<<\"a\">>,1}\n\
             client 3 calls ledger {deposit,<<\"a\">>,1}",
        );
        assert_eq!(story.result(4), "{error,not_purged}");
        let text = story.history().print();
        // Each deposit is a message to the ledger and one to the counter.
        let received = text
            .lines()
            .filter(|line| line.contains(" received "))
            .count();
        assert_eq!(received, 8, "{text}");
    }
}

#[test]
fn a_module_that_nobody_runs_is_loaded() {
    needs_erlang!();
    let story = run_plan_on(&mut beam("default"), "load spare 1\nload spare 2");
    assert_eq!(story.result(1), "{module,spare}");
    assert_eq!(story.result(2), "{module,spare}");
}

fn json(arguments: &[&str]) -> (Option<i32>, Value) {
    let folder = folder();
    let output = upheaval(folder.path(), arguments);
    match serde_json::from_slice(&output.stdout) {
        Ok(json) => (output.status.code(), json),
        Err(error) => panic!("{error}: {}", said(&output)),
    }
}

#[test]
fn the_correct_scenario_holds_on_real_erlang() {
    needs_erlang!();
    let (status, json) = json(&[
        "run",
        "--target",
        "beam",
        "--cases",
        "24",
        "--threads",
        "8",
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(0), "{json:#}");
    assert_eq!(json["target"], "beam");
    for invariant in json["invariants"].as_array().into_iter().flatten() {
        assert_eq!(invariant["verdict"], "held", "{json:#}");
        assert!(invariant["checked"].as_u64() > Some(0), "{json:#}");
    }
}

#[test]
fn the_bug_is_found_and_shrunk_on_real_erlang() {
    needs_erlang!();
    let (status, json) = json(&[
        "run",
        "bug_dropped_field",
        "--target",
        "beam",
        "--cases",
        "8",
        "--threads",
        "4",
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(1), "{json:#}");
    let violation = &json["violations"][0];
    assert_eq!(violation["invariant"], "state_conversion", "{json:#}");
    assert!(violation["ops_after"].as_u64() <= Some(6), "{json:#}");
}
