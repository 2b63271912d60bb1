use std::cell::{Cell, RefCell};

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::*;
use crate::plan::test_plans::{
    at, calls, damaged, damaged_release, kill, meanwhile, scenario, storm, upgrade,
};
use crate::plan::{Damage, Mischief, Op, PlanStrategy, ReleaseStep, Schedule, Stage, Way, output};

/// Whether an upgrade of the counter comes before a kill before a call.
fn upgrade_kill_call(plan: &Plan) -> bool {
    let mut steps = plan.steps.iter();
    steps.any(|step| step.op == upgrade("counter", "2"))
        && steps.any(|step| step.op == kill("counter"))
        && steps.any(|step| matches!(step.op, Op::Request { .. }))
}

/// The seed of a case that is as large as the scenario says.
fn large(seed: u64) -> u64 {
    seed << 16 | 0xff
}

/// A plan of the default size with the three ops that `upgrade_kill_call`
/// looks for somewhere in it.
fn with_core(seed: u64) -> Plan {
    let mut scenario = scenario();
    scenario.weights.upgrade = 0;
    let mut plan = PlanStrategy::new(&scenario).draw(large(seed));
    let mut places = [1, 2, 3].map(|n| (output(seed, n) % 209) as usize);
    places.sort();
    plan.steps
        .insert(places[0], at(4, 9, upgrade("counter", "2")));
    plan.steps.insert(places[1] + 1, at(4, 9, kill("counter")));
    plan.steps
        .insert(places[2] + 2, at(4, 9, calls(3, "counter", "{add,17}")));
    plan
}

fn shrunk(plan: Plan, fails: impl FnMut(&Plan) -> bool) -> Shrunk {
    shrink(&mut PlanTree::new(plan), 100_000, fails)
}

fn plan(steps: Vec<Step>) -> Plan {
    Plan {
        scenario: "default".into(),
        seed: 1,
        schedule: Schedule::Random,
        steps,
    }
}

fn advance(ms: u32) -> Step {
    at(0, 0, Op::Advance { ms })
}

/// The plans that lack one step of `plan`.
fn without_one(plan: &Plan) -> impl Iterator<Item = Plan> {
    (0..plan.steps.len()).map(|index| {
        let mut smaller = plan.clone();
        smaller.steps.remove(index);
        smaller
    })
}

#[test]
fn three_ops_that_matter_among_two_hundred_are_all_that_is_left() {
    for seed in 0..50 {
        let shrunk = shrunk(with_core(seed), upgrade_kill_call);
        let text = shrunk.plan.to_string();
        assert!(shrunk.minimal);
        assert_eq!(shrunk.plan.steps.len(), 3, "{text}");
        assert_eq!(shrunk.plan.steps[0], at(0, 0, upgrade("counter", "2")));
        assert_eq!(shrunk.plan.steps[1], at(0, 0, kill("counter")));
        assert!(
            text.lines().last().unwrap().starts_with("3. client 1 "),
            "{text}"
        );
    }
}

#[test]
fn a_hundred_runs_are_enough_for_three_ops_among_two_hundred() {
    let mut runs: Vec<u32> = (0..500)
        .map(|seed| shrunk(with_core(seed), upgrade_kill_call).executions)
        .collect();
    runs.sort();
    assert!(runs[250] <= 50, "half of them need {}", runs[250]);
    assert!(runs[499] <= 100, "the worst needs {}", runs[499]);
}

#[test]
fn what_is_left_fails_and_without_any_of_its_ops_it_does_not() {
    // Whether it fails is as good as random, so that removals depend on each
    // other in every way.
    let moody = |plan: &Plan| {
        let sum = plan
            .steps
            .iter()
            .map(|s| u64::from(s.seed % 7))
            .sum::<u64>();
        plan.steps.len() >= 5 && sum % 3 != 0
    };
    let strategy = PlanStrategy::new(&scenario());
    for seed in 0..100 {
        let plan = strategy.draw(large(seed));
        if !moody(&plan) {
            continue;
        }
        let shrunk = shrunk(plan, moody);
        assert!(shrunk.minimal);
        assert!(moody(&shrunk.plan));
        assert!(
            !without_one(&shrunk.plan).any(|plan| moody(&plan)),
            "{}",
            shrunk.plan
        );
    }
}

