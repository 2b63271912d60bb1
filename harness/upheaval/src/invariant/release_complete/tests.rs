use upheaval_term::Term;

use super::ReleaseComplete;
use crate::history::Moved::{Application, Release};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{self, ApplicationVersion, Module, Process, Scenario, Source, Switch};

const SUP: u32 = 1;
const COUNTER: u32 = 2;
const OFFICE: u32 = 3;

fn scenario() -> Scenario {
    let module = |name: &str, switch| {
        let source = || Source::File("nowhere.so".into());
        Module::new(name, switch)
            .version("1", source())
            .version("2", source())
    };
    let version = |vsn, ledger| {
        let modules = [("counter", vsn), ("ledger", ledger), ("office_sup", vsn)];
        ApplicationVersion::new(vsn, modules)
    };
    let release = |vsn| scenario::Release::new(vsn, [("shop", vsn)]);
    Scenario::new("shop", "")
        .module(module("counter", Switch::CodeChange))
        .module(module("ledger", Switch::Load))
        .module(module("office_sup", Switch::Supervisor))
        .process(Process::new("office", "office_sup", Term::Int(0)))
        .application(
            scenario::Application::new("shop")
                .version(version("1", "1"))
                .version(version("2", "2")),
        )
        .release(release("1"))
        .release(release("2"))
}

/// The first release runs, and the second is about to be installed.
fn story() -> Story {
    let mut story = Story::new();
    story.loaded("counter", "1").loaded("ledger", "1");
    story.loaded("office_sup", "1").spawned(SUP);
    story.supervises(SUP, "{ok,{#{},[]}}");
    story
        .child(COUNTER, SUP, "counter")
        .registered(COUNTER, "counter");
    story.spawned(OFFICE).registered(OFFICE, "office");
    story.supervises(OFFICE, "{ok,{#{},[]}}").op_begins(0);
    story
}

/// What an appup does that forgets nothing, up to the load of the ledger.
fn most(story: &mut Story) -> &mut Story {
    story.upgrades(Release, "shop", "2").suspended(COUNTER);
    story.suspended(OFFICE).loaded("counter", "2");
    story
        .loaded("office_sup", "2")
        .resumed(COUNTER)
        .resumed(OFFICE)
}

fn judge(story: &Story) -> Judgement {
    ReleaseComplete.judge(&scenario(), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[test]
fn c10_an_install_that_brings_all_holds() {
    let mut story = story();
    most(&mut story).loaded("ledger", "2");
    story.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 5 });
}

#[test]
fn c10_a_module_that_an_appup_forgets_is_a_violation() {
    let mut story = story();
    most(&mut story).op_ends("{ok,\"1\",[]}");
    let at = story.last();
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "the install of release 2 gave {ok,\"1\",[]}, and ledger 1 is still current, not version 2"
    );
    assert_eq!(violation.at, at);
}

#[test]
fn c13_so_it_is_where_the_application_is_moved_alone() {
    let mut story = story();
    story.upgrades(Application, "shop", "2").op_ends("{ok,[]}");
    violation(&story);
}

#[test]
fn c05_a_process_that_was_not_found_is_a_violation() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").suspended(OFFICE);
    story.loaded("counter", "2").loaded("office_sup", "2");
    story.loaded("ledger", "2").op_ends("{ok,\"1\",[]}");
    let violation = violation(&story);
    assert!(
        violation
            .message
            .contains("did not find counter (process 2)"),
        "{}",
        violation.message
    );
}

#[test]
fn b13_so_is_a_supervisor_that_was_not_told() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").suspended(COUNTER);
    story.loaded("counter", "2").loaded("office_sup", "2");
    story.loaded("ledger", "2").op_ends("{ok,\"1\",[]}");
    assert!(violation(&story).message.contains("did not find office"));
}

#[test]
fn c08_who_does_not_answer_in_time_is_left_out_by_right() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").clock(5000);
    story.loaded("counter", "2").loaded("office_sup", "2");
    story
        .loaded("ledger", "2")
        .op_ends("{ok,\"1\",[]}")
        .rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 3 });
}

#[test]
fn c05_who_is_started_meanwhile_or_by_no_supervisor_is_found_by_nobody() {
    let mut story = story();
    most(&mut story)
        .child(4, SUP, "counter")
        .child(5, COUNTER, "counter");
    story
        .loaded("ledger", "2")
        .op_ends("{ok,\"1\",[]}")
        .rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 5 });
}

#[test]
fn what_the_plan_has_loaded_by_hand_is_its_own() {
    let mut story = story();
    story.loaded("ledger", "1").op_ends("{module,ledger}");
    story.op_begins(1);
    most(&mut story).op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a13_a_module_that_the_plan_has_stuck_stays() {
    let mut story = story();
    story.fault(None).op_ends("true").op_begins(1);
    most(&mut story).op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_says_that_it_failed_is_not_called_good() {
    let mut story = story();
    most(&mut story).op_ends("{error,oops}").rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_lacks_since_its_artifact_was_damaged_is_the_plans_and_all_else_is_judged() {
    let mut one = story();
    most(&mut one).damaged("ledger", "2").loaded("ledger", "1");
    one.op_ends("{ok,\"1\",[]}").rested();
    assert_eq!(judge(&one), Judgement::Held { checked: 4 });
    let mut other = story();
    most(&mut other)
        .damaged("counter", "2")
        .loaded("counter", "1");
    other.op_ends("{ok,\"1\",[]}").rested();
    assert!(
        violation(&other)
            .message
            .contains("ledger 1 is still current")
    );
}
