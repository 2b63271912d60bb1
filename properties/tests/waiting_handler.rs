//! A release handler that waits for ever: a script of it calls a supervisor that is
//! suspended. A real node is given up only after three minutes, so it is not asked here.

use std::collections::BTreeSet;

use properties::{embedded, run_plan_on};
use upheaval::invariant::{Judgement, default_invariants};
use upheaval::plan::{Op, PlanStrategy, SystemMessage};
use upheaval::scenario::Scenario;

fn gateway() -> Scenario {
    match sample_scenarios::find("gateway") {
        Some(scenario) => scenario,
        None => panic!("there is no gateway"),
    }
}

#[test]
fn c11_a_script_that_calls_a_suspended_supervisor_leaves_nothing_to_judge_and_says_why() {
    let scenario = gateway();
    let ops = "unpack_release 2\n\
               install_release 2\n\
               client 1 asks acceptor_1 <<\"b\">> | 20 steps\n\
               client 2 asks acceptor_2 <<\"b\">> | 20 steps\n\
               suspend listener\n\
               install_release 1";
    let story = run_plan_on(&mut embedded(&scenario), ops);
    for invariant in default_invariants() {
        match invariant.judge(&scenario, story.history()) {
            Judgement::Inconclusive { reason } => assert!(
                reason.contains("supervisor:terminate_child has no answer of `listener`"),
                "{reason}"
            ),
            other => panic!("{}: {other:?}", invariant.name()),
        }
    }
}

#[test]
fn c07_no_plan_suspends_a_supervisor_that_a_script_calls() {
    let strategy = PlanStrategy::new(&gateway());
    let mut suspended = BTreeSet::new();
    for seed in 0..2_000 {
        let plan = strategy.draw(seed << 8 | 0xff);
        suspended.extend(plan.steps.into_iter().filter_map(|step| match step.op {
            Op::System {
                process,
                message: SystemMessage::Suspend,
                ..
            } => Some(process),
            _ => None,
        }));
    }
    // Others are: how a release gets on with them is specified (C7).
    assert!(suspended.contains("workers"), "{suspended:?}");
    assert!(!suspended.contains("listener"), "{suspended:?}");
}
