use super::CurrentCode;
use crate::history::Carrier::{Ask, Call};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{InOrder, Module, Scenario, Switch};

const CLIENT: u32 = 1;
const SERVER: u32 = 2;

/// A server that entered version 1, of which there is a version 2 since.
fn story() -> Story {
    let mut story = Story::new();
    story.loaded("counter", "1").spawned(CLIENT);
    story
        .child(SERVER, CLIENT, "counter")
        .registered(SERVER, "counter")
        .entered(SERVER, "counter", "1")
        .loaded("counter", "2");
    story
}

fn judge(story: &Story) -> Judgement {
    CurrentCode.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn a07_a_call_that_is_handled_in_what_is_current_holds() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, SERVER, "get");
    story.received_in(1, SERVER, "counter", "2").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn a07_a_call_that_is_handled_in_old_code_is_a_violation() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, SERVER, "get");
    story.received_in(1, SERVER, "counter", "1");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) received call #1 get in counter 1 while counter 2 is current"
    );
    assert_eq!(violation.evidence, [4, 5, story.last()]);
}

#[test]
fn a03_a_call_that_is_handled_in_deleted_code_is_a_violation() {
    let mut story = Story::new();
    story.loaded("counter", "1").spawned(SERVER);
    story
        .deleted("counter", "1")
        .sent(Call, 1, SERVER, SERVER, "a");
    story.received_in(1, SERVER, "counter", "1");
    assert!(
        violation(&story)
            .message
            .ends_with("while nothing is current")
    );
}

#[test]
fn a08_a_message_that_can_be_taken_in_a_receive_may_be_handled_in_old_code() {
    let mut story = story();
    story.sent(Ask, 1, CLIENT, SERVER, "get");
    story.received_in(1, SERVER, "counter", "1").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_module_with_receives_of_its_own_for_requests_is_not_judged() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, SERVER, "get");
    story.received_in(1, SERVER, "counter", "1").rested();
    let counter = Module::new("counter", Switch::Load).in_order(InOrder::Nothing);
    let scenario = Scenario::new("test", "").module(counter);
    let judged = CurrentCode.judge(&scenario, story.history());
    assert_eq!(judged, Judgement::Held { checked: 0 });
}

#[test]
fn b16_a_conversion_by_what_is_not_current_is_a_violation() {
    let mut story = story();
    story.code_changed(SERVER, ["counter", "1", "2"], "a", Some("b"));
    story.code_changed(SERVER, ["counter", "2", "1"], "b", Some("a"));
    story.loaded("counter", "3");
    story.code_changed(SERVER, ["counter", "1", "2"], "a", Some("b"));
    assert_eq!(
        violation(&story).message,
        "counter (process 2) was converted from counter 1 to counter 2 while counter 3 is current"
    );
}

#[test]
fn c02_who_is_resumed_after_the_load_runs_what_was_loaded() {
    let mut story = story();
    story.suspended(SERVER).resumed(SERVER).rested();
    story.alive_in(SERVER, "counter", "2", "a");
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn c02_who_is_resumed_after_the_load_and_runs_something_else_is_a_violation() {
    let mut story = story();
    story.suspended(SERVER).resumed(SERVER).rested();
    story.alive_in(SERVER, "counter", "1", "a");
    assert_eq!(
        violation(&story).message,
        "counter (process 2) was resumed after the last load, and at rest runs counter 1 while \
         counter 2 is current"
    );
}

#[test]
fn c05_who_was_not_resumed_since_the_load_may_run_anything_at_rest() {
    let mut story = Story::new();
    story.loaded("counter", "1").spawned(SERVER);
    story
        .suspended(SERVER)
        .resumed(SERVER)
        .loaded("counter", "2");
    story.rested().alive_in(SERVER, "counter", "1", "a");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
