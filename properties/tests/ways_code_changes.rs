//! Each way that code is changed in a running Erlang system, on the default
//! scenario. That a new artifact is copied over the place of the old one is in
//! `artifacts.rs`, with real files.

use properties::run_plan;

#[test]
fn a_module_that_nobody_runs_is_loaded() {
    let story = run_plan("load spare 1\nload spare 2");
    assert_eq!(story.result(1), "{module,spare}");
    assert_eq!(story.result(2), "{module,spare}");
    assert!(story.named("spare").is_empty());
}

#[test]
fn a07_a_server_whose_state_stays_picks_new_code_up_by_a_plain_load() {
    let story = run_plan(
        "client 1 calls ledger {deposit,<<\"a\">>,5} | 40 steps\n\
         load ledger 2\n\
         client 1 calls ledger {withdraw,<<\"a\">>,2}",
    );
    let ledger = story.named("ledger")[0];
    assert_eq!(story.versions(ledger), ["1", "2"]);
    assert_eq!(story.replies(), ["1", "5", "3"]);
    assert_eq!(story.exit(ledger), None);
}

#[test]
fn a08_a_plain_process_with_a_qualified_loop_picks_new_code_up_after_its_next_message() {
    let story = run_plan(
        "client 1 asks echo hello | 40 steps\n\
         load echo_loop 2\n\
         client 1 asks echo how | 40 steps\n\
         client 1 asks echo are",
    );
    assert_eq!(
        story.replies(),
        ["{echo_1,hello}", "{echo_1,how}", "{echo_2,are}"]
    );
    assert_eq!(story.versions(story.named("echo")[0]), ["1", "2"]);
}

#[test]
fn c02_a_server_whose_state_changes_goes_through_suspend_load_code_change_resume() {
    let story = run_plan(
        "client 1 calls counter {add,5} | 40 steps\n\
         upgrade counter 2\n\
         client 1 calls counter {add,1} | 40 steps\n\
         upgrade counter 3\n\
         client 1 calls counter get",
    );
    let counter = story.named("counter")[0];
    assert_eq!(story.replies(), ["5", "6", "6"]);
    assert_eq!(story.versions(counter), ["1", "2", "3"]);
    assert_eq!(story.exit(counter), None);
    let text = story.history().print();
    let places: Vec<Option<usize>> = [
        "suspended",
        "loaded counter 2",
        "code_change from counter 1 to 2: #{count => 5} became #{adds => 0,total => 5}",
        "resumed",
    ]
    .iter()
    .map(|what| text.find(what))
    .collect();
    assert!(places.iter().all(Option::is_some), "{text}");
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn c02_a_downgrade_converts_before_it_loads() {
    let story = run_plan(
        "upgrade counter 2\n\
         client 1 calls counter {add,5} | 40 steps\n\
         upgrade counter 1\n\
         client 1 calls counter get",
    );
    assert_eq!(story.replies(), ["5", "5"]);
    let text = story.history().print();
    let converted = text.find("code_change from counter 2 to 1");
    let loaded = text.rfind("loaded counter 1");
    assert!(converted.is_some() && converted < loaded, "{text}");
}

#[test]
fn a05_a_supervised_process_that_lingers_is_killed_by_the_purge_and_restarted() {
    let story = run_plan(
        "load stuck_loop 2\n\
         client 1 asks stuck hello | 40 steps\n\
         purge stuck_loop | 40 steps\n\
         client 1 asks stuck how",
    );
    let stuck = story.named("stuck");
    assert_eq!(stuck.len(), 2, "it was restarted");
    assert_eq!(story.exit(stuck[0]).as_deref(), Some("killed"));
    assert_eq!(story.versions(stuck[0]), ["1"]);
    assert_eq!(story.versions(stuck[1]), ["2"]);
    assert_eq!(story.replies(), ["{stuck_1,hello}", "{stuck_2,how}"]);
    assert_eq!(story.result(3), "true");
}

#[test]
fn a05_an_unsupervised_process_that_was_purged_stays_dead_until_it_is_started_by_hand() {
    let story = run_plan(
        "load stuck_loop 2\n\
         purge stuck_loop | 40 steps\n\
         client 1 asks stray hello | 40 steps\n\
         start stray\n\
         client 1 asks stray how",
    );
    let stray = story.named("stray");
    assert_eq!(story.exit(stray[0]).as_deref(), Some("killed"));
    assert_eq!(stray.len(), 2);
    assert_eq!(story.replies(), ["exit noproc", "{stuck_2,how}"]);
    assert_eq!(story.purge_kills(), 2, "stuck and stray");
}

#[test]
fn a05_a_server_that_is_blocked_inside_a_callback_lingers() {
    let story = run_plan(
        "suspend counter\n\
         client 1 calls ledger {deposit,<<\"a\">>,5} | 40 steps\n\
         load ledger 2\n\
         soft_purge ledger\n\
         purge ledger | 40 steps\n\
         resume counter",
    );
    assert_eq!(story.result(4), "false");
    assert_eq!(story.result(5), "true");
    let ledger = story.named("ledger")[0];
    assert_eq!(story.exit(ledger).as_deref(), Some("killed"));
    // The callback's own call got its answer too late; the client's got none.
    assert!(story.replies().contains(&"exit killed".to_owned()));
}

#[test]
fn a05_an_idle_server_does_not_linger() {
    let story =
        run_plan("load ledger 2\nsoft_purge ledger\nclient 1 calls ledger {balance,<<\"a\">>}");
    assert_eq!(story.result(2), "true");
    assert_eq!(story.purge_kills(), 0);
}

#[test]
fn a01_a_load_is_refused_while_old_code_exists() {
    let story = run_plan("load ledger 2\nload ledger 1\npurge ledger\nload ledger 1");
    assert_eq!(story.result(2), "{error,not_purged}");
    assert_eq!(story.result(4), "{module,ledger}");
}

#[test]
fn b01_messages_to_a_suspended_server_wait_in_order_and_none_is_lost() {
    let story = run_plan(
        "suspend counter\n\
         client 1 casts counter {add,1}\n\
         client 1 casts counter {add,2}\n\
         client 1 calls counter get | 40 steps\n\
         resume counter",
    );
    assert_eq!(story.replies(), ["3"]);
}

#[test]
fn d04_one_restart_too_many_brings_the_supervisor_down() {
    let story = run_plan(
        "kill counter | 40 steps\n\
         kill counter | 40 steps\n\
         kill counter | 40 steps\n\
         kill counter | 40 steps",
    );
    assert_eq!(story.named("counter").len(), 4);
    assert_eq!(
        story.exit(story.named("sup")[0]).as_deref(),
        Some("shutdown")
    );
    for child in ["ledger", "echo", "stuck"] {
        assert_eq!(
            story.exit(story.named(child)[0]).as_deref(),
            Some("shutdown")
        );
    }
}

#[test]
fn d04_restarts_that_lie_a_period_back_do_not_count() {
    let story = run_plan(
        "kill counter | 40 steps\n\
         kill counter | 40 steps\n\
         kill counter | 40 steps\n\
         advance 6000 ms\n\
         kill counter | 40 steps",
    );
    assert_eq!(story.named("counter").len(), 5);
    assert_eq!(story.exit(story.named("sup")[0]), None);
}
