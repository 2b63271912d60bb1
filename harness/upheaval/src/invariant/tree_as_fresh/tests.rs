use super::TreeAsFresh;
use crate::history::Moved::{Module, Release};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::Scenario;

const OFFICE: u32 = 1;
const DESK: u32 = 2;
const LAMP: u32 = 3;

/// What `init` of an office with these children gives.
fn office(children: &[&str]) -> String {
    let spec = |name: &&str| format!("#{{id => {name},start => {{echo,start_link,[{name},0]}}}}");
    let specs: Vec<String> = children.iter().map(spec).collect();
    format!("{{ok,{{#{{}},[{}]}}}}", specs.join(","))
}

/// An office with a desk, which is upgraded to these children.
fn upgraded(children: &[&str]) -> Story {
    let mut story = Story::new();
    story.spawned(OFFICE).registered(OFFICE, "office");
    story.supervises(OFFICE, &office(&["desk"]));
    story.child(DESK, OFFICE, "echo").registered(DESK, "desk");
    story.op_begins(0).upgrades(Release, "shop", "2");
    story.supervises(OFFICE, &office(children));
    story
}

fn judge(story: &Story) -> Judgement {
    TreeAsFresh.judge(&Scenario::new("shop", ""), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn b13_a_child_that_was_added_and_never_started_is_a_violation() {
    let mut story = upgraded(&["desk", "lamp"]);
    let told = story.last();
    story.op_ends("{ok,\"1\",[]}").rested();
    let rest = story.last();
    story.alive(OFFICE, 0).alive(DESK, 0);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "office (process 1) lists a child lamp since it was upgraded, and has never started it: \
         a fresh start would"
    );
    assert_eq!(violation.evidence, [told, rest]);
}

/// An office that lists a lamp since its upgrade, which met this damage, and never starts it.
fn upgraded_beside_damage(then: impl FnOnce(&mut Story)) -> Judgement {
    let mut story = upgraded(&["desk", "lamp"]);
    story.damaged("lamp", "2");
    then(&mut story);
    story.op_ends("{ok,\"1\",[]}").rested();
    story.alive(OFFICE, 0).alive(DESK, 0);
    judge(&story)
}

#[test]
fn c12_what_an_upgrade_without_the_damaged_module_did_to_the_tree_is_not_judged() {
    let judgement = upgraded_beside_damage(|_| {});
    assert_eq!(judgement, Judgement::Held { checked: 0 });
}

#[test]
fn c12_damage_that_did_not_keep_the_module_away_excuses_nothing() {
    let judgement = upgraded_beside_damage(|story| {
        story.loaded("lamp", "2");
    });
    assert!(matches!(judgement, Judgement::Violated(_)), "{judgement:?}");
}

#[test]
fn b13_one_that_the_appup_starts_holds() {
    let mut story = upgraded(&["desk", "lamp"]);
    story.child(LAMP, OFFICE, "echo").registered(LAMP, "lamp");
    story.op_ends("{ok,\"1\",[]}").rested();
    story.alive(OFFICE, 0).alive(DESK, 0).alive(LAMP, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn b13_one_whose_start_fails_in_the_appup_is_a_violation() {
    let mut story = upgraded(&["desk", "lamp"]);
    story.child(LAMP, OFFICE, "echo").registered(LAMP, "lamp");
    story.exited(LAMP, "no_socket");
    let failed = story.last();
    story.op_ends("{ok,\"1\",[]}").rested();
    story.alive(OFFICE, 0).alive(DESK, 0);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "office (process 1) lists a child lamp since it was upgraded, and has never started it \
         without failure: a fresh start would"
    );
    assert!(violation.evidence.contains(&failed));
}

#[test]
fn b13_one_that_is_started_at_the_second_attempt_holds() {
    let mut story = upgraded(&["desk", "lamp"]);
    story.child(LAMP, OFFICE, "echo").registered(LAMP, "lamp");
    story.exited(LAMP, "no_socket");
    story.child(4, OFFICE, "echo").registered(4, "lamp");
    story.op_ends("{ok,\"1\",[]}").rested();
    story.alive(OFFICE, 0).alive(DESK, 0).alive(4, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn d02_one_that_fails_after_the_appup_is_for_another_to_judge() {
    let mut story = upgraded(&["desk", "lamp"]);
    story.child(LAMP, OFFICE, "echo").registered(LAMP, "lamp");
    story.op_ends("{ok,\"1\",[]}").exited(LAMP, "no_socket");
    story.rested().alive(OFFICE, 0).alive(DESK, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 2 });
}

#[test]
fn b13_a_child_that_is_gone_from_the_list_and_runs_on_is_a_violation() {
    let mut story = upgraded(&[]);
    story.op_ends("{ok,\"1\",[]}").rested();
    story.alive(OFFICE, 0).alive(DESK, 0);
    let at = story.last();
    let violation = violation(&story);
    assert!(violation.message.contains("does not list desk (process 2)"));
    assert_eq!(violation.at, at);
}

#[test]
fn b13_one_that_the_appup_stops_holds() {
    let mut story = upgraded(&[]);
    story.exited(DESK, "shutdown").op_ends("{ok,\"1\",[]}");
    story.rested().alive(OFFICE, 0);
    assert!(matches!(judge(&story), Judgement::Held { .. }));
}

#[test]
fn d02_a_child_that_was_started_and_has_ended_is_for_another_to_judge() {
    let mut story = upgraded(&["desk"]);
    story.op_ends("{ok,\"1\",[]}").exited(DESK, "normal");
    story.rested().alive(OFFICE, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn children_with_other_names_are_counted() {
    let mut story = Story::new();
    story.spawned(OFFICE).supervises(OFFICE, &office(&["any"]));
    story.child(DESK, OFFICE, "echo").registered(DESK, "desk");
    story.op_begins(0).upgrades(Release, "shop", "2");
    story.supervises(OFFICE, &office(&["any"]));
    story.op_ends("{ok,\"1\",[]}").rested();
    story.alive(OFFICE, 0).alive(DESK, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn an_upgrade_of_a_module_has_nobody_who_could_start_a_child() {
    let mut story = Story::new();
    story.spawned(OFFICE).supervises(OFFICE, &office(&[]));
    story.op_begins(0).upgrades(Module, "office_sup", "2");
    story.supervises(OFFICE, &office(&["lamp"])).op_ends("ok");
    story.rested().alive(OFFICE, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_the_plan_has_done_to_a_supervisor_is_its_own() {
    for fault in [Some(OFFICE), None] {
        let mut story = upgraded(&["desk", "lamp"]);
        story.op_ends("{ok,\"1\",[]}").op_begins(1).fault(fault);
        story.op_ends("ok").rested();
        story.alive(OFFICE, 0).alive(DESK, 0);
        assert_eq!(judge(&story), Judgement::Held { checked: 0 });
    }
}

#[test]
fn d04_a_supervisor_that_is_not_there_has_no_children() {
    let mut story = upgraded(&["desk", "lamp"]);
    story
        .op_ends("{ok,\"1\",[]}")
        .exited(OFFICE, "shutdown")
        .rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn after_an_upgrade_that_failed_nothing_is_said() {
    let mut story = upgraded(&["desk", "lamp"]);
    story.op_ends("{error,oops}").rested();
    story.alive(OFFICE, 0).alive(DESK, 0);
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}
