mod names;
mod twice;

use super::NoLeaks;
use crate::history::Carrier::Cast;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

const SUP: u32 = 1;
const COUNTER: u32 = 2;

/// A supervisor and its child.
fn story() -> Story {
    let mut story = Story::new();
    story.spawned(SUP).registered(SUP, "sup");
    story
        .supervises(SUP, "{ok,{#{},[]}}")
        .child(COUNTER, SUP, "counter")
        .registered(COUNTER, "counter");
    story
}

fn judge(story: &Story) -> Judgement {
    NoLeaks.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn d01_a_child_that_is_alive_with_its_supervisor_holds() {
    let mut story = story();
    story.rested().alive(SUP, 0).alive(COUNTER, 0);
    // The child, and two names.
    assert_eq!(judge(&story), Judgement::Held { checked: 3 });
}

#[test]
fn d01_a_child_that_outlives_its_supervisor_is_a_violation() {
    let mut story = story();
    story.exited(SUP, "shutdown").rested().alive(COUNTER, 0);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) is alive at rest, and its supervisor sup (process 1) has ended"
    );
    assert_eq!(violation.evidence, [3, 5, 7]);
}

#[test]
fn a_child_that_has_yet_to_hear_of_it_may_be_alive() {
    let mut story = story();
    story.exited(SUP, "killed").rested().alive(COUNTER, 1);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn what_a_process_starts_that_is_no_supervisor_may_outlive_it() {
    let mut story = story();
    story.child(3, COUNTER, "worker").exited(COUNTER, "normal");
    story.rested().alive(SUP, 0).alive(3, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn e03_one_that_has_exited_and_does_something_is_a_violation() {
    type Deed = fn(&mut Story);
    let deeds: [(&str, Deed); 6] = [
        ("receives a message", |story| {
            story.sent(Cast, 1, SUP, COUNTER, "a").received(1, COUNTER);
        }),
        ("takes a name", |story| {
            story.registered(COUNTER, "again");
        }),
        ("enters code", |story| {
            story.entered(COUNTER, "counter", "2");
        }),
        ("starts a process", |story| {
            story.child(3, COUNTER, "worker");
        }),
        ("answers a system message", |story| {
            story.suspended(COUNTER);
        }),
        ("is there at rest", |story| {
            story.rested().alive(COUNTER, 0);
        }),
    ];
    for (what, deed) in deeds {
        let mut story = story();
        story.exited(COUNTER, "killed");
        deed(&mut story);
        assert_eq!(
            violation(&story).message,
            format!("counter (process 2) has exited, and {what}")
        );
    }
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
