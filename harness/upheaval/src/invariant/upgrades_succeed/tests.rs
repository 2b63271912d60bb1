use super::UpgradesSucceed;
use crate::history::Moved::{Application, Module, Release};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{self, Scenario, Switch};

const SUP: u32 = 1;
const COUNTER: u32 = 2;
const FAILED: &str = "{error,{code_change_failed,counter}}";

/// A supervisor and its child, and the first op.
fn story() -> Story {
    let mut story = Story::new();
    story.loaded("counter", "1").spawned(SUP);
    story
        .registered(SUP, "sup")
        .supervises(SUP, "{ok,{#{},[]}}");
    story.child(COUNTER, SUP, "counter").op_begins(0);
    story
}

fn judge(story: &Story) -> Judgement {
    let scenario = Scenario::new("shop", "")
        .module(scenario::Module::new("counter", Switch::CodeChange))
        .module(scenario::Module::new("ledger", Switch::Load));
    UpgradesSucceed.judge(&scenario, story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

/// An install that gives this, after what has been told.
fn install<'a>(story: &'a mut Story, result: &str) -> &'a mut Story {
    story.op_begins(7).upgrades(Release, "shop", "2");
    story.op_ends(result)
}

#[test]
fn c10_an_install_that_says_ok_holds() {
    let mut story = story();
    install(&mut story, "{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn c12_an_install_that_fails_and_restarts_the_node_is_a_violation() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").restarted();
    let restarted = story.last();
    story.exited(COUNTER, "killed").op_ends(FAILED);
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "the install of release 2 gave {error,{code_change_failed,counter}}, and the node \
         restarted: all states are lost"
    );
    assert_eq!(violation.at, restarted);
}

#[test]
fn c13_an_application_that_is_left_between_versions_is_a_violation() {
    let mut story = story();
    story
        .upgrades(Application, "shop", "2")
        .op_ends("{'EXIT',{code_change_failed,counter}}");
    assert!(violation(&story).message.contains("application shop"));
}

#[test]
fn c02_an_upgrade_of_a_module_that_fails_is_a_violation() {
    let mut story = story();
    story.upgrades(Module, "counter", "2").op_ends(FAILED);
    assert!(violation(&story).message.contains("module counter"));
}

#[test]
fn c09_a_process_that_ends_by_itself_is_no_excuse() {
    let mut story = story();
    story.upgrades(Release, "shop", "2");
    story.exited(COUNTER, "normal").op_ends(FAILED);
    let violation = violation(&story);
    assert_eq!(violation.evidence.len(), 3);
}

#[test]
fn c15_what_is_refused_is_no_upgrade() {
    for result in [
        "{error,{no_such_release,\"2\"}}",
        "{error,{already_installed,\"2\"}}",
        "{error,{no_matching_relup,\"2\",\"1\"}}",
        "{error,{old_processes,counter}}",
        "{error,{app_not_running,shop}}",
        "{error,no_appup_found}",
        "{error,{badmatch,\"1\"}}",
    ] {
        let mut story = story();
        install(&mut story, result).rested();
        assert_eq!(judge(&story), Judgement::Held { checked: 0 }, "{result}");
    }
}