#[test]
fn proptests_own_runner_comes_to_the_same_plan() {
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 10_000,
        ..Config::default()
    };
    let fails = |plan: &Plan| {
        let suspended = plan.steps.iter().position(|s| {
            matches!(
                &s.op,
                Op::System {
                    message: crate::plan::SystemMessage::Suspend,
                    ..
                }
            )
        });
        suspended.is_some_and(|at| plan.steps[at..].iter().any(|s| s.steps > 2))
    };
    let first = RefCell::new(None);
    let result = TestRunner::new(config).run(&PlanStrategy::new(&scenario()), |plan| {
        if !fails(&plan) {
            return Ok(());
        }
        first.borrow_mut().get_or_insert(plan);
        Err(TestCaseError::fail("suspended for too long"))
    });
    let Err(TestError::Fail(_, by_proptest)) = result else {
        panic!("expected a failure, got {result:?}");
    };
    assert_eq!(shrunk(first.take().unwrap(), fails).plan, by_proptest);
}

#[test]
fn when_proptests_runner_gives_up_it_has_a_plan_that_fails() {
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 5,
        ..Config::default()
    };
    let fails = |plan: &Plan| plan.steps.iter().any(|s| matches!(s.op, Op::Kill { .. }));
    let strategy = PlanStrategy::new(&scenario());
    let has_failed = Cell::new(false);
    let result = TestRunner::new(config).run(&strategy, |plan| {
        // Five turns are enough for a small plan.
        let is_large = has_failed.get() || plan.steps.len() > 100;
        if !is_large || !fails(&plan) {
            return Ok(());
        }
        has_failed.set(true);
        Err(TestCaseError::fail("killed"))
    });
    let Err(TestError::Fail(_, plan)) = result else {
        panic!("expected a failure, got {result:?}");
    };
    assert!(fails(&plan));
    assert!(plan.steps.len() > 1);
}

#[test]
fn removing_a_step_leaves_the_others_as_they_were() {
    let whole = PlanStrategy::new(&scenario()).draw(large(1));
    let mut tree = PlanTree::new(whole.clone());
    let mut more = tree.simplify();
    // As long as nothing but removals is tried.
    for _ in 0..100 {
        let smaller = tree.current();
        let mut rest = whole.steps.iter();
        assert!(smaller.steps.len() < whole.steps.len());
        assert!(smaller.steps.iter().all(|step| rest.any(|s| s == step)));
        assert!(more);
        more = tree.complicate();
    }
}

#[test]
fn a_plan_that_fails_with_no_op_at_all_becomes_empty() {
    let shrunk = shrunk(with_core(1), |_| true);
    assert_eq!(shrunk.plan.steps, []);
    assert!(shrunk.minimal);
}

#[test]
fn a_plan_of_which_all_is_needed_stays_as_it_is() {
    let whole = PlanStrategy::new(&scenario()).draw(large(1));
    let shrunk = shrunk(whole.clone(), |plan| *plan == whole);
    assert_eq!(shrunk.plan, whole);
    assert!(shrunk.minimal);
}

#[test]
fn an_empty_plan_is_minimal() {
    let shrunk = shrunk(plan(vec![]), |_| true);
    assert_eq!((shrunk.executions, shrunk.minimal), (0, true));
}

#[test]
fn a_budget_that_runs_out_leaves_the_smallest_plan_known_to_fail() {
    let mut runs = 0;
    let mut tree = PlanTree::new(with_core(1));
    let shrunk = shrink(&mut tree, 10, |plan| {
        runs += 1;
        upgrade_kill_call(plan)
    });
    assert_eq!((shrunk.executions, runs), (10, 10));
    assert!(!shrunk.minimal);
    assert!(upgrade_kill_call(&shrunk.plan));
    assert_eq!(tree.current(), shrunk.plan);
}

