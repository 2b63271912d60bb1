use std::time::Duration;

use upheaval_term::Term;

use super::*;
use crate::history::Digest;
use crate::invariant::{Judgement, Violation};
use crate::plan::Plan;
use crate::run::{Care, DETERMINISM, Replayed, SURVIVAL};
use crate::scenario::{Kind, Process, RequestSpec, Scenario};
use crate::verdict::Verdict;
use crate::worker::Death;

const ABORT: Death = Death::Signal(6);
const FAULT: Death = Death::Signal(11);

fn runner() -> Runner {
    let mut scenario = Scenario::new("echo", "one process that answers")
        .process(Process::new("echo", "echo", Term::atom("none")))
        .request(RequestSpec::new(1, Kind::Ask, "echo", |_| {
            Term::atom("hello")
        }));
    scenario.sizes.requests = 200;
    Runner::new(scenario)
}

/// Breaks claims as it is told to.
struct Told {
    breach: fn(&'static str, &Plan) -> Option<Breach>,
    longest: Option<Duration>,
}

impl Executor for Told {
    fn case(&mut self, _: u64, _: bool) -> Result<Judged, TargetError> {
        unreachable!("it is given the cases")
    }

    fn breach(
        &mut self,
        claim: &'static str,
        plan: &Plan,
        _: Care,
    ) -> Result<Option<Breach>, TargetError> {
        Ok((self.breach)(claim, plan))
    }

    fn replay(&mut self, _: &Plan) -> Result<Replayed, TargetError> {
        unreachable!("it is given the cases")
    }

    fn is_deterministic(&self) -> bool {
        true
    }

