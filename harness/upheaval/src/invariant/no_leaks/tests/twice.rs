//! What is held twice since an upgrade.

use super::super::NoLeaks;
use super::{COUNTER, SUP, story};
use crate::history::Carrier::Info;
use crate::history::Held::{Monitor, Timer};
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{Module, Scenario, Switch};

/// A counter in version 1, and another process of that module, which is never upgraded.
fn system() -> Story {
    let mut story = story();
    story.entered(COUNTER, "counter", "1");
    story.child(3, SUP, "counter").entered(3, "counter", "1");
    story
}

/// The same, and the counter was upgraded.
fn upgraded() -> Story {
    let mut story = system();
    upgrade(&mut story);
    story
}

fn upgrade(story: &mut Story) {
    story
        .loaded("counter", "2")
        .code_changed(COUNTER, ["counter", "1", "2"], "1", Some("2"))
        .entered(COUNTER, "counter", "2");
}

fn judge(story: &Story) -> Judgement {
    let counter = Module::new("counter", Switch::CodeChange);
    let scenario = Scenario::new("test", "").module(counter);
    NoLeaks.judge(&scenario, story.history())
}

fn violation(story: &Story) -> Violation {
    match judge(story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

/// Whether it holds that the counter has two timers at rest.
fn holds_with_two_timers(mut story: Story) -> bool {
    story
        .rested()
        .alive(COUNTER, 0)
        .twice(COUNTER, Timer, "tick");
    matches!(judge(&story), Judgement::Held { .. })
}

#[test]
fn b06_a_process_that_was_upgraded_and_holds_nothing_twice_holds() {
    let mut story = upgraded();
    story.rested().alive(SUP, 0).alive(COUNTER, 0).alive(3, 0);
    // Two children, two names, and what one holds that was upgraded.
    assert_eq!(judge(&story), Judgement::Held { checked: 5 });
}

#[test]
fn b06_two_timers_of_a_process_that_was_upgraded_are_a_violation() {
    let mut story = upgraded();
    story
        .rested()
        .alive(COUNTER, 0)
        .twice(COUNTER, Timer, "tick");
    let violation = violation(&story);
    assert_eq!(
        violation.message,
        "counter (process 2) was upgraded, and has two timers at rest that send tick: one that \
         it had begun before goes on, too"
    );
    // The conversion, the new version, and the look.
    assert_eq!(violation.evidence, [9, 10, 13]);
}

#[test]
fn b06_two_monitors_of_a_process_that_was_upgraded_are_a_violation() {
    let mut story = upgraded();
    story.rested().alive(COUNTER, 0);
    let sup = upheaval_term::Term::Pid(upheaval_term::Pid::local(SUP, 0)).to_string();
    story.twice(COUNTER, Monitor, &sup);
    assert_eq!(
        violation(&story).message,
        "counter (process 2) was upgraded, and monitors sup (process 1) twice at rest: one that \
         it had begun before goes on, too"
    );
}

#[test]
fn a07_who_picks_a_new_version_up_by_a_plain_load_is_upgraded_as_well() {
    let mut story = system();
    story.entered(COUNTER, "counter", "2");
    story
        .rested()
        .alive(COUNTER, 0)
        .twice(COUNTER, Timer, "tick");
    let counter = Module::new("counter", Switch::Load);
    let scenario = Scenario::new("test", "").module(counter);
    let judgement = NoLeaks.judge(&scenario, story.history());
    assert!(matches!(judgement, Judgement::Violated(_)), "{judgement:?}");
}

#[test]
fn who_was_never_upgraded_may_hold_something_twice() {
    assert!(holds_with_two_timers(system()));
}

#[test]
fn who_calls_the_code_of_another_module_is_not_upgraded_by_that() {
    let mut story = system();
    story.entered(COUNTER, "ledger", "2");
    assert!(holds_with_two_timers(story));
}

#[test]
fn what_a_process_of_one_version_holds_twice_is_meant() {
    let mut story = upgraded();
    story
        .rested()
        .alive(COUNTER, 0)
        .twice(COUNTER, Timer, "tick");
    story.alive(3, 0).twice(3, Monitor, "tick");
    assert!(matches!(judge(&story), Judgement::Violated(_)));
    story.twice(3, Timer, "tock");
    assert!(matches!(judge(&story), Judgement::Held { .. }));
}

#[test]
fn who_was_sent_the_message_by_another_may_have_two_timers() {
    let mut story = upgraded();
    story.sent(Info, 1, COUNTER, COUNTER, "tick");
    story.sent(Info, 2, 3, COUNTER, "tock");
    assert!(!holds_with_two_timers(story));
    let mut story = upgraded();
    story.sent(Info, 1, 3, COUNTER, "tick");
    assert!(holds_with_two_timers(story));
}

#[test]
fn for_whose_state_the_plan_answers_may_hold_something_twice() {
    let mut story = upgraded();
    story.interfered(3);
    assert!(!holds_with_two_timers(story));
    let mut story = upgraded();
    story.interfered(COUNTER);
    assert!(holds_with_two_timers(story));
}

#[test]
fn whose_upgrade_was_led_astray_may_hold_something_twice() {
    let mut story = system();
    story.op_begins(0).misled();
    upgrade(&mut story);
    story.op_ends("ok");
    assert!(holds_with_two_timers(story));
    // The next op is another.
    let mut story = system();
    story.op_begins(0).misled().op_ends("ok").op_begins(1);
    upgrade(&mut story);
    assert!(!holds_with_two_timers(story));
}

#[test]
fn who_came_into_a_version_unconverted_may_hold_something_twice() {
    let mut story = system();
    story
        .loaded("counter", "2")
        .entered(COUNTER, "counter", "2");
    assert!(holds_with_two_timers(story));
}

#[test]
fn who_comes_into_a_version_to_be_converted_there_is_upgraded() {
    let mut story = system();
    story
        .loaded("counter", "2")
        .entered(COUNTER, "counter", "2")
        .code_changed(COUNTER, ["counter", "1", "2"], "1", Some("2"));
    assert!(!holds_with_two_timers(story));
}

#[test]
fn who_went_on_from_a_version_unconverted_may_hold_something_twice() {
    let mut story = system();
    story
        .loaded("counter", "2")
        .entered(COUNTER, "counter", "2")
        .loaded("counter", "3")
        .entered(COUNTER, "counter", "3")
        .code_changed(COUNTER, ["counter", "2", "3"], "1", Some("2"));
    // What it did in version 2 with what it had from version 1, nobody knows.
    assert!(holds_with_two_timers(story));
}

#[test]
fn a_conversion_that_failed_upgrades_nobody() {
    let mut story = system();
    story.code_changed(COUNTER, ["counter", "1", "2"], "1", None);
    assert!(holds_with_two_timers(story));
}

#[test]
fn a_supervisor_holds_what_otp_lets_it_hold() {
    let mut story = upgraded();
    story.supervises(COUNTER, "{ok,{#{},[]}}");
    assert!(holds_with_two_timers(story));
}

#[test]
fn one_that_was_cut_short_is_inconclusive_whatever_it_held() {
    let mut story = upgraded();
    story.abandoned("too_long");
    assert!(matches!(judge(&story), Judgement::Inconclusive { .. }));
}
