use super::NoLostMessages;
use crate::history::Carrier::{Ask, Call, Cast};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

const CLIENT: u32 = 1;
const SERVER: u32 = 2;

/// A client and a server named counter.
fn story() -> Story {
    let mut story = Story::new();
    story
        .spawned(CLIENT)
        .spawned(SERVER)
        .registered(SERVER, "counter");
    story
}

/// Both are alive at rest, and their mailboxes empty.
fn at_rest(story: &mut Story) {
    story.rested().alive(CLIENT, 0).alive(SERVER, 0);
}

fn judge(story: &Story) -> Judgement {
    NoLostMessages.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn a_call_that_is_received_and_answered_holds_and_counts_twice() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .received(1, SERVER);
    story.replied(1).got_reply(1, "5");
    at_rest(&mut story);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a_message_that_a_survivor_never_received_is_lost() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, SERVER, "{add,5}");
    let sent = story.last();
    story.suspended(SERVER).suspended(CLIENT).resumed(SERVER);
    at_rest(&mut story);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) survives but never received cast #1 {add,5}"
    );
    assert_eq!(violation.at, story.last());
    assert_eq!(violation.evidence, [sent, sent + 1, sent + 3, story.last()]);
}

#[test]
fn a_message_that_lies_in_the_mailbox_is_not_lost() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, SERVER, "{add,5}");
    story.rested().alive(SERVER, 1);
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn a_mailbox_does_not_excuse_more_messages_than_it_holds() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, SERVER, "{add,5}");
    story.sent(Cast, 2, CLIENT, SERVER, "{add,6}");
    story.rested().alive(SERVER, 1);
    assert_eq!(
        violation(&story).message,
        "counter (process 2) survives but never received 2 messages, and its mailbox holds 1; \
         the first of them is cast #1 {add,5}"
    );
}

#[test]
fn what_was_sent_to_a_process_that_exits_may_be_lost() {
    let mut story = story();
    story
        .sent(Cast, 1, CLIENT, SERVER, "{add,5}")
        .exited(SERVER, "killed");
    story.rested().alive(CLIENT, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_nobody_was_there_to_take_is_not_lost() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, None, "{add,5}");
    at_rest(&mut story);
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_message_that_another_process_receives_is_a_violation() {
    let mut story = story();
    story
        .sent(Cast, 1, CLIENT, SERVER, "{add,5}")
        .received(1, CLIENT);
    assert_eq!(
        violation(&story).message,
        "process 1 received cast #1 {add,5}, which went to counter (process 2)"
    );
}

#[test]
fn a_message_that_went_to_nobody_and_is_received_is_a_violation() {
    let mut story = story();
    story
        .sent(Cast, 1, CLIENT, None, "{add,5}")
        .received(1, SERVER);
    assert_eq!(
        violation(&story).message,
        "counter (process 2) received cast #1 {add,5}, which went to nobody"
    );
}

#[test]
fn a_message_that_nobody_sent_and_is_received_is_a_violation() {
    let mut story = story();
    story.received(7, SERVER);
    assert_eq!(
        violation(&story).message,
        "counter (process 2) received message #7, which nobody sent"
    );
}

#[test]
fn a_message_received_twice_does_not_stand_in_for_a_lost_one() {
    let mut story = story();
    story
        .sent(Cast, 1, CLIENT, SERVER, "a")
        .sent(Cast, 2, CLIENT, SERVER, "b");
    story.received(1, SERVER).received(1, SERVER);
    at_rest(&mut story);
    assert!(
        violation(&story)
            .message
            .ends_with("never received cast #2 b")
    );
}

#[test]
fn a_call_that_never_ends_is_a_violation() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .exited(SERVER, "killed");
    story.rested().alive(CLIENT, 0);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "call #1 get of process 1 never ended, in no reply, exit or timeout"
    );
    assert_eq!(violation.at, story.last() - 1);
}