#[test]
fn an_op_that_another_one_needs_goes_once_that_one_is_gone() {
    // The second op may stay only while the first is there.
    let fails = |plan: &Plan| {
        let has = |ms| plan.steps.iter().any(|s| s.op == Op::Advance { ms });
        has(3) && (has(1) || !has(2))
    };
    let shrunk = shrunk(plan(vec![advance(1), advance(2), advance(3)]), fails);
    assert_eq!(shrunk.plan.steps, [advance(3)]);
}

#[test]
fn an_op_that_could_not_go_is_tried_again_once_an_earlier_one_is_gone() {
    let ops = ["counter", "echo", "ledger", "stray"].map(kill);
    let fails = |plan: &Plan| {
        let has = |index: usize| plan.steps.iter().any(|s| s.op == ops[index]);
        has(0) && has(2) && (has(3) || !has(1))
    };
    let whole = ops.clone().map(|op| at(0, 0, op)).to_vec();
    let left = shrunk(plan(whole), fails).plan.steps;
    assert_eq!(left, [at(0, 0, kill("counter")), at(0, 0, kill("ledger"))]);
}

#[test]
fn an_op_is_removed_that_only_a_smaller_number_makes_superfluous() {
    let fails = |plan: &Plan| {
        let needs_purge = plan.steps.iter().any(|s| s.steps > 0);
        let has = |op: &Op| plan.steps.iter().any(|s| s.op == *op);
        has(&kill("counter")) && (!needs_purge || has(&upgrade("counter", "2")))
    };
    let steps = vec![at(0, 0, upgrade("counter", "2")), at(5, 0, kill("counter"))];
    assert_eq!(
        shrunk(plan(steps), fails).plan.steps,
        [at(0, 0, kill("counter"))]
    );
}

#[test]
fn scheduler_steps_go_down_to_the_fewest_that_still_fail() {
    let steps = vec![at(8, 0xbeef, kill("counter")), at(8, 0xbeef, kill("echo"))];
    let shrunk = shrunk(plan(steps), |plan| {
        plan.steps.len() == 2 && plan.steps[0].steps >= 3 && plan.steps[1].seed != 0
    });
    assert_eq!(
        shrunk.plan.steps,
        [at(3, 0, kill("counter")), at(0, 0xbeef, kill("echo"))]
    );
}

#[test]
fn clients_and_integers_of_payloads_go_down() {
    let payload = "{add,-50,#{by => 1000},[7,7]}";
    let shrunk = shrunk(plan(vec![at(0, 0, calls(5, "counter", payload))]), |plan| {
        let Some(Op::Request { request, .. }) = plan.steps.first().map(|s| &s.op) else {
            return false;
        };
        let text = request.payload.to_string();
        text.contains(",-") && text.contains("=> ") && !text.contains("=> 0")
    });
    let smallest = "{add,-1,#{by => 1},[7,7]}";
    assert_eq!(shrunk.plan.steps, [at(0, 0, calls(1, "counter", smallest))]);
}

#[test]
fn the_extremes_of_numbers_go_down_too() {
    let payload = "{-9223372036854775808,9223372036854775807}";
    let steps = vec![at(u32::MAX, u32::MAX, calls(u32::MAX, "counter", payload))];
    let shrunk = shrunk(plan(steps), |plan| !plan.steps.is_empty());
    assert_eq!(shrunk.plan.steps, [at(0, 0, calls(1, "counter", "{0,0}"))]);
}

#[test]
fn a_client_of_number_zero_does_not_keep_the_search_going() {
    let shrunk = shrunk(plan(vec![at(0, 0, calls(0, "counter", "read"))]), |plan| {
        !plan.steps.is_empty()
    });
    assert!(shrunk.minimal);
}

#[test]
fn an_interleaving_that_does_not_matter_goes_everywhere_at_once() {
    let whole = plan(vec![at(3, 7, kill("counter")); 60]);
    let mut runs_of_all = 0;
    let shrunk = shrunk(whole, |plan| {
        let all = plan.steps.len() == 60;
        runs_of_all += u32::from(all);
        all
    });
    assert_eq!(shrunk.plan.steps, vec![at(0, 0, kill("counter")); 60]);
    assert_eq!(runs_of_all, 2);
}

