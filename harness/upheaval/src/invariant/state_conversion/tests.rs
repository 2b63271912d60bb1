use super::StateConversion;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{Module, Scenario, StateModel, Switch};

const UP: [&str; 3] = ["counter", "1", "2"];

/// A state of version 1 is `{count,N}`, one of version 2 `{total,N}`; both mean
/// their last element.
fn scenario() -> Scenario {
    let model = StateModel::new(|vsn, state| {
        let field = if vsn == "1" { "{count," } else { "{total," };
        let text = state.to_string();
        match text
            .strip_prefix(field)
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(meaning) => Ok(meaning.parse().expect("a term")),
            None => Err(format!("it does not start with {field}")),
        }
    });
    Scenario::new("test", "")
        .module(Module::new("counter", Switch::CodeChange).model(model))
        .module(Module::new("plain", Switch::Load))
}

fn story() -> Story {
    let mut story = Story::new();
    story
        .spawned(3)
        .registered(3, "counter")
        .entered(3, "counter", "1");
    story
}

fn judge(story: &Story) -> Judgement {
    StateConversion.judge(&scenario(), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn conversions_that_keep_the_meaning_hold_both_ways() {
    let mut story = story();
    story.code_changed(3, UP, "{count,5}", Some("{total,5}"));
    story.code_changed(3, ["counter", "2", "1"], "{total,6}", Some("{count,6}"));
    story.rested().alive_in(3, "counter", "1", "{count,6}");
    assert_eq!(judge(&story), Judgement::Held { checked: 3 });
}

#[test]
fn what_a_plan_does_to_a_state_by_hand_is_no_fault_of_the_module() {
    let mut story = story();
    story.interfered(3).suspended(3);
    story.code_changed(3, UP, "junk", None);
    story.code_changed(3, UP, "{total,5}", Some("{total,0}"));
    story.unreadable(3, UP, "junk");
    story.rested().alive_in(3, "counter", "2", "junk");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_state_that_was_touched_by_hand_excuses_no_other_process() {
    let mut story = story();
    story.spawned(4).registered(4, "other").interfered(4);
    story.code_changed(3, UP, "{count,5}", Some("{total,0}"));
    assert!(violation(&story).message.contains("(meaning 0)"));
}

#[test]
fn a_conversion_that_changes_the_meaning_is_a_violation() {
    let mut story = story();
    let entered = story.last();
    story.suspended(3).loaded("counter", "2");
    story.code_changed(3, UP, "{count,5}", Some("{total,0}"));
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 3): code_change from 1 to 2 turned {count,5} (meaning 5) into \
         {total,0} (meaning 0)"
    );
    assert_eq!(violation.at, story.last());
    assert_eq!(violation.evidence, [entered, entered + 2, entered + 3]);
}

#[test]
fn a_conversion_that_fails_is_a_violation() {
    let mut story = story();
    story.code_changed(3, UP, "{count,5}", None);
    assert_eq!(
        violation(&story).message,
        "counter (process 3): code_change from 1 to 2 failed to convert {count,5}; OTP keeps \
         that state and leaves the process suspended (B6)"
    );
}

#[test]
fn a_conversion_to_no_state_of_the_new_version_is_a_violation() {
    let mut story = story();
    story.code_changed(3, UP, "{count,5}", Some("{count,5}"));
    assert_eq!(
        violation(&story).message,
        "counter (process 3): code_change from 1 to 2 turned {count,5} (meaning 5) into \
         {count,5}, which is no state of 2: it does not start with {total,"
    );
}

#[test]
fn a_conversion_of_no_state_of_the_old_version_is_a_violation() {
    let mut story = story();
    story.code_changed(3, UP, "{total,5}", Some("{total,5}"));
    assert_eq!(
        violation(&story).message,
        "counter (process 3): code_change from 1 to 2 met {total,5}, which is no state of 1: \
         it does not start with {count,"
    );
}

#[test]
fn an_unreadable_state_is_a_violation_even_without_a_model() {
    let mut story = story();
    story.unreadable(3, ["plain", "1", "2"], "{count,5}");
    assert_eq!(
        violation(&story).message,
        "counter (process 3): version 2 met the state {count,5} of version 1 and cannot read \
         it: it was loaded where an update was needed"
    );
}

#[test]
fn a_state_at_rest_that_is_not_of_the_version_it_runs_is_a_violation() {
    let mut story = story();
    story.rested().alive_in(3, "counter", "2", "{count,5}");
    assert_eq!(
        violation(&story).message,
        "counter (process 3): at rest it runs version 2 with {count,5}, which is no state of \
         it: it does not start with {total,"
    );
}

#[test]
fn a_module_without_a_model_is_not_looked_at() {
    let mut story = story();
    story.code_changed(3, ["plain", "1", "2"], "{count,5}", None);
    story.rested().alive_in(3, "plain", "2", "{count,5}");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_process_without_a_state_to_ask_for_is_not_looked_at() {
    let mut story = story();
    story.rested().alive(3, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn an_abandoned_history_is_inconclusive() {
    let mut story = story();
    story
        .code_changed(3, UP, "{count,5}", Some("{total,5}"))
        .abandoned("too_long");
    let reason = "the run was abandoned: too_long".into();
    assert_eq!(judge(&story), Judgement::Inconclusive { reason });
}

#[test]
fn a_wrong_conversion_is_a_violation_even_in_an_abandoned_history() {
    let mut story = story();
    story
        .code_changed(3, UP, "{count,5}", None)
        .abandoned("too_long");
    violation(&story);
}

#[test]
fn what_a_misled_install_does_to_states_is_no_fault_of_the_module() {
    let mut story = story();
    story.op_begins(0).misled().loaded("counter", "2");
    story.code_changed(3, UP, "junk", None);
    story
        .spawned(4)
        .registered(4, "other")
        .entered(4, "counter", "1");
    story.code_changed(4, UP, "junk", None);
    story.op_ends("ok");
    story.rested().alive_in(3, "counter", "2", "junk");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_misled_install_that_loads_nothing_excuses_nobody() {
    let mut story = story();
    story.op_begins(0).misled().op_ends("no");
    story.code_changed(3, UP, "{count,5}", None);
    assert!(violation(&story).message.contains("failed to convert"));
}

#[test]
fn who_is_started_after_a_misled_install_or_by_a_restart_in_it_is_judged() {
    let mut restarted = story();
    restarted
        .op_begins(0)
        .misled()
        .loaded("counter", "2")
        .restarted();
    let mut ended = story();
    ended
        .op_begins(0)
        .misled()
        .loaded("counter", "2")
        .op_ends("ok");
    for mut story in [restarted, ended] {
        story
            .spawned(4)
            .registered(4, "counter")
            .entered(4, "counter", "1");
        story.code_changed(4, UP, "{count,5}", None);
        assert!(violation(&story).message.contains("failed to convert"));
    }
}

#[test]
fn c05_who_is_started_as_one_ends_whose_state_the_plan_answers_for_is_no_fault_either() {
    let mut story = story();
    story
        .interfered(3)
        .op_begins(0)
        .exited(3, "function_clause");
    story
        .spawned(4)
        .registered(4, "counter")
        .entered(4, "counter", "1")
        .loaded("counter", "2")
        .op_ends("ok");
    story.rested().alive_in(4, "counter", "2", "{count,0}");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn who_is_started_after_that_op_or_as_another_ends_is_judged() {
    let mut later = story();
    later
        .interfered(3)
        .op_begins(0)
        .exited(3, "function_clause")
        .op_ends("ok");
    let mut of_itself = story();
    of_itself.op_begins(0).exited(3, "function_clause");
    for mut story in [later, of_itself] {
        story
            .spawned(4)
            .registered(4, "counter")
            .entered(4, "counter", "1")
            .loaded("counter", "2");
        story.rested().alive_in(4, "counter", "2", "{count,0}");
        assert!(violation(&story).message.contains("at rest it runs"));
    }
}

#[test]
fn what_a_damaged_artifact_does_to_a_state_is_the_plans_and_no_other() {
    let mut story = story();
    story.child(5, 3, "counter").child(6, 3, "plain");
    story.op_begins(0).damaged("counter", "2");
    story.code_changed(5, UP, "junk", None).op_ends("ok");
    story.unreadable(5, UP, "junk").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
    story.op_begins(1).damaged("plain", "2");
    story.code_changed(3, UP, "{count,5}", Some("{total,0}"));
    assert!(violation(&story).message.contains("(meaning 0)"));
}
