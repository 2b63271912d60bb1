//! A release handler that a plan has led astray: what runs is not what its books say, so
//! what it does to states then is the plan's doing, and no fault of a module.

use properties::{Story, embedded, has_erlang, on_beam, run_plan_on};
use upheaval::history::Event;
use upheaval::invariant::{Invariant, Judgement, StateConversion};
use upheaval::scenario::Scenario;

fn scenario(name: &str) -> Scenario {
    match sample_scenarios::find(name) {
        Some(scenario) => scenario,
        None => panic!("there is no scenario {name}"),
    }
}

/// The sample scenario of releases, with other steps from release 1 to 2.
fn with_steps(steps: &str) -> Scenario {
    let mut scenario = scenario("releases");
    let appup = format!("{{\"2\", [{{\"1\", [{steps}]}}], [{{\"1\", []}}]}}.");
    scenario.applications[0].versions[1].appup = Some(appup);
    scenario
}

/// What happens on the embedded node, and on a real one where there is Erlang.
fn stories(scenario: &Scenario, ops: &str) -> Vec<Story> {
    let mut stories = vec![run_plan_on(&mut embedded(scenario), ops)];
    if has_erlang() {
        stories.push(on_beam(scenario, |beam| run_plan_on(beam, ops)));
    }
    stories
}

/// How many conversions are right, where none is wrong.
fn converted(scenario: &Scenario, story: &Story) -> u64 {
    match StateConversion.judge(scenario, story.history()) {
        Judgement::Held { checked } => checked,
        other => panic!("{other:?} of\n{}", story.history().print()),
    }
}

/// Whether a `code_change` has failed.
fn fails(story: &Story) -> bool {
    let mut events = story.history().events().iter();
    events.any(|event| matches!(event, Event::CodeChanged { after: None, .. }))
}

fn is_misled(story: &Story) -> bool {
    story.history().events().contains(&Event::Misled)
}

#[test]
fn c13_a_release_that_an_application_was_moved_ahead_of_converts_what_is_converted() {
    let releases = scenario("releases");
    let ops = "unpack_release 2\n\
               upgrade_app shop 2\n\
               install_release 2\n\
               unpack_release 3\n\
               install_release 2\n\
               install_release 3";
    for story in stories(&releases, ops) {
        assert!(is_misled(&story) && fails(&story));
        // The node restarts for it (C12), and from there on all is as the books say:
        // counter is converted from 1 to 2 and to 3, besides once by upgrade_app.
        assert_eq!(story.result(6), "{ok,\"2\",[]}");
        assert!(converted(&releases, &story) >= 3);
    }
}

#[test]
fn c15_a_release_that_was_removed_while_it_runs_is_left_for_a_version_that_nobody_has() {
    let releases = scenario("releases");
    let ops = "unpack_release 2\n\
               unpack_release 3\n\
               install_release 2\n\
               install_release 3\n\
               remove_release 3\n\
               install_release 2";
    for story in stories(&releases, ops) {
        assert!(is_misled(&story) && fails(&story));
        converted(&releases, &story);
    }
}

#[test]
fn c13_an_application_that_is_left_between_two_versions_has_states_that_its_caller_repairs() {
    let scenario = with_steps(
        "{load_object_code, {shop, \"2\", [counter]}}, point_of_no_return, \
         {suspend, [counter]}, {load, {counter, brutal_purge, brutal_purge}}, \
         {apply, {erlang, error, [oops]}}, {code_change, up, [{counter, []}]}, \
         {resume, [counter]}",
    );
    let ops = "unpack_release 2\nupgrade_app shop 2\nclient 1 calls counter get";
    for story in stories(&scenario, ops) {
        assert!(story.result(2).starts_with("{'EXIT',{'EXIT',{oops,"));
        converted(&scenario, &story);
    }
}

#[test]
fn c15_a_release_handler_whose_books_are_right_is_not_misled() {
    let releases = scenario("releases");
    let ops = "unpack_release 2\n\
               unpack_release 3\n\
               install_release 2\n\
               make_permanent 2\n\
               install_release 3\n\
               remove_release 1\n\
               install_release 2\n\
               upgrade_app shop 3\n\
               downgrade_app shop 2\n\
               install_release 3";
    for story in stories(&releases, ops) {
        assert_eq!(story.result(10), "{ok,\"2\",[]}");
        assert!(!is_misled(&story), "{}", story.history().print());
        assert!(converted(&releases, &story) >= 6);
    }
    let gateway = scenario("gateway");
    let ops = "unpack_release 2\nunpack_release 3\n\
               install_release 2\ninstall_release 3\ninstall_release 2";
    for story in stories(&gateway, ops) {
        assert_eq!(story.result(5), "{ok,\"2\",[]}");
        assert!(!is_misled(&story), "{}", story.history().print());
    }
}

#[test]
fn c15_an_application_that_is_started_without_its_release_misleads() {
    let gateway = scenario("gateway");
    // The node restarts in release 1, as the suspended listener is met (C7), and finds the
    // metrics of release 3.
    let ops = "unpack_release 2\n\
               unpack_release 3\n\
               suspend listener\n\
               install_release 2\n\
               start metrics_sup\n\
               client 1 asks meter 3\n\
               install_release 2";
    for story in stories(&gateway, ops) {
        assert_eq!(story.result(7), "{ok,\"1\",[]}");
        assert!(is_misled(&story), "{}", story.history().print());
        converted(&gateway, &story);
    }
}
