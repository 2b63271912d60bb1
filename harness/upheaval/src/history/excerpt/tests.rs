use crate::history::Carrier::{Call, Cast};
use crate::history::Moved::Module;
use crate::history::story::Story;

/// A counter, a ledger and a client that talks to both.
fn story() -> Story {
    let mut story = Story::new();
    story.spawned(1).registered(1, "counter").spawned(2);
    story.registered(2, "ledger").spawned(3);
    story
}

#[test]
fn of_others_than_those_involved_nothing_is_shown() {
    let mut story = story();
    story.op_begins(0).sent(Cast, 7, 3, 1, "{add,5}");
    for message in 10..20 {
        story
            .sent(Cast, message, 3, 2, "deposit")
            .received(message, 2);
    }
    story.received(7, 1);
    let at = story.last();
    story
        .op_ends("ok")
        .received(9, 2)
        .exited(1, "oops")
        .rested();
    let expected = "    0  process<1> spawned
    1  process<1> registered as counter
  …
    5  op 1 begins
    6  process<3> cast to counter<1>: #7 {add,5}
  …
>  27  counter<1> received #7 {add,5}
   28  op 1 ends: ok
  …
   30  counter<1> exited oops
  …
";
    assert_eq!(story.history().excerpt(at, &[at]), expected);
}

#[test]
fn what_is_evidence_is_shown_however_long_ago() {
    let mut story = story();
    for ms in 1..100 {
        story.clock(ms);
    }
    story.exited(1, "oops");
    let at = story.last();
    let text = story.history().excerpt(at, &[3, at]);
    assert!(text.contains("process<2> registered as ledger"), "{text}");
}

#[test]
fn whoever_asked_is_involved_in_what_is_answered() {
    let mut story = story();
    story.sent(Call, 1, 3, 1, "get").got_reply(1, "5");
    let at = story.last();
    let text = story.history().excerpt(at, &[at]);
    assert!(text.contains("called counter<1>: #1 get"), "{text}");
}

#[test]
fn what_is_loaded_is_shown_whoever_is_involved() {
    let mut story = story();
    story.loaded("counter", "2").clock(1).exited(1, "oops");
    let at = story.last();
    let text = story.history().excerpt(at, &[at]);
    assert!(text.contains("loaded counter 2"), "{text}");
    assert!(!text.contains("clock"), "{text}");
}

#[test]
fn what_shows_after_an_op_has_begun_shows_within_it() {
    let mut story = story();
    story.op_begins(0).clock(1).op_ends("ok").clock(2);
    let after = story.last();
    story.op_begins(1).exited(1, "oops").rested().alive(2, 0);
    let history = story.history();
    assert_eq!(history.op_of(4), None);
    assert_eq!(history.op_of(after), Some(0));
    assert_eq!(history.op_of(after + 2), Some(1));
    assert_eq!(history.op_of(after + 3), None);
    assert_eq!(history.op_of(after + 4), None);
}

#[test]
fn nothing_is_left_out_where_everything_matters() {
    let mut story = Story::new();
    story.spawned(1).exited(1, "oops");
    let text = story.history().excerpt(1, &[0]);
    assert_eq!(
        text,
        "    0  process<1> spawned\n>   1  process<1> exited oops\n"
    );
}

#[test]
fn what_the_op_is_is_shown_with_its_beginning() {
    let mut story = story();
    story.op_begins(0).fault(2).upgrades(Module, "counter", "2");
    story.clock(1).exited(1, "oops");
    let at = story.last();
    let text = story.history().excerpt(at, &[at]);
    assert!(text.contains("a fault at ledger<2>"), "{text}");
    assert!(text.contains("module counter is moved to 2"), "{text}");
    assert!(!text.contains("clock"), "{text}");
}
