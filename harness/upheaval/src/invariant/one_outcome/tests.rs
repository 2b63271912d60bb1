use super::OneOutcome;
use crate::history::Carrier::{Ask, Call, Cast};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

const CLIENT: u32 = 1;
const SERVER: u32 = 2;

/// A client that has made a call, #1.
fn story() -> Story {
    let mut story = Story::new();
    story
        .spawned(CLIENT)
        .spawned(SERVER)
        .registered(SERVER, "counter")
        .sent(Call, 1, CLIENT, SERVER, "get");
    story
}

fn judge(story: &Story) -> Judgement {
    OneOutcome.judge(&Scenario::new("test", ""), story.history())
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

#[test]
fn e07_a_call_that_is_answered_holds() {
    let mut story = story();
    story.received(1, SERVER).replied(1).got_reply(1, "5");
    holds(&mut story, 1);
}

#[test]
fn e07_a_call_that_ends_twice_is_a_violation() {
    let mut story = story();
    story.received(1, SERVER).timed_out(1).replied(1);
    story.got_reply(1, "5");
    let violation = violation(&story);
    assert_eq!(violation.message, "call #1 get of process 1 ends twice");
    assert_eq!(violation.evidence, [3, 4, 5, 7]);
}

#[test]
fn e07_a_call_that_is_open_at_rest_is_a_violation() {
    let mut story = story();
    story.received(1, SERVER).rested();
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "call #1 get of process 1 is still open at rest"
    );
    assert_eq!(violation.at, story.last());
}

#[test]
fn the_call_of_one_that_exits_has_no_end() {
    let mut story = story();
    story.exited(CLIENT, "killed");
    holds(&mut story, 0);
}

#[test]
fn a_reply_that_nobody_made_is_a_violation() {
    let mut story = story();
    story.received(1, SERVER).got_reply(1, "5");
    assert_eq!(
        violation(&story).message,
        "call #1 get gets the reply 5, which nobody made"
    );
}

#[test]
fn what_awaits_no_answer_gets_none() {
    let mut story = story();
    story.sent(Cast, 2, CLIENT, SERVER, "reset");
    story.replied(2).got_reply(2, "ok");
    assert_eq!(
        violation(&story).message,
        "cast #2 reset gets an answer, and awaits none"
    );
}

#[test]
fn e07_an_exit_is_that_of_the_server() {
    let mut story = story();
    story.exited(SERVER, "killed").got_exit(1, "killed");
    story
        .sent(Ask, 2, CLIENT, SERVER, "b")
        .got_exit(2, "noproc");
    holds(&mut story, 2);
}

#[test]
fn e07_an_exit_of_a_server_that_is_alive_is_a_violation() {
    let mut story = story();
    story.got_exit(1, "killed");
    assert_eq!(
        violation(&story).message,
        "call #1 get ends in the exit killed, but counter (process 2) is alive"
    );
}

#[test]
fn e07_an_exit_for_another_reason_than_the_servers_is_a_violation() {
    let mut story = story();
    story.exited(SERVER, "shutdown").got_exit(1, "killed");
    assert_eq!(
        violation(&story).message,
        "call #1 get ends in the exit killed, but counter (process 2) exited shutdown"
    );
}

#[test]
fn what_nobody_was_there_to_take_may_end_in_anything() {
    let mut story = Story::new();
    story.spawned(CLIENT);
    story.sent(Call, 1, CLIENT, None, "a").got_exit(1, "noproc");
    story.sent(Call, 2, CLIENT, None, "a").got_reply(2, "ok");
    holds(&mut story, 2);
}

#[test]
fn b10_a_call_that_timed_out_may_be_received_later_or_never() {
    let mut story = story();
    story.suspended(SERVER).timed_out(1).resumed(SERVER);
    story.received(1, SERVER).replied(1);
    story.sent(Call, 2, CLIENT, SERVER, "get").timed_out(2);
    holds(&mut story, 2);
}

#[test]
fn b10_a_call_that_timed_out_and_is_received_twice_is_a_violation() {
    let mut story = story();
    story.received(1, SERVER).timed_out(1).received(1, SERVER);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "call #1 get has a second effect: it is received again"
    );
    assert_eq!(violation.evidence, [3, 4, 5, 6]);
}

#[test]
fn a_call_that_was_postponed_is_received_again() {
    let mut story = story();
    story.received(1, SERVER).postponed(1, SERVER);
    story.received(1, SERVER).replied(1).got_reply(1, "ok");
    holds(&mut story, 1);
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
