use super::TwoVersions;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

fn judge(story: &Story) -> Judgement {
    TwoVersions.judge(&Scenario::new("test", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn a01_a_load_after_each_purge_holds_and_the_first_one_does_not_count() {
    let mut story = Story::new();
    story.loaded("counter", "1").loaded("counter", "2");
    story.purged("counter", "1", 0).loaded("counter", "3");
    story.loaded("ledger", "1").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 3 });
}

#[test]
fn a01_a_third_version_is_a_violation() {
    let mut story = Story::new();
    story.loaded("counter", "1").loaded("ledger", "1");
    story.loaded("counter", "2").loaded("counter", "3");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter 3 was loaded while counter 1 was still old code: a third version"
    );
    assert_eq!(violation.at, 3);
    assert_eq!(violation.evidence, [0, 2, 3]);
}

#[test]
fn a11_the_same_version_loaded_again_is_a_second_one() {
    let mut story = Story::new();
    story.loaded("counter", "1").loaded("counter", "1");
    story.loaded("counter", "1");
    assert_eq!(violation(&story).at, 2);
}

#[test]
fn a03_what_is_deleted_is_old_then() {
    let mut story = Story::new();
    story.loaded("counter", "1").deleted("counter", "1");
    story.loaded("counter", "2").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
    let mut story = Story::new();
    story.loaded("counter", "1").loaded("counter", "2");
    story.deleted("counter", "2");
    assert_eq!(
        violation(&story).message,
        "counter 2 was deleted while counter 1 was still old code"
    );
}

#[test]
fn a03_only_what_is_current_can_be_deleted() {
    let mut story = Story::new();
    story.loaded("counter", "1").deleted("counter", "2");
    assert_eq!(
        violation(&story).message,
        "counter 2 was deleted, and was not current"
    );
}

#[test]
fn a04_only_what_is_old_can_be_purged() {
    let mut story = Story::new();
    story.loaded("counter", "1").purged("counter", "1", 0);
    assert_eq!(
        violation(&story).message,
        "counter 1 was purged, and was not old"
    );
}

#[test]
fn c12_a_node_that_restarts_has_no_old_code() {
    let mut story = Story::new();
    story.loaded("counter", "1").loaded("counter", "2");
    story.restarted().loaded("counter", "1");
    story.loaded("counter", "2").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = Story::new();
    story.loaded("counter", "1").abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
