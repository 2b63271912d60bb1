use super::*;
use crate::plan::{Op, Schedule, Step};

/// A failure in a plan of three ops, which shows within that one.
fn failure(op: Option<u32>) -> Failure {
    let step = |ms| Step {
        op: Op::Advance { ms },
        steps: 2,
        seed: 0,
    };
    Failure {
        invariant: "no_crashes",
        statement: "nobody crashes (A6)",
        case_seed: 7,
        plan: Plan {
            scenario: "default".into(),
            seed: 7,
            schedule: Schedule::Pct { depth: 2, over: 9 },
            steps: vec![step(1), step(10), step(100)],
        },
        ops_before: 200,
        message: "counter crashed".into(),
        excerpt: "   1  op 2 begins\n".into(),
        op,
        minimal: true,
        repeated: (1, 1),
    }
}

#[test]
fn the_op_within_which_it_shows_is_marked() {
    let text = failure(Some(1)).to_string();
    let lines: Vec<&str> = text.lines().collect();
    let marked = lines.iter().position(|line| *line == MARK);
    let marked = marked.expect("a mark");
    assert!(lines[marked - 1].starts_with("2. advance 10"), "{text}");
    assert!(lines[marked + 1].starts_with("3. "), "{text}");
}

#[test]
fn what_shows_at_rest_is_marked_nowhere_and_says_so() {
    let text = failure(None).to_string();
    assert!(!text.contains(MARK), "{text}");
    assert!(text.contains("# it shows once all ops are done"), "{text}");
}

#[test]
fn what_has_no_history_is_not_said_to_show_anywhere() {
    let mut failure = failure(None);
    failure.excerpt.clear();
    let text = failure.to_string();
    assert!(!text.contains("it shows"), "{text}");
}

#[test]
fn the_plan_of_a_report_is_still_a_plan() {
    for op in [None, Some(0), Some(2)] {
        let failure = failure(op);
        let text = failure.to_string();
        let plan = text.split_once(":\n\n").expect("a plan").1;
        let plan = plan.split_once("\nwhat happened").expect("an excerpt").0;
        assert_eq!(plan.parse::<Plan>(), Ok(failure.plan), "{plan}");
    }
}

#[test]
fn a_report_says_what_must_hold_and_what_happened() {
    let text = failure(Some(1)).to_string();
    assert!(text.starts_with(
        "no_crashes is violated\n  must hold: nobody crashes (A6)\n  but: counter crashed\n"
    ));
    assert!(text.ends_with("what happened:\n\n   1  op 2 begins\n"));
}
