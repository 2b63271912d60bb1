use super::{Tally, Verdict, judge_all};
use crate::history::History;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation, default_invariants};
use crate::scenario::Scenario;

fn held(checked: u64) -> Judgement {
    Judgement::Held { checked }
}

fn violated() -> Judgement {
    Judgement::Violated(Violation {
        message: "it broke".into(),
        at: 0,
        evidence: vec![0],
    })
}

fn inconclusive(reason: &str) -> Judgement {
    let reason = reason.into();
    Judgement::Inconclusive { reason }
}

/// The tally of one invariant over these cases.
fn tally(cases: impl IntoIterator<Item = Judgement>) -> Tally {
    let mut invariants = default_invariants();
    invariants.truncate(1);
    let mut tally = Tally::new(&invariants);
    for case in cases {
        tally.add(&[case]);
    }
    tally
}

fn verdict(cases: impl IntoIterator<Item = Judgement>) -> Verdict {
    tally(cases).rows()[0].verdict()
}

#[test]
fn a_violation_outweighs_everything() {
    let cases = [held(3), inconclusive("cut short"), violated(), held(1)];
    assert_eq!(verdict(cases), Verdict::Violated);
}

#[test]
fn an_inconclusive_case_is_never_read_as_held() {
    assert_eq!(
        verdict([held(3), inconclusive("cut short")]),
        Verdict::Inconclusive
    );
}

#[test]
fn an_invariant_without_an_occasion_saw_nothing() {
    assert_eq!(verdict([held(0), held(0)]), Verdict::SawNothing);
    assert_eq!(verdict([]), Verdict::SawNothing);
}

#[test]
fn one_occasion_in_one_case_is_enough_to_hold() {
    assert_eq!(verdict([held(0), held(1)]), Verdict::Held);
}

#[test]
fn a_row_counts_cases_and_occasions_and_keeps_the_first_reason() {
    let cases = [
        held(3),
        inconclusive("first"),
        violated(),
        inconclusive("second"),
        held(4),
    ];
    let tally = tally(cases);
    let row = &tally.rows()[0];
    assert_eq!(row.name, "no_lost_messages");
    assert_eq!((row.held, row.checked), (2, 7));
    assert_eq!((row.violated, row.inconclusive), (1, 2));
    assert_eq!(row.reason.as_deref(), Some("first"));
}

#[test]
fn verdicts_read_as_words() {
    let all = [
        Verdict::Held,
        Verdict::Violated,
        Verdict::Inconclusive,
        Verdict::SawNothing,
    ];
    let words = all.map(|verdict| verdict.to_string());
    assert_eq!(words, ["held", "violated", "inconclusive", "saw nothing"]);
}

#[test]
#[should_panic(expected = "a case is judged by every invariant of the tally")]
fn a_case_judged_by_fewer_invariants_is_refused() {
    Tally::new(&default_invariants()).add(&[held(1)]);
}

#[test]
fn every_invariant_judges_in_its_order() {
    let invariants: Vec<Box<dyn Invariant>> = default_invariants();
    let scenario = Scenario::new("test", "");
    let mut story = Story::new();
    story.spawned(1).rested().alive(1, 0);
    assert_eq!(
        judge_all(&invariants, &scenario, story.history()),
        vec![held(0); invariants.len()]
    );
    let unfinished = judge_all(&invariants, &scenario, &History::new());
    assert!(
        unfinished
            .iter()
            .all(|j| matches!(j, Judgement::Inconclusive { .. }))
    );
    assert_eq!(unfinished.len(), invariants.len());
}
