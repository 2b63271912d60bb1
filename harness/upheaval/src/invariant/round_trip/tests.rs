use super::RoundTrip;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{Module, Scenario, Source, StateModel, Switch};

const COUNTER: u32 = 1;

fn judge_by(model: StateModel, story: &Story) -> Judgement {
    let nowhere = || Source::File("nowhere.so".into());
    let counter = ["1", "2", "3"]
        .iter()
        .fold(Module::new("counter", Switch::CodeChange), |module, vsn| {
            module.version(*vsn, nowhere())
        });
    let scenario = Scenario::new("test", "").module(counter.model(model));
    RoundTrip.judge(&scenario, story.history())
}

fn model() -> StateModel {
    StateModel::new(|_, state| Ok(state.clone()))
}

fn judge(story: &Story) -> Judgement {
    judge_by(model().reversible(), story)
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

fn goes(story: &mut Story, [from, to]: [&str; 2], before: &str, after: &str) {
    story.code_changed(COUNTER, ["counter", from, to], before, Some(after));
}

fn story() -> Story {
    let mut story = Story::new();
    story.spawned(COUNTER).registered(COUNTER, "counter");
    story
}

#[test]
fn b16_up_and_down_again_gives_back_the_state() {
    let mut story = story();
    goes(&mut story, ["1", "2"], "{count,5}", "{total,5}");
    goes(&mut story, ["2", "1"], "{total,5}", "{count,5}");
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn b16_a_downgrade_that_gives_another_state_is_a_violation() {
    let mut story = story();
    goes(&mut story, ["1", "2"], "{count,5}", "{total,5}");
    let up = story.last();
    goes(&mut story, ["2", "1"], "{total,5}", "{count,0}");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 1): an upgrade from counter 1 to 2 made {total,5} of {count,5}, and the \
         downgrade {count,0} of that"
    );
    assert_eq!(violation.evidence, [up, up + 1]);
}

#[test]
fn several_upgrades_are_taken_back_one_after_the_other() {
    for (last, is_right) in [("a", true), ("b", false)] {
        let mut story = story();
        goes(&mut story, ["1", "2"], "a", "b");
        goes(&mut story, ["2", "3"], "b", "c");
        goes(&mut story, ["3", "2"], "c", "b");
        goes(&mut story, ["2", "1"], "b", last);
        story.rested();
        let judged = judge(&story);
        assert_eq!(judged == Judgement::Held { checked: 2 }, is_right);
    }
}

#[test]
fn what_an_upgrade_of_one_process_made_the_downgrade_of_another_turns_back() {
    let mut story = story();
    goes(&mut story, ["1", "2"], "{count,5}", "{total,5}");
    story.code_changed(2, ["counter", "2", "1"], "{total,5}", Some("{count,6}"));
    violation(&story);
}

#[test]
fn a_state_that_has_changed_in_between_is_not_judged() {
    let mut story = story();
    goes(&mut story, ["1", "2"], "{count,5}", "{total,5}");
    goes(&mut story, ["2", "1"], "{total,6}", "{count,0}");
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn down_and_up_again_may_lose_something() {
    let mut story = story();
    goes(&mut story, ["2", "1"], "{total,5,1}", "{count,5}");
    goes(&mut story, ["1", "2"], "{count,5}", "{total,5,0}");
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_downgrade_to_another_version_takes_nothing_back() {
    let mut story = story();
    goes(&mut story, ["1", "2"], "a", "b");
    goes(&mut story, ["2", "3"], "b", "c");
    goes(&mut story, ["3", "1"], "c", "x");
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_model_that_does_not_say_that_upgrades_can_be_taken_back_judges_nothing() {
    let mut story = story();
    goes(&mut story, ["1", "2"], "{count,5}", "{total,5}");
    goes(&mut story, ["2", "1"], "{total,5}", "{count,0}");
    story.rested();
    let judged = judge_by(model(), &story);
    assert_eq!(judged, Judgement::Held { checked: 0 });
}

#[test]
fn where_the_plan_answers_for_a_state_nothing_is_judged() {
    let mut story = story();
    goes(&mut story, ["1", "2"], "{count,5}", "{total,5}");
    story.interfered(COUNTER);
    goes(&mut story, ["2", "1"], "{total,5}", "{count,0}");
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
