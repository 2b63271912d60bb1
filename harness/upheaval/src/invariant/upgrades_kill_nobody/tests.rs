use super::UpgradesKillNobody;
use crate::history::Moved::{Module, Nothing, Release};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{self, Scenario, Switch};

const SUP: u32 = 1;
const LOOP: u32 = 2;

fn story() -> Story {
    let mut story = Story::new();
    story.loaded("acceptor", "1").spawned(SUP);
    story
        .registered(SUP, "sup")
        .supervises(SUP, "{ok,{#{},[]}}");
    story.child(LOOP, SUP, "acceptor").op_begins(0);
    story
}

fn judge(story: &Story) -> Judgement {
    let scenario =
        Scenario::new("shop", "").module(scenario::Module::new("acceptor", Switch::Load));
    UpgradesKillNobody.judge(&scenario, story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn a09_whom_the_purge_of_an_install_kills_is_a_violation() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").exited(LOOP, "killed");
    story.purged("acceptor", "1", 1);
    let at = story.last();
    story
        .loaded("acceptor", "2")
        .op_ends("{ok,\"1\",[]}")
        .rested();
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "acceptor 1 was purged by an upgrade, and 1 that still ran it was killed"
    );
    assert_eq!(violation.evidence, [6, 7, at]);
}

#[test]
fn c14_so_is_whom_a_release_kills_as_it_is_made_permanent() {
    let mut story = story();
    story.upgrades(Nothing, "shop", "2").exited(LOOP, "killed");
    story.purged("acceptor", "1", 1).op_ends("ok");
    violation(&story);
}

/// An upgrade that meets damage, and whose purge kills.
fn kills_beside_damage(then: impl FnOnce(&mut Story)) -> Judgement {
    let mut story = story();
    story
        .upgrades(Release, "shop", "2")
        .damaged("listener", "2");
    story.exited(LOOP, "killed").purged("acceptor", "1", 1);
    then(&mut story);
    story.op_ends("{ok,\"1\",[]}").rested();
    judge(&story)
}

#[test]
fn c12_whom_an_upgrade_without_the_damaged_module_kills_is_not_judged() {
    let judgement = kills_beside_damage(|_| {});
    assert_eq!(judgement, Judgement::Held { checked: 0 });
}

#[test]
fn c12_damage_that_did_not_keep_the_module_away_excuses_no_kill() {
    let judgement = kills_beside_damage(|story| {
        story.loaded("listener", "2");
    });
    assert!(matches!(judgement, Judgement::Violated(_)), "{judgement:?}");
}

#[test]
fn a05_a_purge_that_nobody_lingers_in_holds() {
    let mut story = story();
    story.upgrades(Release, "shop", "2");
    story
        .purged("acceptor", "1", 0)
        .op_ends("{ok,\"1\",[]}")
        .rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn a04_what_the_plan_purges_is_its_own_doing() {
    let mut story = story();
    story.exited(LOOP, "killed").purged("acceptor", "1", 1);
    story.op_ends("true").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
    let mut story = self::story();
    story.upgrades(Module, "acceptor", "2");
    story.exited(LOOP, "killed").purged("acceptor", "1", 1);
    story.op_ends("ok").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a05_who_lingers_in_what_the_plan_has_loaded_is_the_plans() {
    let mut story = story();
    story.loaded("acceptor", "2").op_ends("{module,acceptor}");
    story.op_begins(1).upgrades(Release, "shop", "2");
    story.exited(LOOP, "killed").purged("acceptor", "1", 1);
    story.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn who_is_held_up_by_the_plan_may_linger() {
    let mut story = story();
    story.fault(LOOP).suspended(LOOP).op_ends("ok");
    story.op_begins(1).upgrades(Release, "shop", "2");
    story.exited(LOOP, "killed").purged("acceptor", "1", 1);
    story.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn d03_a_supervisor_that_gives_up_within_an_install_is_a_violation() {
    let mut story = story();
    let crash = "{badarg,[{acceptor,loop,1,[]}]}";
    story.upgrades(Release, "shop", "2").exited(LOOP, crash);
    story.exited(SUP, "shutdown");
    let at = story.last();
    story.op_ends("{ok,\"1\",[]}").rested();
    let violation = violation(&story);
    assert!(violation.message.contains("sup (process 1) gave up"));
    assert_eq!(violation.at, at);
}

#[test]
fn d01_one_that_is_told_to_stop_holds() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").exited(LOOP, "killed");
    story.exited(SUP, "shutdown");
    story.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
    let mut story = self::story();
    story.upgrades(Release, "shop", "2").interfered(SUP);
    story.exited(LOOP, "oops").exited(SUP, "shutdown");
    story.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn c12_a_node_that_restarts_ends_everybody() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").restarted();
    story.exited(LOOP, "killed").exited(SUP, "killed");
    story.op_ends("{error,oops}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn who_was_frozen_may_linger_though_it_was_thawed() {
    let mut story = story();
    story.fault(LOOP).frozen(LOOP).op_ends("true").op_begins(1);
    story.thawed(LOOP).op_ends("true").op_begins(2);
    story.upgrades(Release, "shop", "2").exited(LOOP, "killed");
    story.purged("acceptor", "1", 1).op_ends("{ok,\"1\",[]}");
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}