#[test]
fn a_call_of_a_caller_that_exits_need_not_end() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .received(1, SERVER)
        .replied(1);
    story.exited(CLIENT, "killed").rested().alive(SERVER, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a_call_that_ends_twice_is_a_violation_even_without_rest() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .received(1, SERVER);
    story.replied(1).got_reply(1, "5").timed_out(1);
    let violation = violation(&story);
    assert_eq!(violation.message, "call #1 get of process 1 ended twice");
    assert_eq!(violation.at, story.last());
}

#[test]
fn a_call_that_ends_in_the_exit_of_its_server_holds() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .received(1, SERVER);
    story.exited(SERVER, "boom").got_exit(1, "boom");
    story.rested().alive(CLIENT, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn a_call_that_times_out_and_is_answered_too_late_holds() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, SERVER, "get").timed_out(1);
    story.received(1, SERVER).replied(1);
    at_rest(&mut story);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a_call_that_times_out_in_the_mailbox_holds() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, SERVER, "get").timed_out(1);
    story.rested().alive(SERVER, 1);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a_call_that_a_survivor_received_and_never_answered_is_a_violation() {
    let mut story = story();
    story
        .sent(Ask, 1, CLIENT, SERVER, "get")
        .received(1, SERVER)
        .clock(5000)
        .timed_out(1);
    let timeout = story.last();
    at_rest(&mut story);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) received question #1 get and never answered it"
    );
    assert_eq!(violation.at, timeout);
    assert_eq!(violation.evidence, [timeout - 3, timeout - 2, timeout]);
}

#[test]
fn a_call_that_may_still_be_answered_by_a_timer_holds() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .received(1, SERVER)
        .clock(100)
        .timed_out(1);
    at_rest(&mut story);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a_call_of_a_caller_that_exits_need_not_be_answered() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .received(1, SERVER)
        .exited(CLIENT, "killed")
        .clock(60_000)
        .rested()
        .alive(SERVER, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a_history_without_rest_is_inconclusive() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, SERVER, "{add,5}");
    let reason = "the run never came to rest".into();
    assert_eq!(judge(&story), Judgement::Inconclusive { reason });
}

#[test]
fn an_abandoned_history_is_inconclusive() {
    let mut story = story();
    story
        .sent(Cast, 1, CLIENT, SERVER, "{add,5}")
        .abandoned("too_long");
    let reason = "the run was abandoned: too_long".into();
    assert_eq!(judge(&story), Judgement::Inconclusive { reason });
}

#[test]
fn a_receiver_that_is_not_accounted_for_at_rest_is_inconclusive() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, SERVER, "{add,5}").rested();
    let reason = "counter (process 2) neither exited nor is there at rest".into();
    assert_eq!(judge(&story), Judgement::Inconclusive { reason });
}

#[test]
fn an_event_that_is_postponed_at_rest_is_not_lost() {
    let mut story = story();
    story
        .sent(Call, 1, CLIENT, SERVER, "get")
        .received(1, SERVER);
    story.postponed(1, SERVER).timed_out(1).rested();
    story.alive(CLIENT, 0).alive(SERVER, 1);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn an_event_that_was_postponed_and_is_gone_is_lost() {
    let mut story = story();
    story
        .sent(Cast, 1, CLIENT, SERVER, "go")
        .received(1, SERVER);
    story.postponed(1, SERVER);
    at_rest(&mut story);
    assert_eq!(
        violation(&story).message,
        "counter (process 2) survives but never received cast #1 go"
    );
}

#[test]
fn an_event_that_was_postponed_and_came_again_is_received_once() {
    let mut story = story();
    story
        .sent(Cast, 1, CLIENT, SERVER, "go")
        .received(1, SERVER);
    story.postponed(1, SERVER).received(1, SERVER);
    at_rest(&mut story);
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn c12_what_was_on_its_way_is_lost_with_the_node() {
    let mut story = story();
    story.sent(Call, 1, CLIENT, SERVER, "get").restarted();
    story.exited(CLIENT, "killed").exited(SERVER, "killed");
    story.spawned(3).rested().alive(3, 0);
    assert!(matches!(judge(&story), Judgement::Held { .. }));
}