#[test]
fn c07_a_process_that_the_plan_suspended_may_stand_in_the_way() {
    let mut story = story();
    story.fault(COUNTER).suspended(COUNTER).op_ends("ok");
    install(&mut story, FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn c07_one_that_it_has_resumed_does_not() {
    let mut story = story();
    story.fault(COUNTER).suspended(COUNTER).op_ends("ok");
    story.op_begins(1).resumed(COUNTER).op_ends("ok");
    install(&mut story, FAILED);
    violation(&story);
}

#[test]
fn c09_whom_the_plan_has_ended_may_be_missed_as_he_is_started_again() {
    let mut story = story();
    story
        .fault(COUNTER)
        .exited(COUNTER, "killed")
        .op_ends("true");
    story.op_begins(1).upgrades(Release, "shop", "2");
    story.child(3, SUP, "counter").op_ends(FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn c09_whoever_is_there_again_is_not() {
    let mut story = story();
    story
        .fault(COUNTER)
        .exited(COUNTER, "killed")
        .op_ends("true");
    story.child(3, SUP, "counter");
    install(&mut story, FAILED);
    violation(&story);
}

#[test]
fn a_fault_that_was_not_answered_may_take_effect_at_any_time() {
    let mut story = story();
    story.fault(COUNTER).op_ends("{error,timeout}");
    install(&mut story, FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_fault_at_nobody_alone_stands_in_the_way() {
    let mut story = story();
    story.fault(None).op_ends("true");
    install(&mut story, FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_supervisor_that_has_ended_stands_in_the_way() {
    let mut story = story();
    story.op_ends("ok").exited(SUP, "shutdown");
    install(&mut story, FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_module_to_be_converted_must_not_be_loaded_by_hand_and_others_may() {
    let judge_with = |module| {
        let mut story = story();
        story.loaded(module, "2").op_ends("{module,m}");
        install(&mut story, FAILED).rested();
        judge(&story)
    };
    assert_eq!(judge_with("counter"), Judgement::Held { checked: 0 });
    assert!(matches!(judge_with("ledger"), Judgement::Violated(_)));
}

#[test]
fn a03_a_module_that_the_plan_has_deleted_stands_in_the_way() {
    let mut story = story();
    story.deleted("counter", "1").op_ends("true");
    install(&mut story, FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_state_of_the_plans_stands_in_the_way_as_long_as_its_process_lives() {
    let mut story = story();
    story.fault(COUNTER).interfered(COUNTER).op_ends("ok");
    install(&mut story, FAILED);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_release_handler_that_was_misled_may_fail_and_restart_the_node() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").misled().restarted();
    story.op_ends(FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_was_before_a_restart_stands_in_nobodys_way_after_it() {
    let mut story = story();
    story.fault(None).op_ends("true").op_begins(1).restarted();
    story.op_ends("ok");
    install(&mut story, FAILED);
    violation(&story);
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}

const NO_FILE: &str = "{error,{no_such_file,\"counter.beam\"}}";
const BADFILE: &str = "{error,{'EXIT',{{badmatch,{error,badfile}},[]}}}";

/// The same while the artifact of the counter that is to come is damaged.
fn damaged<'a>(story: &'a mut Story, then: impl FnOnce(&mut Story), result: &str) -> &'a mut Story {
    story.op_begins(7).upgrades(Release, "shop", "2");
    then(story.damaged("counter", "2"));
    story.op_ends(result)
}

#[test]
fn c11_a_file_that_the_plan_took_away_is_nobodys_fault_and_in_the_way_of_nothing_later() {
    let mut story = story();
    damaged(&mut story, |_| (), NO_FILE);
    install(&mut story, "{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
    damaged(&mut story, |_| (), NO_FILE);
    assert!(
        violation(install(&mut story, NO_FILE))
            .message
            .contains("no_such_file")
    );
}

#[test]
fn c12_a_file_that_cannot_be_loaded_is_the_plans_fault() {
    let mut story = story();
    let restarts = |story: &mut Story| {
        story.restarted();
    };
    damaged(&mut story, restarts, BADFILE).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
    // What was loaded once more is current by then.
    let loaded = |story: &mut Story| {
        story.loaded("counter", "2");
    };
    damaged(&mut story, loaded, BADFILE);
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn b06_a_conversion_to_a_version_that_nobody_expected_fails_by_the_plan() {
    let mut story = story();
    let stale = |story: &mut Story| {
        story.loaded("counter", "1").restarted();
    };
    damaged(&mut story, stale, FAILED).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_fails_though_the_module_was_brought_fails_by_something_else() {
    let mut story = story();
    let brought = |story: &mut Story| {
        story.loaded("counter", "2").restarted();
    };
    damaged(&mut story, brought, FAILED);
    assert!(violation(&story).message.contains("release 2"));
}
