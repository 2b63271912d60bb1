use super::ShortPauses;
use crate::history::Moved::{Module, Release};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement};
use crate::scenario::Scenario;

const SUP: u32 = 1;
const CLERK: u32 = 2;

fn story() -> Story {
    let mut story = Story::new();
    story.loaded("clerk", "1").spawned(SUP);
    story
        .registered(SUP, "sup")
        .supervises(SUP, "{ok,{#{},[]}}");
    story.child(CLERK, SUP, "clerk").clock(1000).op_begins(0);
    story
}

fn judge(story: &Story) -> Judgement {
    ShortPauses.judge(&Scenario::new("shop", ""), story.history())
}

#[test]
fn c08_a_pause_for_two_that_do_not_answer_is_a_violation() {
    let mut story = story();
    story.upgrades(Release, "shop", "2");
    let begins = story.last();
    story.suspended(CLERK).clock(16_001).resumed(CLERK);
    let at = story.last();
    story.op_ends("{ok,\"1\",[]}").rested();
    match judge(&story) {
        Judgement::Violated(violation) => {
            assert!(
                violation
                    .message
                    .ends_with("suspended process 2 for 15001 ms"),
                "{}",
                violation.message
            );
            assert_eq!(violation.evidence, [begins, begins + 1, at]);
        }
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn c08_one_that_does_not_answer_may_be_waited_for() {
    let mut story = story();
    story.upgrades(Release, "shop", "2");
    story.suspended(CLERK).clock(16_000).resumed(CLERK);
    story.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn who_is_held_up_by_the_plan_may_take_long() {
    let mut story = story();
    story.fault(CLERK).suspended(CLERK).op_ends("ok");
    story.op_begins(1).upgrades(Release, "shop", "2");
    story.suspended(CLERK).clock(60_000).resumed(CLERK);
    story.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn an_upgrade_of_one_module_has_the_plans_own_patience() {
    let mut story = story();
    story.upgrades(Module, "clerk", "2");
    story.suspended(CLERK).clock(60_000).resumed(CLERK);
    story.op_ends("ok").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}