    fn longest_shrink(&self) -> Option<Duration> {
        self.longest
    }
}

fn told(breach: fn(&'static str, &Plan) -> Option<Breach>) -> Told {
    Told {
        breach,
        longest: None,
    }
}

/// A case that violates the invariant of this name.
fn violates(runner: &Runner, case_seed: u64, name: &str) -> Judged {
    let judgement = |claim: &Claim| match claim.name == name {
        true => Judgement::Violated(Violation {
            message: "it is broken".into(),
            at: 0,
            evidence: Vec::new(),
        }),
        false => Judgement::Held { checked: 1 },
    };
    Judged {
        case_seed,
        counts: Counts::default(),
        digest: Digest(1),
        judgements: runner.claims(true).iter().map(judgement).collect(),
        cells: Vec::new(),
        death: None,
    }
}

fn verdict(report: &Report, name: &str) -> Verdict {
    let rows = report.tally.rows().iter();
    let mut verdicts = rows.filter(|row| row.name == name);
    verdicts
        .next()
        .map_or(Verdict::SawNothing, |row| row.verdict())
}

/// The report on these cases.
fn report(executor: &mut Told, cases: Vec<Judged>) -> Report {
    let runner = runner();
    let leaning = runner.leaning();
    let mut findings = Findings::new(&runner, &leaning, true);
    for case in cases {
        findings.add(executor, case);
    }
    findings.report(None)
}

fn dies(case_seed: u64, death: Death) -> Judged {
    Judged::dead(&runner().claims(true), case_seed, true, death)
}

/// Seeds of large cases.
const ODD: u64 = 0xff;
const EVEN: u64 = 0xfe;

/// Dies of an abort if there is any op; of odd seeds, of a fault if there are a hundred.
fn faults_or_aborts(claim: &'static str, plan: &Plan) -> Option<Breach> {
    match plan.steps.len() {
        _ if claim != SURVIVAL.name => None,
        0 => None,
        100.. if plan.seed % 2 == 1 => Some(Breach::death(FAULT)),
        _ => Some(Breach::death(ABORT)),
    }
}

/// A case of which nothing can be told, for this reason.
fn cannot_be_judged(runner: &Runner, case_seed: u64, reason: &str) -> Judged {
    let inconclusive = |_: &Claim| Judgement::Inconclusive {
        reason: reason.into(),
    };
    Judged {
        judgements: runner.claims(true).iter().map(inconclusive).collect(),
        ..violates(runner, case_seed, "none")
    }
}

#[test]
fn of_each_reason_why_a_case_cannot_be_judged_the_first_plan_is_kept() {
    let runner = runner();
    let case = |seed, reason| cannot_be_judged(&runner, seed, reason);
    let cases = vec![
        violates(&runner, 7, "none"),
        case(8, "it is lost"),
        case(9, "it is lost"),
        case(10, "it does not rest"),
    ];
    let report = report(&mut told(|_, _| None), cases);
    let kept: Vec<_> = (report.undecided.iter())
        .map(|case| (case.case_seed, case.reason.as_str()))
        .collect();
    assert_eq!(kept, [(8, "it is lost"), (10, "it does not rest")]);
    assert_eq!(report.undecided[0].plan, runner.plan(8));
}

#[test]
fn no_more_plans_of_what_cannot_be_judged_are_kept_than_somebody_reads() {
    let runner = runner();
    let cases = (0..9).map(|n| cannot_be_judged(&runner, n, &format!("node {n} is lost")));
    let report = report(&mut told(|_, _| None), cases.collect());
    assert_eq!(report.undecided.len(), MOST_UNDECIDED);
}

#[test]
fn a_case_that_is_violated_is_not_kept_as_one_that_cannot_be_judged() {
    let runner = runner();
    let mut case = cannot_be_judged(&runner, 7, "it is lost");
    case.judgements[0] = violates(&runner, 7, runner.claims(true)[0].name)
        .judgements
        .swap_remove(0);
    assert!(
        report(&mut told(|_, _| None), vec![case])
            .undecided
            .is_empty()
    );
}

#[test]
fn what_does_not_happen_again_is_reported_as_it_was_and_breaks_determinism() {
    let case = violates(&runner(), 7, "no_lost_messages");
    let report = report(&mut told(|_, _| None), vec![case]);
    let names: Vec<_> = report
        .failures
        .iter()
        .map(|failure| failure.invariant)
        .collect();
    assert_eq!(names, ["no_lost_messages", "determinism"]);
    assert_eq!(report.failures[0].plan, runner().plan(7));
    assert_eq!(report.failures[0].message, "it is broken");
    let text = report.failures[0].to_string();
    assert!(
        text.contains("(seen once, and not when it was run again)"),
        "{text}"
    );
    assert!(
        report.failures[1]
            .message
            .contains("violated no_lost_messages, and did not")
    );
    assert_eq!(verdict(&report, DETERMINISM.name), Verdict::Violated);
    assert_eq!(verdict(&report, "no_lost_messages"), Verdict::Violated);
}

#[test]
fn what_happens_again_does_not_break_determinism() {
    fn again(claim: &'static str, _: &Plan) -> Option<Breach> {
        (claim == "no_lost_messages").then(|| Breach {
            message: "it is broken again".into(),
            excerpt: String::new(),
            op: None,
            death: None,
        })
    }
    let case = violates(&runner(), 7, "no_lost_messages");
    let report = report(&mut told(again), vec![case]);
    assert_eq!(report.failures.len(), 1);
    assert_eq!(report.failures[0].message, "it is broken again");
    assert!(report.failures[0].plan.steps.is_empty() && report.failures[0].minimal);
    assert_eq!(verdict(&report, DETERMINISM.name), Verdict::Held);
}

#[test]
fn a_case_that_ends_its_process_is_inconclusive_for_every_invariant() {
    let report = report(&mut told(faults_or_aborts), vec![dies(7, FAULT)]);
    assert_eq!(verdict(&report, SURVIVAL.name), Verdict::Violated);
    for name in ["no_lost_messages", "state_conversion", "determinism"] {
        assert_eq!(verdict(&report, name), Verdict::Inconclusive, "{name}");
    }
}

#[test]
fn each_way_to_die_is_shrunk_once_and_to_no_other_way() {
    let cases = vec![
        dies(ODD, FAULT),
        dies(EVEN, ABORT),
        dies(ODD + 0x1_0000, FAULT),
        dies(EVEN + 0x1_0000, ABORT),
    ];
    let report = report(&mut told(faults_or_aborts), cases);
    let found = report.failures.iter();
    let found = found.map(|failure| (failure.case_seed, failure.plan.steps.len()));
    assert_eq!(found.collect::<Vec<_>>(), [(ODD, 100), (EVEN, 1)]);
    assert_eq!(report.failures[0].message, FAULT.to_string());
    assert_eq!(report.cases, 4);
}

#[test]
fn a_plan_that_may_not_be_shrunk_for_long_is_reported_as_cut_short() {
    let mut executor = Told {
        longest: Some(Duration::ZERO),
        ..told(faults_or_aborts)
    };
    let report = report(&mut executor, vec![dies(ODD, FAULT)]);
    assert_eq!(report.failures[0].plan, runner().plan(ODD));
    assert!(!report.failures[0].minimal);
    assert_eq!(report.failures[0].repeated, (1, 1));
}

#[test]
fn cases_that_came_to_their_end_and_showed_nothing_else_saw_nothing() {
    let mut case = violates(&runner(), 7, "nothing");
    for (claim, judgement) in runner().claims(true).iter().zip(&mut case.judgements) {
        if !Claim::is_of_the_run(claim.name) {
            *judgement = Judgement::Held { checked: 0 };
        }
    }
    let report = report(&mut told(|_, _| None), vec![case]);
    assert_eq!(verdict(&report, SURVIVAL.name), Verdict::Held);
    assert_eq!(report.verdict(), Verdict::SawNothing);
}
