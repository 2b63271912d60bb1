use upheaval_term::Term;

use super::NoCrashes;
use crate::history::Carrier::{Call, Cast};
use crate::history::Moved::Release;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{Kind, Module, Process, RequestSpec, Scenario, Switch};

const CLIENT: u32 = 1;
const TILL: u32 = 2;
const COUNTER: u32 = 3;

const CRASH: &str = "{{badmatch,none},[{till,handle_call,3,[]}]}";
const UNDEF: &str = "{undef,[{scale,weigh,[1],[]},{till,handle_call,3,[]}]}";
const BADFUN: &str = "{{badfun,old},[{till,handle_call,3,[]}]}";

fn scenario() -> Scenario {
    let crashing = RequestSpec::new(1, Kind::Cast, "till", |_| Term::atom("crash"));
    Scenario::new("test", "")
        .module(Module::new("till", Switch::Load))
        .module(Module::new("scale", Switch::Load))
        .module(Module::new("counter", Switch::CodeChange))
        .process(Process::new("till", "till", Term::Int(0)))
        .request(crashing.may_crash())
}

fn judge(story: &Story) -> Judgement {
    NoCrashes.judge(&scenario(), story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

/// A till and a counter, and the first op.
fn story() -> Story {
    let mut story = Story::new();
    for module in ["till", "scale", "counter"] {
        story.loaded(module, "1");
    }
    story.spawned(CLIENT).child(TILL, CLIENT, "till");
    story.registered(TILL, "till").entered(TILL, "till", "1");
    story.child(COUNTER, CLIENT, "counter");
    story
        .registered(COUNTER, "counter")
        .entered(COUNTER, "counter", "1");
    story.op_begins(0);
    story
}

/// The till crashes with this on a call, and all comes to rest.
fn crashes(mut story: Story, reason: &str) -> Story {
    story
        .sent(Call, 1, CLIENT, TILL, "charge")
        .received(1, TILL);
    story.exited(TILL, reason).rested();
    story
}

#[test]
fn a07_a_crash_is_a_violation() {
    let mut story = story();
    story.entered(TILL, "till", "2");
    let entered = story.last();
    let violation = violation(&crashes(story, CRASH));
    assert_eq!(
        violation.message,
        "till (process 2) crashed in till 2 with {badmatch,none}"
    );
    assert_eq!(violation.evidence, [entered, entered + 2, entered + 3]);
}

#[test]
fn a06_a_fun_whose_code_is_gone_crashes() {
    violation(&crashes(story(), BADFUN));
}

#[test]
fn a_return_value_that_no_behaviour_takes_is_a_crash() {
    violation(&crashes(story(), "{bad_return_value,oops}"));
}

#[test]
fn a_panic_is_a_crash() {
    violation(&crashes(
        story(),
        "{{panic,<<\"oops\">>},[{till,handle_call,3,[]}]}",
    ));
}

#[test]
fn e07_an_exit_that_is_no_error_of_its_own_holds() {
    for reason in [
        "killed",
        "shutdown",
        "oops",
        "{shutdown,bye}",
        "{timeout,{gen_server,call,[gate,ask]}}",
        "{{badmatch,none},{gen_server,call,[gate,ask]}}",
    ] {
        let judgement = judge(&crashes(story(), reason));
        assert_eq!(judgement, Judgement::Held { checked: 1 }, "{reason}");
    }
}

#[test]
fn what_a_link_passes_on_of_an_excused_crash_is_excused() {
    let mut story = story();
    story.fault(COUNTER).exited(COUNTER, CRASH).op_ends("ok");
    assert_eq!(
        judge(&crashes(story, CRASH)),
        Judgement::Held { checked: 1 }
    );
}

#[test]
fn whom_the_plan_has_done_something_to_may_crash() {
    let mut with_fault = story();
    with_fault.fault(TILL);
    let mut with_state = story();
    with_state.interfered(TILL);
    let mut misled = story();
    misled.misled();
    let mut of_all = story();
    of_all.fault(None);
    for story in [with_fault, with_state, misled, of_all] {
        assert_eq!(
            judge(&crashes(story, CRASH)),
            Judgement::Held { checked: 0 }
        );
    }
}

#[test]
fn a_fault_is_over_once_the_node_restarts() {
    let mut story = story();
    story.fault(None).op_ends("ok").op_begins(1).restarted();
    story
        .op_ends("ok")
        .child(9, CLIENT, "till")
        .exited(9, CRASH);
    violation(&story);
}

#[test]
fn a03_undef_of_a_module_that_the_plan_has_deleted_holds() {
    let mut story = story();
    story.deleted("scale", "1").op_ends("true");
    assert_eq!(
        judge(&crashes(story, UNDEF)),
        Judgement::Held { checked: 1 }
    );
}

#[test]
fn a03_undef_of_one_that_an_appup_has_deleted_is_a_violation() {
    let mut story = story();
    story.upgrades(Release, "shop", "2").deleted("till", "1");
    story.loaded("till", "2").op_ends("{ok,\"1\",[]}");
    violation(&crashes(story, UNDEF));
}

#[test]
fn a12_undef_of_a_module_that_could_never_be_loaded_holds() {
    let mut story = Story::new();
    story.loaded("till", "1").loaded("counter", "1");
    story
        .spawned(CLIENT)
        .child(TILL, CLIENT, "till")
        .op_begins(0);
    assert_eq!(
        judge(&crashes(story, UNDEF)),
        Judgement::Held { checked: 1 }
    );
}

#[test]
fn a12_undef_of_a_module_that_was_loaded_only_after_the_process_met_it_holds() {
    let start = |story: &mut Story| {
        story.loaded("till", "1").loaded("counter", "1");
        story.spawned(CLIENT).child(TILL, CLIENT, "till");
        story.op_begins(0).sent(Call, 1, CLIENT, TILL, "charge");
    };
    let mut story = Story::new();
    start(&mut story);
    story.received(1, TILL).loaded("scale", "2");
    story.exited(TILL, UNDEF).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
    // What was there before it met it was not waited for.
    let mut story = Story::new();
    start(&mut story);
    story.loaded("scale", "2").received(1, TILL);
    story.exited(TILL, UNDEF).rested();
    violation(&story);
}

#[test]
fn a07_undef_of_a_function_that_is_not_there_is_a_violation() {
    violation(&crashes(story(), UNDEF));
}

/// The counter crashes in version 2, having been told to convert its state or not.
fn upgraded(ms: u64, is_converted: bool) -> Story {
    let mut story = story();
    story.upgrades(Release, "shop", "2").clock(ms);
    story.loaded("counter", "2");
    if is_converted {
        story.code_changed(COUNTER, ["counter", "1", "2"], "0", Some("0"));
    }
    story
        .op_ends("{ok,\"1\",[]}")
        .entered(COUNTER, "counter", "2");
    story.exited(COUNTER, CRASH).rested();
    story
}

#[test]
fn b06_who_crashes_once_converted_is_a_violation() {
    violation(&upgraded(5000, true));
}

#[test]
fn c05_who_was_found_by_no_upgrade_is_a_violation() {
    violation(&upgraded(5, false));
}

#[test]
fn c08_who_may_not_have_answered_may_crash() {
    assert_eq!(
        judge(&upgraded(5000, false)),
        Judgement::Held { checked: 0 }
    );
}

#[test]
fn c05_who_is_started_in_the_middle_of_an_upgrade_may_crash() {
    let mut story = story();
    story
        .upgrades(Release, "shop", "2")
        .child(9, CLIENT, "counter");
    story.entered(9, "counter", "1").loaded("counter", "2");
    story.op_ends("{ok,\"1\",[]}").entered(9, "counter", "2");
    story.exited(9, CRASH).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn what_is_to_be_converted_and_was_loaded_by_hand_may_crash() {
    let mut story = story();
    story.loaded("counter", "2").op_ends("{module,counter}");
    story
        .entered(COUNTER, "counter", "2")
        .exited(COUNTER, CRASH);
    story.rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 0 });
}

#[test]
fn a_request_that_may_crash_its_server_may() {
    let mut story = story();
    story.sent(Cast, 1, CLIENT, TILL, "crash").received(1, TILL);
    story.exited(TILL, CRASH).rested();
    assert_eq!(judge(&story), Judgement::Held { checked: 1 });
}

#[test]
fn a_run_that_was_cut_short_is_inconclusive() {
    let mut story = story();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}

/// A release is installed while the artifact of the counter is damaged, and this is loaded.
fn installed_damaged(loaded: &str, result: &str) -> Story {
    let mut story = story();
    story.upgrades(Release, "shop", "2").damaged("counter", "2");
    story.loaded("counter", loaded).op_ends(result);
    story
}

#[test]
fn versions_that_were_not_made_for_each_other_are_the_plans() {
    let ok = "{ok,\"1\",[]}";
    let held = judge(&crashes(installed_damaged("1", ok), CRASH));
    assert!(matches!(held, Judgement::Held { .. }), "{held:?}");
    violation(&crashes(installed_damaged("2", ok), CRASH));
    violation(&crashes(installed_damaged("1", "{error,enoent}"), CRASH));
}
