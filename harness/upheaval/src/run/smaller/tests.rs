use super::*;
use crate::run::Replayed;
use crate::scenario::{Kind, Process, RequestSpec, Scenario};
use crate::target::TargetError;
use upheaval_term::Term;

/// A real target: of so many runs of a plan that has an op, one breaks the claim.
struct Lucky {
    one_of: u32,
    runs: u32,
}

impl Executor for Lucky {
    fn case(&mut self, _: u64, _: bool) -> Result<Judged, TargetError> {
        unreachable!("it is given the plan")
    }

    fn breach(
        &mut self,
        _: &'static str,
        plan: &Plan,
        _: Care,
    ) -> Result<Option<Breach>, TargetError> {
        self.runs += 1;
        let fails = self.runs.is_multiple_of(self.one_of) && !plan.steps.is_empty();
        Ok(fails.then(breach))
    }

    fn replay(&mut self, _: &Plan) -> Result<Replayed, TargetError> {
        unreachable!("it is given the plan")
    }

    fn is_deterministic(&self) -> bool {
        false
    }
}

fn breach() -> Breach {
    Breach {
        message: "it is broken".into(),
        excerpt: String::new(),
        op: None,
        death: None,
    }
}

/// What a plan of 200 requests is shrunk to, and how many runs that took.
fn shrunk(one_of: u32) -> (Failure, u32) {
    let mut scenario = Scenario::new("echo", "one process that answers")
        .process(Process::new("echo", "echo", Term::atom("none")))
        .request(RequestSpec::new(1, Kind::Ask, "echo", |_| {
            Term::atom("hello")
        }));
    scenario.sizes.requests = 200;
    let runner = Runner::new(scenario);
    let claim = runner.claims(false)[0];
    let mut executor = Lucky { one_of, runs: 0 };
    let failure = runner.shrink(&mut executor, claim, &runner.plan(0xff), breach());
    (failure, executor.runs)
}

#[test]
fn what_needs_luck_on_a_real_target_is_shrunk_all_the_same() {
    let (failure, _) = shrunk(3);
    assert_eq!(failure.plan.steps.len(), 1);
    assert!(failure.minimal && failure.repeats());
}

#[test]
fn what_is_not_seen_again_on_a_real_target_is_reported_as_it_was_at_once() {
    let (failure, runs) = shrunk(u32::MAX);
    assert_eq!((runs, failure.repeated), (10, (0, 10)));
    assert_eq!(failure.plan.steps.len(), 210);
    assert!(!failure.minimal);
}
