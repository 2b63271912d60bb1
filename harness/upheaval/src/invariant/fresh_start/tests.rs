use upheaval_term::Term;

use super::FreshStart;
use crate::history::Carrier::{Call, Cast};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{Module, Process, Scenario, Spec, StateModel, Switch};

const CLIENT: u32 = 1;
const COUNTER: u32 = 2;

/// Counts what it is told to.
struct Counts;

impl Spec for Counts {
    type State = i64;

    fn init(&self, args: &Term) -> Option<i64> {
        args.as_int()
    }

    fn apply(&self, count: &mut i64, request: &Term) -> Option<Term> {
        *count += request.as_int()?;
        Some(Term::Int(*count))
    }

    fn meaning(&self, held: &[(Option<&Term>, i64)]) -> Option<Term> {
        let count = held.first().map_or(0, |(_, count)| *count);
        Some(Term::Int(count))
    }
}

fn scenario() -> Scenario {
    let model = StateModel::new(|vsn, state| {
        let field = if vsn == "1" { "count" } else { "total" };
        state.get(field).cloned().ok_or("no such field".into())
    });
    let counter = Module::new("counter", Switch::CodeChange);
    Scenario::new("test", "")
        .module(counter.model(model).spec(Counts))
        .process(Process::new("counter", "counter", Term::Int(0)))
}

/// A counter that has counted to 2.
fn story() -> Story {
    let mut story = Story::new();
    story.spawned(CLIENT).child(COUNTER, CLIENT, "counter");
    story
        .registered(COUNTER, "counter")
        .entered(COUNTER, "counter", "1");
    told(&mut story, 1, "2");
    story
}

fn told(story: &mut Story, message: u32, more: &str) {
    story.sent(Cast, message, CLIENT, COUNTER, more);
    story.received(message, COUNTER);
}

fn upgraded(story: &mut Story) {
    let path = ["counter", "1", "2"];
    story.code_changed(COUNTER, path, "#{count => 2}", Some("#{total => 2}"));
}

fn at_rest(story: &mut Story, state: &str) {
    story.rested().alive_in(COUNTER, "counter", "2", state);
}

fn judge(story: &Story) -> Judgement {
    FreshStart.judge(&scenario(), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn b06_one_that_was_upgraded_and_holds_all_that_it_was_told_holds() {
    let mut story = story();
    upgraded(&mut story);
    told(&mut story, 2, "3");
    at_rest(&mut story, "#{total => 5}");
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn b06_one_that_holds_less_after_its_upgrade_is_a_violation() {
    let mut story = story();
    upgraded(&mut story);
    let change = story.last();
    told(&mut story, 2, "3");
    at_rest(&mut story, "#{total => 3}");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) was upgraded, and holds #{total => 3} (meaning 3); one that had run \
         version 2 from the start, and been asked the same, would hold what means 5"
    );
    assert_eq!(violation.evidence, [change, story.last()]);
}

#[test]
fn b10_a_call_that_timed_out_and_was_received_took_effect_once() {
    for (state, is_right) in [("#{total => 5}", true), ("#{total => 8}", false)] {
        let mut story = story();
        story.sent(Call, 2, CLIENT, COUNTER, "3").timed_out(2);
        upgraded(&mut story);
        story.received(2, COUNTER);
        at_rest(&mut story, state);
        assert_eq!(
            matches!(judge(&story), Judgement::Held { checked: 1 }),
            is_right
        );
    }
}

#[test]
fn a07_one_that_picked_new_code_up_is_judged_too() {
    let mut story = story();
    story.entered(COUNTER, "counter", "2");
    at_rest(&mut story, "#{total => 0}");
    violation(&story);
}

#[test]
fn one_that_was_not_upgraded_is_not_judged() {
    let mut story = story();
    at_rest(&mut story, "#{total => 0}");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn one_for_whose_state_the_plan_answers_is_not_judged() {
    let mut story = story();
    upgraded(&mut story);
    story.interfered(COUNTER);
    at_rest(&mut story, "#{total => 0}");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn one_that_answers_out_of_order_is_judged_by_its_answers_only() {
    let mut story = story();
    upgraded(&mut story);
    story
        .sent(Call, 2, CLIENT, COUNTER, "3")
        .received(2, COUNTER);
    story.got_reply(2, "99");
    at_rest(&mut story, "#{total => 99}");
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    upgraded(&mut story);
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
