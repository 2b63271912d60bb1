use super::ComesToRest;
use crate::history::Carrier::Info;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

/// A process that sends to itself so often after the last op.
fn story(times: u32) -> Story {
    let mut story = Story::new();
    story
        .spawned(1)
        .registered(1, "loop")
        .spawned(2)
        .op_begins(0);
    for message in 0..times {
        story
            .sent(Info, message, 1, 1, "again")
            .received(message, 1);
    }
    story
}

fn judge(story: &Story) -> Judgement {
    ComesToRest.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn what_rests_holds() {
    let mut story = story(2000);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn a08_who_goes_round_in_circles_is_named() {
    let mut story = story(3);
    story.abandoned("never_at_rest");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "the system does not come to rest: loop (process 1) goes round in circles, and has \
         received a message or come into code 3 times since the last op"
    );
    assert_eq!(violation.evidence, [9, 10]);
}

#[test]
fn a_circle_without_messages_is_a_violation_of_somebodys() {
    let mut story = story(0);
    story.abandoned("never_at_rest");
    assert!(violation(&story).message.contains("somebody"));
}

#[test]
fn who_is_only_slow_is_not_judged() {
    let mut story = story(3);
    story.abandoned("not_at_rest_in_time");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}

#[test]
fn who_does_the_same_a_thousand_times_is_not_slow() {
    let mut story = story(1000);
    story.abandoned("not_at_rest_in_time");
    violation(&story);
}

#[test]
fn what_is_abandoned_for_another_reason_is_inconclusive() {
    let mut story = story(2000);
    story.abandoned("{not_booted,oops}");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
