use super::NoOldCodeAfterPurge;
use crate::history::Carrier::Ask;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

const CLIENT: u32 = 1;
const LOOP: u32 = 2;

/// A loop that runs version 1, which was purged.
fn story() -> Story {
    let mut story = Story::new();
    story.loaded("stuck_loop", "1").spawned(CLIENT);
    story
        .child(LOOP, CLIENT, "stuck_loop")
        .registered(LOOP, "stuck")
        .entered(LOOP, "stuck_loop", "1")
        .loaded("stuck_loop", "2")
        .purged("stuck_loop", "1", 0);
    story
}

fn judge(story: &Story) -> Judgement {
    NoOldCodeAfterPurge.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn a04_who_goes_on_in_what_is_current_holds() {
    let mut story = story();
    story.sent(Ask, 1, CLIENT, LOOP, "hello");
    story.entered(LOOP, "stuck_loop", "2");
    story.received_in(1, LOOP, "stuck_loop", "2").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a09_a_message_handled_in_purged_code_is_a_violation() {
    let mut story = story();
    story.sent(Ask, 1, CLIENT, LOOP, "hello");
    story.received_in(1, LOOP, "stuck_loop", "1");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "stuck (process 2) received question #1 hello in stuck_loop 1, which was purged"
    );
    assert_eq!(violation.evidence, [4, 6, story.last()]);
}

#[test]
fn a09_a_process_that_enters_purged_code_is_a_violation() {
    let mut story = story();
    story.child(3, CLIENT, "stuck_loop");
    story.entered(3, "stuck_loop", "1");
    assert_eq!(
        violation(&story).message,
        "process 3 entered stuck_loop 1, which was purged"
    );
}

#[test]
fn old_code_that_is_not_purged_may_run() {
    let mut story = Story::new();
    story.loaded("stuck_loop", "1").spawned(CLIENT);
    story.child(LOOP, CLIENT, "stuck_loop");
    story.entered(LOOP, "stuck_loop", "1");
    story
        .loaded("stuck_loop", "2")
        .sent(Ask, 1, CLIENT, LOOP, "a");
    story.received_in(1, LOOP, "stuck_loop", "1").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_was_purged_and_is_loaded_again_may_run() {
    let mut story = story();
    story
        .loaded("stuck_loop", "1")
        .sent(Ask, 1, CLIENT, LOOP, "a");
    story.received_in(1, LOOP, "stuck_loop", "1").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a11_a_copy_of_what_is_current_may_be_purged() {
    let mut story = Story::new();
    story.loaded("stuck_loop", "1").loaded("stuck_loop", "1");
    story.purged("stuck_loop", "1", 0).spawned(CLIENT);
    story.child(LOOP, CLIENT, "stuck_loop");
    story.entered(LOOP, "stuck_loop", "1").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn c12_a_node_that_restarts_forgets_what_was_purged() {
    let mut story = story();
    story.restarted().spawned(3).entered(3, "stuck_loop", "1");
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
