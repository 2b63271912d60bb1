use std::collections::BTreeSet;

use proptest::strategy::{CheckStrategySanityOptions, ValueTree, check_strategy_sanity};

use super::*;
use crate::coverage::{Deed, Doing};
use crate::plan::test_plans::{scenario, spare_child};
use crate::plan::{Favoured, favouring};
use crate::scenario::{Application, ApplicationVersion, DynamicChild, Switch, Weights};
use upheaval_term::Term;

const NONE: Weights = Weights::NONE;

/// The seed of a case that is as large as the scenario says.
fn large(seed: u64) -> u64 {
    seed << 16 | 0xff
}

/// What the disturbances of many plans look like, each once.
fn drawn(scenario: &Scenario) -> BTreeSet<String> {
    let strategy = PlanStrategy::new(scenario);
    let plans = (0..200).flat_map(|seed| strategy.draw(large(seed)).steps);
    plans
        .filter(|step| !matches!(step.op, Op::Request { .. }))
        .map(|step| step.op.to_string())
        .collect()
}

fn drawn_with(weights: Weights) -> Vec<String> {
    let scenario = Scenario {
        weights,
        ..scenario()
    };
    drawn(&scenario).into_iter().collect()
}

#[test]
fn the_same_seed_draws_the_same_plan() {
    let strategy = PlanStrategy::new(&scenario());
    assert_eq!(strategy.draw(7), PlanStrategy::new(&scenario()).draw(7));
}

#[test]
fn neighbouring_seeds_draw_different_plans() {
    let strategy = PlanStrategy::new(&scenario());
    let texts: BTreeSet<String> = (0..100)
        .map(|seed| head(&strategy.draw(large(seed))))
        .collect();
    assert_eq!(texts.len(), 100);
}

fn head(plan: &Plan) -> String {
    let steps = plan.steps[..5].to_vec();
    let head = Plan {
        scenario: String::new(),
        seed: 0,
        schedule: Schedule::Random,
        steps,
    };
    head.to_string()
}

