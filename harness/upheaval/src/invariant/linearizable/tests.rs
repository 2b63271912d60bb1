use upheaval_term::Term;

use super::Linearizable;
use crate::history::Carrier::{Call, Cast};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{Module, Process, Scenario, Spec, Switch};

const ANN: u32 = 1;
const BOB: u32 = 2;
const COUNTER: u32 = 3;

/// Counts, for each name on its own; and says nothing of what else it is asked.
struct Counts;

impl Spec for Counts {
    type State = i64;

    fn init(&self, args: &Term) -> Option<i64> {
        args.as_int()
    }

    fn key<'a>(&self, request: &'a Term) -> Option<&'a Term> {
        request.as_tuple()?.first()
    }

    fn apply(&self, count: &mut i64, request: &Term) -> Option<Term> {
        let [_, more] = request.as_tuple()? else {
            return None;
        };
        *count += more.as_int()?;
        Some(Term::Int(*count))
    }
}

fn scenario(args: Term) -> Scenario {
    Scenario::new("test", "")
        .module(Module::new("counter", Switch::CodeChange).spec(Counts))
        .process(Process::new("counter", "counter", args))
}

/// Two clients and a counter, which begins with 10.
fn story() -> Story {
    let mut story = Story::new();
    story
        .spawned(ANN)
        .spawned(BOB)
        .child(COUNTER, ANN, "counter");
    story.registered(COUNTER, "counter");
    story
}

fn judge(story: &Story) -> Judgement {
    Linearizable.judge(&scenario(Term::Int(10)), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

fn holds(story: &mut Story, checked: u64) {
    story.rested();
    assert_eq!(judge(story), Judgement::Held { checked });
}

fn call(story: &mut Story, message: u32, payload: &str, reply: &str) {
    story.sent(Call, message, ANN, COUNTER, payload);
    story.received(message, COUNTER).got_reply(message, reply);
}

#[test]
fn answers_that_follow_from_what_was_asked_hold_and_each_counts() {
    let mut story = story();
    call(&mut story, 1, "{a,1}", "11");
    call(&mut story, 2, "{b,5}", "15");
    call(&mut story, 3, "{a,1}", "12");
    holds(&mut story, 3);
}

#[test]
fn e05_an_answer_that_shows_that_an_upgrade_lost_something_is_a_violation() {
    let mut story = story();
    call(&mut story, 1, "{a,1}", "11");
    story.code_changed(COUNTER, ["counter", "1", "2"], "11", Some("10"));
    let change = story.last();
    call(&mut story, 2, "{a,0}", "10");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 3) answered call #2 {a,0} with 10, which no order of the requests to \
         it explains; as it received them, it should have been 11"
    );
    assert_eq!(violation.at, story.last());
    assert_eq!(violation.evidence[0], change);
}

#[test]
fn two_calls_at_the_same_time_may_take_effect_in_either_order() {
    let mut story = story();
    story.sent(Call, 1, ANN, COUNTER, "{a,1}");
    story.sent(Call, 2, BOB, COUNTER, "{a,2}");
    story.received(1, COUNTER).received(2, COUNTER);
    story.got_reply(1, "13").got_reply(2, "12");
    holds(&mut story, 2);
}

#[test]
fn a_call_takes_no_effect_after_its_answer() {
    let mut story = story();
    call(&mut story, 1, "{a,1}", "13");
    call(&mut story, 2, "{a,2}", "12");
    violation(&story);
}

#[test]
fn b10_a_call_that_timed_out_takes_effect_when_it_is_received() {
    let mut story = story();
    story.sent(Call, 1, ANN, COUNTER, "{a,1}").timed_out(1);
    call(&mut story, 2, "{a,0}", "10");
    story.received(1, COUNTER);
    call(&mut story, 3, "{a,0}", "11");
    holds(&mut story, 2);
}

#[test]
fn b10_a_call_that_timed_out_and_is_not_received_takes_none() {
    let mut story = story();
    story.sent(Call, 1, ANN, COUNTER, "{a,1}").timed_out(1);
    call(&mut story, 2, "{a,0}", "11");
    violation(&story);
}

#[test]
fn a_cast_takes_effect_before_the_next_message_does() {
    let mut story = story();
    story
        .sent(Cast, 1, ANN, COUNTER, "{a,1}")
        .received(1, COUNTER);
    call(&mut story, 2, "{a,0}", "10");
    violation(&story);
}

#[test]
fn e06_a_process_that_is_started_anew_begins_anew() {
    let mut story = story();
    call(&mut story, 1, "{a,1}", "11");
    story.exited(COUNTER, "killed").child(4, ANN, "counter");
    story.registered(4, "counter");
    story.sent(Call, 2, ANN, 4, "{a,1}").received(2, 4);
    story.got_reply(2, "11");
    holds(&mut story, 2);
}

#[test]
fn e07_a_call_that_ended_in_an_exit_is_no_answer() {
    let mut story = story();
    story.sent(Call, 1, ANN, COUNTER, "{a,1}");
    story.received(1, COUNTER).exited(COUNTER, "oops");
    story.got_exit(1, "oops");
    holds(&mut story, 0);
}

#[test]
fn from_where_the_plan_replaces_a_state_it_answers_for_it() {
    let mut story = story();
    call(&mut story, 1, "{a,1}", "11");
    story.interfered(COUNTER);
    call(&mut story, 2, "{a,1}", "99");
    holds(&mut story, 1);
}

#[test]
fn of_what_the_spec_says_nothing_nothing_is_judged() {
    let mut story = story();
    call(&mut story, 1, "{a,1}", "99");
    call(&mut story, 2, "crash", "0");
    // The first answer is wrong, whatever comes then.
    violation(&story);
    let mut story = self::story();
    call(&mut story, 1, "crash", "0");
    call(&mut story, 2, "{a,1}", "99");
    holds(&mut story, 0);
    let mut story = self::story();
    call(&mut story, 1, "{a,1}", "99");
    story.rested();
    let of_no_number = Linearizable.judge(&scenario(Term::atom("none")), story.history());
    assert_eq!(of_no_number, Judgement::Held { checked: 0 });
}

#[test]
fn what_takes_too_many_steps_is_inconclusive() {
    let mut story = story();
    // All of them may take effect before the first answer, which is wrong: any of them
    // could be why, and they are many.
    for message in 1..=40 {
        story.sent(Call, message, ANN, COUNTER, "{a,0}");
        story.received(message, COUNTER);
    }
    story.got_reply(40, "99");
    for message in 1..40 {
        story.got_reply(message, "10");
    }
    story.rested();
    assert_eq!(
        judge(&story),
        Judgement::Inconclusive {
            reason: "no order of the requests was found in 200000 steps".into()
        }
    );
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
