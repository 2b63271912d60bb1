use super::BoundedPause;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement};
use crate::scenario::{Patience, Scenario};

const SUP: u32 = 1;
const SERVER: u32 = 2;

fn judge(story: &Story) -> Judgement {
    let mut scenario = Scenario::new("test", "");
    scenario.patience = Patience {
        system: 100,
        ..Patience::default()
    };
    BoundedPause.judge(&scenario, story.history())
}

/// A server that is suspended by the op that has begun, at 1000 ms.
fn story() -> Story {
    let mut story = Story::new();
    story.spawned(SUP).child(SERVER, SUP, "counter");
    story.registered(SERVER, "counter").clock(1000);
    story.op_begins(0).suspended(SERVER);
    story
}

#[test]
fn b05_a_pause_within_what_an_upgrade_can_wait_holds() {
    let mut story = story();
    story.clock(1500).resumed(SERVER).op_ends("ok").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn b05_a_longer_pause_is_a_violation() {
    let mut story = story();
    let suspended = story.last();
    story.clock(1501).resumed(SERVER);
    match judge(&story) {
        Judgement::Violated(violation) => {
            assert_eq!(
                violation.message,
                "counter (process 2) was suspended for 501 ms, and 500 ms are the most that an \
                 upgrade can have waited"
            );
            assert_eq!(violation.evidence, [suspended, story.last()]);
        }
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn c08_each_other_process_may_have_been_waited_for() {
    let mut story = story();
    story.spawned(3).clock(1700).resumed(SERVER).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn b04_who_is_resumed_by_another_op_is_suspended_by_hand() {
    let mut story = story();
    story.op_ends("ok").clock(9999).op_begins(1);
    story.resumed(SERVER).op_ends("ok").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