/// Plans are kept by their seed: if this text changes, every seed that someone
/// noted down names another plan from then on.
#[test]
fn the_plan_of_a_seed_stays_what_it_is() {
    let mut scenario = scenario();
    (scenario.sizes.requests, scenario.sizes.disturbances) = (5, 3);
    assert_eq!(
        PlanStrategy::new(&scenario).draw(large(1)).to_string(),
        "\
# upheaval plan, format 1
scenario default
seed 0x00000000000100ff
schedule pct 5 over 8
1. client 5 asks echo hello                      | 3 steps, seed 0x24425163
2. suspend stray                                 | seed 0x8546748c
3. client 5 calls ledger {deposit,<<\"alice\">>,5} | 2 steps, seed 0xaf1d28ac
4. client 4 calls ledger {deposit,<<\"alice\">>,7} | 7 steps, seed 0x354fede8
5. client 2 calls ledger {deposit,<<\"alice\">>,7} | seed 0xa439fc95
6. change_code stray nobody                      | seed 0xc41964b8
7. load_binary echo 1                            | seed 0xf46702a9
8. client 2 calls ledger {deposit,<<\"alice\">>,8} | seed 0x2824125f
"
    );
}

#[test]
fn a_plan_holds_as_many_ops_of_each_sort_as_the_scenario_says() {
    let strategy = PlanStrategy::new(&scenario());
    for seed in 0..20 {
        let plan = strategy.draw(large(seed));
        let requests = plan
            .steps
            .iter()
            .filter(|step| matches!(step.op, Op::Request { .. }));
        assert_eq!((requests.count(), plan.steps.len()), (200, 210));
    }
}

#[test]
fn disturbances_stand_anywhere_between_the_requests() {
    let mut scenario = scenario();
    (scenario.sizes.requests, scenario.sizes.disturbances) = (9, 1);
    let strategy = PlanStrategy::new(&scenario);
    let mut times = [0; 10];
    for seed in 0..1000 {
        let plan = strategy.draw(large(seed));
        let place = plan
            .steps
            .iter()
            .position(|step| !matches!(step.op, Op::Request { .. }));
        times[place.unwrap()] += 1;
    }
    assert!(
        times.iter().all(|times| (60..140).contains(times)),
        "{times:?}"
    );
}

#[test]
fn every_client_makes_requests_of_every_kind() {
    let strategy = PlanStrategy::new(&scenario());
    let mut seen = BTreeSet::new();
    for seed in 0..20 {
        for step in strategy.draw(large(seed)).steps {
            if let Op::Request { client, request } = step.op {
                seen.insert((client, format!("{:?} {}", request.kind, request.to)));
            }
        }
    }
    assert_eq!(seen.len(), 5 * 4);
}

#[test]
fn runs_between_ops_span_their_range_with_more_bursts_than_chance() {
    let strategy = PlanStrategy::new(&scenario());
    let mut times = [0; 9];
    for seed in 0..50 {
        for step in strategy.draw(large(seed)).steps {
            times[step.steps as usize] += 1;
        }
    }
    // 10 500 steps in all, of 11 chances each.
    assert!(times.iter().all(|times| *times > 850), "{times:?}");
    assert!(times[0] > 2 * times[1], "{times:?}");
}

#[test]
fn only_modules_that_switch_by_load_are_loaded() {
    assert_eq!(
        drawn_with(Weights { load: 1, ..NONE }),
        [
            "load echo 1",
            "load echo 2",
            "load ledger 1",
            "load ledger 2",
            "load stuck_loop 1",
            "load stuck_loop 2",
        ]
    );
}

#[test]
fn only_modules_that_switch_by_code_change_are_upgraded() {
    assert_eq!(
        drawn_with(Weights { upgrade: 1, ..NONE }),
        ["upgrade counter 1", "upgrade counter 2"]
    );
}

#[test]
fn only_what_can_be_started_by_hand_is_started() {
    assert_eq!(
        drawn_with(Weights { start: 1, ..NONE }),
        ["start stray", "start sup"]
    );
}

#[test]
fn a_supervisor_without_children_is_not_started() {
    let mut scenario = scenario();
    scenario
        .processes
        .retain(|process| process.restart.is_none());
    scenario.weights = Weights { start: 1, ..NONE };
    assert_eq!(Vec::from_iter(drawn(&scenario)), ["start stray"]);
}

#[test]
fn processes_are_disturbed_whether_supervised_or_not() {
    assert_eq!(
        drawn_with(Weights { kill: 1, ..NONE }),
        ["kill counter", "kill echo", "kill ledger", "kill stray"]
    );
}

#[test]
fn only_a_process_that_has_states_to_be_given_gets_another_state() {
    let mut scenario = scenario();
    scenario.processes[0].replacements = vec![Term::Int(3)];
    scenario.weights = Weights {
        replace_state: 1,
        ..NONE
    };
    assert_eq!(
        Vec::from_iter(drawn(&scenario)),
        [
            "replace_state counter raising oops",
            "replace_state counter with 3"
        ]
    );
}

#[test]
fn conversions_by_hand_go_up_from_and_down_to_each_version() {
    let drawn = drawn_with(Weights {
        change_code: 1,
        ..NONE
    });
    assert_eq!(drawn.len(), 4 * 4);
    assert_eq!(
        drawn[..4],
        [
            "change_code counter 1",
            "change_code counter 2",
            "change_code counter down 1",
            "change_code counter down 2"
        ]
    );
}

#[test]
fn processes_are_told_to_end_for_reasons_that_supervisors_tell_apart() {
    let drawn = drawn_with(Weights {
        terminate: 1,
        exit: 1,
        ..NONE
    });
    assert_eq!(drawn.len(), 2 * 4 * 4);
    assert!(drawn.contains(&"terminate counter {shutdown,bye}".to_string()));
    assert!(drawn.contains(&"exit stray oops".to_string()));
}

#[test]
fn children_come_and_go_under_the_supervisors_that_the_scenario_says() {
    let pool = DynamicChild::instance("pool", "one", Term::Int(0));
    let mut scenario = scenario().dynamic(spare_child()).dynamic(pool);
    scenario.weights = Weights {
        children: 1,
        ..NONE
    };
    assert_eq!(
        Vec::from_iter(drawn(&scenario)),
        [
            "delete_child sup spare",
            "get_childspec pool whereis(one)",
            "get_childspec sup spare",
            "restart_child sup spare",
            "start_child pool [one,0]",
            "start_child sup #{id => spare,restart => transient,start => {echo,start_link,[spare,0]}}",
            "terminate_child pool whereis(one)",
            "terminate_child sup spare",
        ]
    );
}

#[test]
fn only_processes_that_are_no_supervisors_are_frozen_and_thawed() {
    let mut scenario = scenario();
    let pair = crate::scenario::Supervision::named("pair");
    let pair = crate::scenario::Process::supervisor(pair);
    scenario.processes.push(pair);
    scenario.weights = Weights {
        freeze: 1,
        thaw: 1,
        ..NONE
    };
    let drawn = Vec::from_iter(drawn(&scenario));
    assert_eq!(drawn.len(), 2 * 4, "{drawn:?}");
    assert_eq!(drawn[0], "freeze counter");
    assert!(!drawn.iter().any(|op| op.contains("pair")), "{drawn:?}");
}

#[test]
fn only_who_has_a_call_that_crashes_it_is_crashed() {
    assert_eq!(drawn_with(Weights { crash: 1, ..NONE }), ["crash counter"]);
}

#[test]
fn a_storm_is_at_most_one_kill_more_than_a_supervisor_bears() {
    let mut scenario = scenario();
    scenario.supervision.intensity = 3;
    scenario.weights = Weights { storm: 1, ..NONE };
    let drawn = Vec::from_iter(drawn(&scenario));
    // Nobody starts the stray again.
    assert_eq!(drawn.len(), 3 * 3, "{drawn:?}");
    assert_eq!(
        drawn[..3],
        [
            "kill counter 2 times",
            "kill counter 3 times",
            "kill counter 4 times"
        ]
    );
}

#[test]
fn each_way_to_move_a_module_meets_each_damage_that_it_can() {
    let drawn = drawn_with(Weights { damage: 1, ..NONE });
    // Of two versions each: three modules by three ways, one by one.
    assert_eq!(drawn.len(), 2 * (3 * (4 + 3 + 4) + 4), "{drawn:?}");
    assert!(drawn.contains(&"load_binary echo 1, truncated".into()));
    assert!(!drawn.contains(&"load_binary echo 1, missing".into()));
    assert!(drawn.contains(&"upgrade counter 2, missing".into()));
}

#[test]
fn each_way_to_move_a_release_meets_each_damage_of_what_it_is_to_bring() {
    let drawn = drawn_with(Weights {
        damaged_release: 1,
        ..NONE
    });
    // Two releases of one module, checked and installed; no appup moves the application.
    assert_eq!(drawn.len(), 2 * 2 * 4, "{drawn:?}");
    assert!(drawn.contains(&"install_release 1, truncated counter".into()));
    assert!(drawn.contains(&"install_release 2, stale counter".into()));
    assert!(drawn.contains(&"check_install_release 1, missing counter".into()));
}

#[test]
fn an_upgrade_is_disturbed_at_each_stage_by_what_happens_to_a_process_of_its_module() {
    let drawn = drawn_with(Weights {
        meanwhile: 1,
        ..NONE
    });
    assert_eq!(drawn.len(), 2 * 2 * 3, "{drawn:?}");
    assert_eq!(
        drawn[0],
        "upgrade counter 1, freezing counter once converted"
    );
    assert!(
        drawn.iter().all(|op| op.contains("counter once")),
        "{drawn:?}"
    );
}

#[test]
fn what_is_illegal_has_an_error_that_is_specified() {
    let drawn = drawn_with(Weights { illegal: 1, ..NONE });
    for op in [
        "system counter nobody",
        "change_code counter nobody",
        "suspend spare",
        "restart_child sup counter",
        "delete_child sup counter",
        "restart_child sup nobody",
        "terminate_child sup nobody",
        "start_child sup #{id => counter,restart => permanent,start => {counter,start_link,[counter,[]]}}",
    ] {
        assert!(drawn.contains(&op.into()), "{op} is not in {drawn:?}");
    }
}

#[test]
fn a_kind_of_weight_zero_is_left_out() {
    let weights = Weights {
        purge: 0,
        ..Weights::default()
    };
    let drawn = drawn_with(weights);
    assert!(!drawn.iter().any(|op| op.starts_with("purge")), "{drawn:?}");
    assert!(
        drawn.iter().any(|op| op.starts_with("soft_purge")),
        "{drawn:?}"
    );
}

#[test]
fn a_kind_that_has_nothing_to_act_on_leaves_its_share_to_the_others() {
    let mut scenario = scenario();
    scenario
        .modules
        .retain(|module| module.switch == Switch::CodeChange);
    scenario.weights = Weights {
        load: 100,
        upgrade: 1,
        ..NONE
    };
    assert_eq!(
        Vec::from_iter(drawn(&scenario)),
        ["upgrade counter 1", "upgrade counter 2"]
    );
}

#[test]
fn a_scenario_without_anything_to_do_draws_empty_plans() {
    let mut scenario = Scenario::new("nothing", "nothing happens");
    scenario.weights = NONE;
    assert_eq!(PlanStrategy::new(&scenario).draw(1).steps, []);
}

/// The words that the disturbances of a plan begin with.
fn kinds(plan: &Plan) -> BTreeSet<String> {
    let disturbances = plan
        .steps
        .iter()
        .filter(|step| !matches!(step.op, Op::Request { .. }));
    let words = disturbances.map(|step| {
        let op = step.op.to_string();
        op.split(' ').next().unwrap_or_default().to_string()
    });
    words.collect()
}

#[test]
fn cases_have_different_kinds_of_disturbances_and_each_kind_is_left_out_of_some() {
    let mut scenario = scenario();
    scenario.sizes.disturbances = 300;
    // These begin with words of others.
    scenario.weights = Weights {
        storm: 0,
        damage: 0,
        meanwhile: 0,
        illegal: 0,
        ..scenario.weights
    };
    let strategy = PlanStrategy::new(&scenario);
    let cases: Vec<_> = (0..200)
        .map(|seed| kinds(&strategy.draw(large(seed))))
        .collect();
    let all: BTreeSet<String> = cases.iter().flatten().cloned().collect();
    for kind in &all {
        let times = cases.iter().filter(|case| case.contains(kind)).count();
        assert!((60..=140).contains(&times), "{kind}: {times} of 200");
    }
    assert!(cases.contains(&all));
    assert!(cases.iter().all(|case| !case.is_empty()));
}

#[test]
fn cases_have_different_kinds_of_requests() {
    let strategy = PlanStrategy::new(&scenario());
    let of = |plan: Plan| -> BTreeSet<String> {
        let requests = plan.steps.into_iter().filter_map(|step| match step.op {
            Op::Request { request, .. } => Some(format!("{:?} {}", request.kind, request.to)),
            _ => None,
        });
        requests.collect()
    };
    let cases: BTreeSet<_> = (0..300)
        .map(|seed| of(strategy.draw(large(seed))))
        .collect();
    // All parts of four that are not empty.
    assert_eq!(cases.len(), 15);
}

#[test]
fn half_of_the_cases_have_a_schedule_by_priorities_of_each_depth_up_to_five() {
    let strategy = PlanStrategy::new(&scenario());
    let mut times = [0; 6];
    for seed in 0..1000 {
        let plan = strategy.draw(large(seed));
        match plan.schedule {
            Schedule::Random => times[0] += 1,
            Schedule::Pct { depth, over } => {
                times[depth as usize] += 1;
                assert_eq!(over, 210);
            }
        }
    }
    assert!((440..560).contains(&times[0]), "{times:?}");
    assert!(
        times[1..].iter().all(|times| (60..140).contains(times)),
        "{times:?}"
    );
}

#[test]
fn absurd_sizes_and_weights_do_not_overflow() {
    let mut scenario = scenario();
    scenario.sizes.most_steps = u32::MAX;
    scenario.clients = u32::MAX;
    scenario.weights = Weights {
        kill: u32::MAX,
        start: u32::MAX,
        ..NONE
    };
    assert_eq!(PlanStrategy::new(&scenario).draw(large(1)).steps.len(), 210);
}

#[test]
fn a_plan_that_proptest_draws_is_drawn_again_from_the_seed_it_carries() {
    let strategy = PlanStrategy::new(&scenario());
    let tree = strategy.new_tree(&mut TestRunner::deterministic()).unwrap();
    let plan = tree.current();
    assert_eq!(strategy.draw(plan.seed), plan);
}

#[test]
fn proptest_finds_its_contract_kept() {
    let mut scenario = scenario();
    (scenario.sizes.requests, scenario.sizes.disturbances) = (4, 2);
    let options = CheckStrategySanityOptions {
        // Backing out of a removal goes on to another one, not half-way back.
        strict_complicate_after_simplify: false,
        ..CheckStrategySanityOptions::default()
    };
    check_strategy_sanity(PlanStrategy::new(&scenario), Some(options));
}

#[test]
fn the_release_handler_is_asked_for_all_that_it_can_do_with_each_release() {
    assert_eq!(
        drawn_with(Weights { release: 1, ..NONE }),
        [
            "check_install_release 1",
            "check_install_release 2",
            "install_release 1",
            "install_release 2",
            "make_permanent 1",
            "make_permanent 2",
            "reboot_old_release 1",
            "reboot_old_release 2",
            "remove_release 1",
            "remove_release 2",
            "unpack_release 1",
            "unpack_release 2",
        ]
    );
}

#[test]
fn an_application_is_moved_alone_to_where_an_appup_leads() {
    let version = |vsn: &str| ApplicationVersion::new(vsn, [("counter", vsn)]);
    let shop = Application::new("shop")
        .version(version("1"))
        .version(version("2").appup("a text"))
        .version(version("3"));
    let mut scenario = scenario().application(shop);
    scenario.weights = Weights {
        application: 1,
        ..NONE
    };
    // What it takes is drawn as well: the release with that version.
    let moves = drawn(&scenario).into_iter();
    let moves = Vec::from_iter(moves.filter(|op| op.contains("_app ")));
    assert_eq!(moves, ["downgrade_app shop 1", "upgrade_app shop 2"]);
    scenario.releases.clear();
    assert!(drawn(&scenario).is_empty());
}

/// How often, in many plans that favour an upgrade of the counter, it comes right behind an
/// op that begins so.
fn upgrades_behind(lead: &str, doing: Doing) -> usize {
    let strategy = PlanStrategy::new(&scenario());
    let offers = strategy.offers().into_iter();
    let mut upgrades = offers.filter(|offer| offer.deed == Deed::Upgrade);
    let number = upgrades.next().expect("the counter is upgraded").number;
    let favoured = Some(Favoured { number, doing });
    let plans = (0..50).map(|seed| strategy.draw(favouring(large(seed), favoured)));
    let behind = |plan: &Plan| {
        let ops: Vec<String> = plan.steps.iter().map(|step| step.op.to_string()).collect();
        let pairs = ops.windows(2);
        let pairs = pairs.filter(|ops| ops[1].starts_with("upgrade counter"));
        pairs.filter(|ops| ops[0].starts_with(lead)).count()
    };
    plans.map(|plan| behind(&plan)).sum()
}

#[test]
fn a_favoured_op_comes_right_behind_what_leads_to_what_it_is_to_meet() {
    assert!(upgrades_behind("suspend counter", Doing::Suspended) > 100);
    assert!(upgrades_behind("freeze counter", Doing::Frozen) > 100);
    assert!(upgrades_behind("suspend counter", Doing::Frozen) < 20);
    assert!(upgrades_behind("client", Doing::Blocked) > 100);
}
