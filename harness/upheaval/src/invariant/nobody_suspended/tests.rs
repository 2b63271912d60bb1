use super::NobodySuspended;
use crate::history::Moved;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

const SUP: u32 = 1;
const SERVER: u32 = 2;

/// A server, and an upgrade that has begun.
fn story() -> Story {
    let mut story = Story::new();
    story.loaded("counter", "1").spawned(SUP);
    story
        .child(SERVER, SUP, "counter")
        .registered(SERVER, "counter")
        .op_begins(0)
        .upgrades(Moved::Module, "counter", "2");
    story
}

fn judge(story: &Story) -> Judgement {
    NobodySuspended.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

fn converts(story: &mut Story) {
    story.suspended(SERVER).loaded("counter", "2");
    story.code_changed(SERVER, ["counter", "1", "2"], "a", Some("b"));
}

#[test]
fn c02_who_is_suspended_converted_and_resumed_holds() {
    let mut story = story();
    converts(&mut story);
    story.resumed(SERVER).op_ends("ok").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn c02_who_is_converted_and_not_resumed_is_a_violation() {
    let mut story = story();
    converts(&mut story);
    story.op_ends("ok");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) is still suspended by an upgrade that is over, and gave ok"
    );
    assert_eq!(violation.evidence, [6, 9]);
}

#[test]
fn c02_who_is_suspended_for_a_load_and_not_resumed_is_a_violation() {
    let mut story = story();
    story.suspended(SERVER).loaded("counter", "2").op_ends("ok");
    violation(&story);
}

#[test]
fn c02_a_supervisor_that_is_converted_and_not_resumed_is_a_violation() {
    let mut story = story();
    story.suspended(SUP);
    story.code_changed(SUP, ["office", "1", "2"], "a", None);
    story.op_ends("{error,{bad,init}}");
    violation(&story);
}

#[test]
fn b04_who_is_suspended_by_hand_may_stay_so_until_the_end() {
    let mut story = story();
    story.suspended(SERVER).op_ends("ok");
    story.resumed(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a03_code_that_is_loaded_because_it_is_called_is_no_upgrade() {
    let mut story = Story::new();
    story.loaded("counter", "1").deleted("counter", "1");
    story.child(SERVER, SUP, "counter").op_begins(0);
    story.upgrades(Moved::Application, "shop", "2");
    story.suspended(SERVER).loaded("counter", "2").op_ends("ok");
    story.resumed(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn c08_who_did_not_answer_in_time_is_left_out() {
    let mut story = story();
    story.clock(5000).suspended(SERVER).loaded("counter", "2");
    story.op_ends("ok").resumed(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

/// Nobody waited for it, or not for long enough.
#[test]
fn b05_a_suspension_that_takes_effect_in_an_op_that_is_no_upgrade_is_not_the_ops() {
    let mut story = Story::new();
    story.loaded("counter", "1");
    story.child(SERVER, SUP, "counter").op_begins(0);
    converts(&mut story);
    story.op_ends("ok").resumed(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn b05_a_suspension_that_the_plan_has_asked_for_before_is_not_the_upgrades() {
    let mut story = Story::new();
    story.loaded("counter", "1");
    story.child(SERVER, SUP, "counter").op_begins(0);
    story.fault(Some(SERVER)).op_ends("{error,timeout}");
    story
        .op_begins(1)
        .upgrades(Moved::Release, "shop", "2")
        .suspended(SERVER)
        .loaded("counter", "2")
        .op_ends("ok");
    story.resumed(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn c02_a_suspension_by_hand_that_was_answered_excuses_no_upgrade() {
    let mut story = Story::new();
    story.loaded("counter", "1");
    story.child(SERVER, SUP, "counter").op_begins(0);
    story.fault(Some(SERVER)).suspended(SERVER).op_ends("ok");
    story.op_begins(1).resumed(SERVER).op_ends("ok");
    story.op_begins(2).upgrades(Moved::Module, "counter", "2");
    converts(&mut story);
    story.op_ends("ok");
    violation(&story);
}

#[test]
fn c13_an_upgrade_of_one_application_that_fails_leaves_processes_suspended() {
    let mut story = story();
    converts(&mut story);
    story.op_ends("{'EXIT',code_change_failed}");
    story.resumed(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn c09_who_dies_meanwhile_need_not_be_resumed() {
    let mut story = story();
    converts(&mut story);
    story.exited(SERVER, "killed").op_ends("ok").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn c12_a_node_that_restarts_resumes_nobody() {
    let mut story = story();
    converts(&mut story);
    story.restarted().op_ends("{error,r}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn b04_who_is_suspended_at_rest_is_a_violation() {
    let mut story = story();
    story.suspended(SERVER).op_ends("ok").rested();
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) is still suspended at rest"
    );
    assert_eq!(violation.evidence, [6, story.last()]);
}

#[test]
fn b05_a_suspension_that_takes_effect_after_the_last_op_is_not_judged() {
    let mut story = story();
    story.op_ends("{error,timeout}").suspended(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
