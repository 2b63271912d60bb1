use std::num::NonZeroUsize;

use super::*;
use crate::benchmark::{EVERYWHERE, On};
use crate::history::Digest;
use crate::invariant::{Judgement, Violation};
use crate::plan::{Plan, case_seed};
use crate::run::{Breach, Care, Counts, Executor, Judged, Replayed};
use crate::scenario::Scenario;
use crate::target::TargetError;

/// What the cases of a scenario come to: of each of those seeds the case of that number
/// breaks the second claim, and the case before it cannot be judged.
#[derive(Clone, Copy)]
struct Scripted {
    broken: &'static [(u64, u64)],
    /// The seeds whose cases break it only once.
    once: &'static [u64],
}

impl Executor for Scripted {
    fn case(&mut self, seed: u64, _: bool) -> Result<Judged, TargetError> {
        let runner = Runner::new(Scenario::new("none", ""));
        let mut judgements = vec![Judgement::Held { checked: 1 }; runner.claims(true).len()];
        for (of, case) in self.broken {
            if seed == case_seed(*of, *case) {
                judgements[1] = Judgement::Violated(Violation {
                    message: "it is broken".into(),
                    at: 0,
                    evidence: Vec::new(),
                });
            } else if *case > 0 && seed == case_seed(*of, case - 1) {
                judgements[0] = Judgement::Inconclusive {
                    reason: "it took too long".into(),
                };
            }
        }
        Ok(Judged {
            cells: Vec::new(),
            case_seed: seed,
            counts: Counts::default(),
            digest: Digest::default(),
            judgements,
            death: None,
        })
    }

    fn breach(
        &mut self,
        claim: &'static str,
        plan: &Plan,
        _: Care,
    ) -> Result<Option<Breach>, TargetError> {
        let judged = self.case(plan.seed, false)?;
        let is_of = |(of, case): &&(u64, u64)| plan.seed == case_seed(*of, *case);
        let found = self.broken.iter().find(is_of);
        if found.is_some_and(|(of, _)| self.once.contains(of)) {
            return Ok(None);
        }
        let runner = Runner::new(Scenario::new("none", ""));
        let claims = runner.claims(true);
        let place = claims.iter().position(|known| known.name == claim);
        Ok(place.and_then(|place| judged.breach(claims[place], place)))
    }

    fn replay(&mut self, _: &Plan) -> Result<Replayed, TargetError> {
        unreachable!("nothing is replayed here")
    }

    fn is_deterministic(&self) -> bool {
        true
    }
}

fn scripted(broken: &'static [(u64, u64)]) -> Scripted {
    Scripted { broken, once: &[] }
}

struct Stage {
    bug: Scripted,
    twin: Scripted,
    waits: bool,
}

impl Ground for Stage {
    fn on(&self) -> On {
        On::Embedded
    }

    fn waits(&self) -> bool {
        self.waits
    }

    fn enter<T>(
        &self,
        runner: &Runner,
        body: impl FnOnce(&mut dyn Executor) -> Result<T, TargetError>,
    ) -> Result<T, BenchmarkError> {
        if runner.scenario().name == "unknown" {
            let unknown = TargetError::Attached {
                scenario: "unknown".into(),
            };
            return Err(BenchmarkError::of("unknown")(unknown));
        }
        let mut executor = match runner.scenario().name.starts_with("twin") {
            true => self.twin,
            false => self.bug,
        };
        body(&mut executor).map_err(BenchmarkError::of("none"))
    }
}

fn bug(name: &'static str, targets: &'static [On]) -> Bug {
    Bug {
        name,
        number: 1,
        threads: &["owner/repository#1"],
        scenario: Scenario::new("bug", ""),
        twin: Scenario::new("twin", ""),
        targets,
    }
}

const ONE_CASE: Budget = Budget {
    seeds: 1,
    cases: 1,
    twin_cases: 1,
};

fn twin_holds(bug_breaks: &'static [(u64, u64)]) -> Stage {
    Stage {
        bug: scripted(bug_breaks),
        twin: scripted(&[]),
        waits: false,
    }
}

fn measured(bug_breaks: &'static [(u64, u64)], twin_breaks: &'static [(u64, u64)]) -> Row {
    measured_on(bug_breaks, twin_breaks, false, &[])
}

fn measured_on(
    bug_breaks: &'static [(u64, u64)],
    twin_breaks: &'static [(u64, u64)],
    waits: bool,
    once: &'static [u64],
) -> Row {
    let stage = Stage {
        bug: Scripted {
            broken: bug_breaks,
            once,
        },
        twin: scripted(twin_breaks),
        waits,
    };
    let budget = Budget {
        seeds: 3,
        cases: 10,
        twin_cases: 20,
    };
    let bugs = [bug("one", EVERYWHERE)];
    let threads = NonZeroUsize::MIN.saturating_add(if waits { 7 } else { 0 });
    let mut rows = measure_all(&bugs, &stage, budget, threads, |_| ());
    match (rows.pop(), rows.is_empty()) {
        (Some(Ok(row)), true) => row,
        other => panic!("{other:?}"),
    }
}