#[test]
fn a_schedule_that_does_not_matter_becomes_random() {
    let mut whole = plan(vec![at(0, 0, kill("counter")); 3]);
    whole.schedule = Schedule::Pct { depth: 3, over: 3 };
    let by_priorities = |plan: &Plan| matches!(plan.schedule, Schedule::Pct { .. });
    let needed = shrunk(whole.clone(), |plan| {
        by_priorities(plan) && !plan.steps.is_empty()
    });
    assert_eq!(needed.plan.schedule, whole.schedule);
    assert_eq!(needed.plan.steps.len(), 1);
    let not_needed = shrunk(whole, |plan| !plan.steps.is_empty());
    assert_eq!(not_needed.plan.schedule, Schedule::Random);
}

#[test]
fn a_clients_own_patience_goes_down() {
    let plan: Plan = "scenario default\nseed 0x1\nclient 1 calls counter get within 300 ms"
        .parse()
        .expect("the test's own plan");
    let fails = |plan: &Plan| match plan.steps.first().map(|step| &step.op) {
        Some(Op::Request { request, .. }) => request.within > Some(20),
        _ => false,
    };
    let left = shrunk(plan, fails).plan.steps;
    assert_eq!(
        left[0].op.to_string(),
        "client 1 calls counter get within 21 ms"
    );
}

#[test]
fn a_fault_that_does_not_matter_is_left_out_of_its_op() {
    let faulty = meanwhile(Mischief::Kill, Stage::Loaded);
    let moves_counter = |plan: &Plan| {
        plan.steps.iter().any(|step| match &step.op {
            Op::Upgrade { module, .. } | Op::Faulty { module, .. } => module == "counter",
            _ => false,
        })
    };
    let shrunk = shrunk(plan(vec![at(3, 7, faulty)]), moves_counter);
    assert_eq!(shrunk.plan.steps, [at(0, 0, upgrade("counter", "2"))]);
}

#[test]
fn an_install_loses_a_fault_that_does_not_matter() {
    let install = Op::Release {
        step: ReleaseStep::Install,
        vsn: "2".into(),
    };
    let faulty = damaged_release(install.clone(), Damage::Stale);
    let installs = |plan: &Plan| {
        plan.steps.iter().any(|step| match &step.op {
            Op::FaultyRelease { of, .. } => matches!(**of, Op::Release { .. }),
            op => matches!(op, Op::Release { .. }),
        })
    };
    let shrunk = shrunk(plan(vec![at(3, 7, faulty)]), installs);
    assert_eq!(shrunk.plan.steps, [at(0, 0, install)]);
}

#[test]
fn a_fault_that_matters_stays() {
    let faulty = damaged(Way::Load, Damage::Truncated);
    let has_fault = |plan: &Plan| plan.steps.iter().any(|s| matches!(s.op, Op::Faulty { .. }));
    let shrunk = shrunk(plan(vec![at(3, 7, faulty.clone())]), has_fault);
    assert_eq!(shrunk.plan.steps, [at(0, 0, faulty)]);
}

#[test]
fn a_storm_abates_to_as_few_kills_as_still_fail_and_to_one_kill_if_that_will_do() {
    let kills = |plan: &Plan| -> u32 {
        let each = plan.steps.iter().map(|step| match step.op {
            Op::Storm { kills, .. } => kills,
            Op::Kill { .. } => 1,
            _ => 0,
        });
        each.sum()
    };
    let storm_of_ten = || plan(vec![at(0, 0, storm("counter", 10))]);
    let to_four = shrunk(storm_of_ten(), |plan| kills(plan) >= 4);
    assert_eq!(to_four.plan.steps, [at(0, 0, storm("counter", 4))]);
    let to_one = shrunk(storm_of_ten(), |plan| kills(plan) >= 1);
    assert_eq!(to_one.plan.steps, [at(0, 0, kill("counter"))]);
}
