use super::Fifo;
use crate::history::Carrier::{Ask, Call, Cast, Info};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{InOrder, Module, Scenario, Switch};

const ANN: u32 = 1;
const BOB: u32 = 2;
const DOOR: u32 = 3;

/// Two clients and a process of the module door.
fn story() -> Story {
    let mut story = Story::new();
    story.spawned(ANN).spawned(BOB).child(DOOR, ANN, "door");
    story.registered(DOOR, "door").registered(ANN, "ann");
    story
}

fn judge_with(in_order: InOrder, story: &Story) -> Judgement {
    let door = Module::new("door", Switch::Load).in_order(in_order);
    Fifo.judge(&Scenario::new("test", "").module(door), story.history())
}

fn judge(story: &Story) -> Judgement {
    judge_with(InOrder::Requests, story)
}

fn violation(judgement: Judgement) -> Violation {
    match judgement {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

fn take(story: &mut Story, messages: &[u32]) {
    for message in messages {
        story.received_in(*message, DOOR, "door", "1");
    }
}

#[test]
fn e01_what_is_received_in_order_holds_and_each_that_has_one_before_it_counts() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, DOOR, "a")
        .sent(Cast, 2, BOB, DOOR, "b");
    story.sent(Cast, 3, ANN, DOOR, "c");
    take(&mut story, &[2, 1, 3]);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn e01_a_message_that_overtakes_one_of_the_same_sender_is_a_violation() {
    let mut story = story();
    story.sent(Cast, 1, ANN, DOOR, "a");
    let first = story.last();
    story.sent(Call, 2, ANN, DOOR, "b");
    take(&mut story, &[2, 1]);
    let violation = violation(judge(&story));
    assert_eq!(
        violation.message,
        "door (process 3) received call #2 b of ann (process 1) and not cast #1 a, which was \
         sent to it before"
    );
    assert_eq!(violation.at, first + 2);
    assert_eq!(violation.evidence, [first, first + 1, first + 2]);
}

#[test]
fn e01_a_message_that_is_never_received_is_overtaken_though_its_receiver_dies() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, DOOR, "a")
        .sent(Cast, 2, ANN, DOOR, "b");
    take(&mut story, &[2]);
    story.exited(DOOR, "killed").rested();
    violation(judge(&story));
}

#[test]
fn what_is_never_received_because_its_receiver_dies_overtakes_nothing() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, DOOR, "a")
        .sent(Cast, 2, ANN, DOOR, "b");
    take(&mut story, &[1]);
    story.exited(DOOR, "killed").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_postponed_event_is_in_turn_when_it_is_received_first() {
    let mut story = story();
    story
        .sent(Call, 1, ANN, DOOR, "pass")
        .sent(Cast, 2, ANN, DOOR, "unlock");
    take(&mut story, &[1]);
    story.postponed(1, DOOR);
    take(&mut story, &[2, 1]);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn two_senders_messages_that_say_the_same_may_be_one_for_the_other() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, DOOR, "a")
        .sent(Cast, 2, ANN, DOOR, "b");
    story
        .sent(Cast, 3, BOB, DOOR, "b")
        .sent(Cast, 4, BOB, DOOR, "c");
    // The b was bob's.
    take(&mut story, &[2, 1]);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn messages_that_say_the_same_do_not_excuse_what_no_exchange_explains() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, DOOR, "a")
        .sent(Cast, 2, ANN, DOOR, "b");
    story
        .sent(Cast, 3, BOB, DOOR, "b")
        .sent(Cast, 4, BOB, DOOR, "c");
    take(&mut story, &[2, 1, 4, 3]);
    story
        .sent(Cast, 5, ANN, DOOR, "d")
        .sent(Cast, 6, ANN, DOOR, "e");
    // Either b may be bob's, but there is only one d.
    take(&mut story, &[6]);
    violation(judge(&story));
}

#[test]
fn one_that_says_the_same_but_was_not_sent_yet_explains_nothing() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, DOOR, "a")
        .sent(Cast, 2, ANN, DOOR, "b");
    take(&mut story, &[2]);
    story.sent(Cast, 3, BOB, DOOR, "b");
    take(&mut story, &[1, 3]);
    violation(judge(&story));
}

#[test]
fn what_was_postponed_may_be_what_was_received_in_place_of_another() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, DOOR, "lock")
        .sent(Cast, 2, ANN, DOOR, "b");
    take(&mut story, &[1]);
    story.postponed(1, DOOR);
    story
        .sent(Cast, 3, BOB, DOOR, "lock")
        .sent(Cast, 4, BOB, DOOR, "c");
    // Bob's lock was received as the one that had been postponed.
    take(&mut story, &[1, 4, 3, 2]);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn two_calls_are_never_the_same() {
    let mut story = story();
    story
        .sent(Call, 1, ANN, DOOR, "a")
        .sent(Call, 2, ANN, DOOR, "a");
    story.sent(Call, 3, BOB, DOOR, "a");
    take(&mut story, &[2, 1]);
    violation(judge(&story));
}

#[test]
fn a_receive_may_pass_over_a_plain_message_unless_the_module_takes_everything() {
    let mut story = story();
    story
        .sent(Info, 1, ANN, DOOR, "a")
        .sent(Ask, 2, ANN, DOOR, "b");
    take(&mut story, &[2, 1]);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
    violation(judge_with(InOrder::Everything, &story));
}

#[test]
fn a_module_that_takes_nothing_in_order_is_not_judged() {
    let mut story = story();
    story
        .sent(Call, 1, ANN, DOOR, "a")
        .sent(Call, 2, ANN, DOOR, "b");
    take(&mut story, &[2, 1]);
    story.rested();
    let judged = judge_with(InOrder::Nothing, &story);
    assert_eq!(judged, Judgement::Held { checked: 0 });
}

#[test]
fn a_plain_message_that_was_not_seen_to_be_received_is_not_overtaken() {
    let mut story = story();
    story
        .sent(Info, 1, ANN, DOOR, "a")
        .sent(Cast, 2, ANN, DOOR, "b");
    take(&mut story, &[2]);
    story.received(1, DOOR).rested();
    let judged = judge_with(InOrder::Everything, &story);
    assert_eq!(judged, Judgement::Held { checked: 0 });
}

#[test]
fn what_comes_from_outside_has_no_one_sender() {
    let mut story = story();
    story
        .sent(Call, 1, 0, DOOR, "a")
        .sent(Call, 2, 0, DOOR, "b");
    take(&mut story, &[2, 1]);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