fn second_claim() -> &'static str {
    Runner::new(Scenario::new("none", "")).claims(true)[1].name
}

#[test]
fn the_seed_in_the_middle_is_told_with_its_claim() {
    let row = measured(&[(0, 7), (1, 0), (2, 3)], &[]);
    assert_eq!((row.found, row.seeds), (3, 3));
    assert!(row.is_right());
    match &row.median {
        Some((cases, failure)) => {
            assert_eq!(*cases, 4);
            assert_eq!(failure.invariant, second_claim());
            assert_eq!(failure.case_seed, case_seed(2, 3));
            assert_eq!(failure.message, "it is broken");
        }
        None => panic!("nothing is told"),
    }
}

#[test]
fn where_its_plan_does_not_fail_again_that_of_the_nearest_seed_is_told() {
    let told = |once| {
        let row = measured_on(&[(0, 7), (1, 0), (2, 3)], &[], false, once);
        row.median
            .map(|(cases, failure)| (cases, failure.case_seed))
    };
    assert_eq!(told(&[]), Some((4, case_seed(2, 3))));
    assert_eq!(told(&[2]), Some((4, case_seed(1, 0))));
    assert_eq!(told(&[2, 1]), Some((4, case_seed(0, 7))));
    assert_eq!(told(&[0, 1, 2]), Some((4, case_seed(2, 3))));
}

#[test]
fn a_bug_that_one_seed_does_not_find_is_not_found() {
    let row = measured(&[(0, 7), (2, 3)], &[]);
    assert_eq!(row.found, 2);
    assert!(!row.is_found());
    // The others found it, and the one in the middle is one of them.
    assert_eq!(row.median.map(|(cases, _)| cases), Some(8));
}

#[test]
fn nothing_is_told_where_the_seed_in_the_middle_does_not_find_it() {
    let row = measured(&[(1, 3)], &[]);
    assert_eq!(row.found, 1);
    assert!(row.median.is_none());
}

#[test]
fn what_lies_beyond_the_budget_is_not_found() {
    let row = measured(&[(0, 10), (1, 9), (2, 11)], &[]);
    assert_eq!(row.found, 1);
}

#[test]
fn each_case_of_a_twin_that_is_reported_counts() {
    let row = measured(&[(0, 0), (1, 0), (2, 0)], &[(0, 5), (0, 19), (0, 20)]);
    assert!(row.is_found() && !row.is_right());
    assert_eq!(row.twin_reported, 2);
    // The case before each of the three.
    assert_eq!(row.twin_inconclusive, 2);
    match row.false_alarm {
        Some(alarm) => {
            assert_eq!(alarm.case_seed, case_seed(0, 5));
            assert_eq!(alarm.invariant, second_claim());
        }
        None => panic!("no alarm is told"),
    }
}

#[test]
fn bugs_that_the_target_cannot_express_are_left_out() {
    let stage = twin_holds(&[]);
    let bugs = [
        bug("one", EVERYWHERE),
        bug("two", &[On::Beam]),
        bug("three", &[On::Embedded]),
    ];
    let threads = NonZeroUsize::MIN.saturating_add(3);
    let rows = measure_all(&bugs, &stage, ONE_CASE, threads, |_| ());
    let names: Vec<&str> = rows.iter().flatten().map(|row| row.name).collect();
    assert_eq!(names, ["one", "three"]);
}

#[test]
fn a_bug_that_cannot_be_measured_costs_the_others_nothing() {
    let stage = twin_holds(&[(0, 0)]);
    let mut bugs = ["one", "two", "three"].map(|name| bug(name, EVERYWHERE));
    bugs[1].twin = Scenario::new("unknown", "");
    let rows = measure_all(&bugs, &stage, ONE_CASE, NonZeroUsize::MIN, |_| ());
    let found = rows.iter().map(|row| row.as_ref().ok().map(Row::is_right));
    assert_eq!(Vec::from_iter(found), [Some(true), None, Some(true)]);
}

#[test]
fn seeds_that_are_hunted_from_side_by_side_give_what_they_give_one_after_the_other() {
    for bug in [&[(0, 7), (1, 0), (2, 3)][..], &[(0, 3), (2, 3)], &[(1, 3)]] {
        let one = |waits| {
            let row = measured_on(bug, &[(0, 5)], waits, &[]);
            let median = row
                .median
                .map(|(cases, failure)| (cases, failure.case_seed));
            (row.found, median, row.twin_reported, row.false_alarm)
        };
        assert_eq!(one(true), one(false));
    }
}
