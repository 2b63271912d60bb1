use super::NoDuplicates;
use crate::history::Carrier::{Call, Cast};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

const CLIENT: u32 = 1;
const DOOR: u32 = 2;

fn story() -> Story {
    let mut story = Story::new();
    story.spawned(CLIENT).spawned(DOOR).registered(DOOR, "door");
    story
}

fn judge(story: &Story) -> Judgement {
    NoDuplicates.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn each_message_that_is_received_once_counts() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, DOOR, "lock").received(1, DOOR);
    story.sent(Cast, 2, CLIENT, DOOR, "lock").received(2, DOOR);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn b01_a_message_that_a_suspension_shows_again_is_a_violation() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, DOOR, "lock");
    let sent = story.last();
    story.received(1, DOOR).suspended(DOOR).resumed(DOOR);
    story.received(1, DOOR);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "door (process 2) received cast #1 lock again, without having postponed it"
    );
    assert_eq!(violation.at, story.last());
    let expected: Vec<usize> = (sent..=story.last()).collect();
    assert_eq!(violation.evidence, expected);
}

#[test]
fn what_was_postponed_is_received_once_more() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, DOOR, "pass").received(1, DOOR);
    story.postponed(1, DOOR).received(1, DOOR);
    story.postponed(1, DOOR).received(1, DOOR);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 3 });
}

#[test]
fn what_was_postponed_once_is_not_received_twice_more() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, DOOR, "pass").received(1, DOOR);
    story.postponed(1, DOOR).received(1, DOOR);
    story.received(1, DOOR);
    assert_eq!(violation(&story).at, story.last());
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, DOOR, "lock").received(1, DOOR);
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
