//! Whose a name is at rest.

use super::{COUNTER, SUP, judge, story, violation};
use crate::invariant::Judgement;

#[test]
fn e03_a_name_that_was_given_up_may_be_nobodys() {
    let mut story = story();
    story.unregistered(COUNTER, "counter");
    story.rested().alive(SUP, 0).alive(COUNTER, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn e03_a_name_that_was_given_up_may_be_anothers() {
    let mut story = story();
    story.unregistered(COUNTER, "counter");
    story.child(3, SUP, "counter").registered(3, "counter");
    story.rested().alive(SUP, 0).alive(COUNTER, 0).alive(3, 0);
    // Two children and two names.
    assert_eq!(judge(&story), Judgement::Held { checked: 4 });
}

#[test]
fn e03_a_name_is_free_once_its_holder_has_ended() {
    let mut story = story();
    story.exited(COUNTER, "killed");
    story.child(3, SUP, "counter").registered(3, "counter");
    story.rested().alive(SUP, 0).alive(3, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 3 });
}

#[test]
fn e03_a_name_that_another_took_last_is_a_violation() {
    let mut story = story();
    story.child(3, SUP, "counter").registered(3, "counter");
    story.rested().alive(SUP, 0).alive(3, 0);
    story.alive_as(COUNTER, Some("counter"));
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) is registered as counter at rest, and counter (process 3) took that \
         last"
    );
    assert_eq!(violation.evidence, [6, 10]);
}

#[test]
fn e03_a_name_that_nobody_has_taken_is_a_violation() {
    let mut story = story();
    story.rested().alive(SUP, 0).alive_as(COUNTER, Some("till"));
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) is registered as till at rest, a name that nobody has taken, or \
         that was given up"
    );
    assert_eq!(violation.evidence, [7]);
}

#[test]
fn e03_a_name_that_was_given_up_and_is_still_held_is_a_violation() {
    let mut story = story();
    story.unregistered(COUNTER, "counter");
    story.rested().alive_as(COUNTER, Some("counter"));
    let message = violation(&story).message;
    assert!(message.ends_with("or that was given up"), "{message}");
}

#[test]
fn e03_who_took_a_name_and_has_it_no_more_is_a_violation() {
    let mut story = story();
    story.rested().alive(SUP, 0).alive_as(COUNTER, None);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) took the name counter, and has it no more at rest"
    );
    assert_eq!(violation.evidence, [4, 7]);
}
