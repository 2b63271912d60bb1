//! Release ops on real nodes: the release handler moves the scenario's application, in
//! the middle of traffic, and what it does is seen.

use properties::{Story, on_beam, run_plan_on};
use upheaval::conformance::{Moment, moments};
use upheaval::history::History;
use upheaval::invariant::{Judgement, default_invariants};
use upheaval::scenario::Scenario;
use upheaval::target::Watched;

use crate::needs_erlang;

fn releases() -> Scenario {
    match sample_scenarios::find("releases") {
        Some(scenario) => scenario,
        None => panic!("there is no scenario of releases"),
    }
}

/// The same, with other steps from release 1 to 2.
fn with_steps(steps: &str) -> Scenario {
    let mut scenario = releases();
    let appup = format!("{{\"2\", [{{\"1\", [{steps}]}}], [{{\"1\", []}}]}}.");
    scenario.applications[0].versions[1].appup = Some(appup);
    scenario
}

fn story(scenario: Scenario, ops: &str) -> Story {
    on_beam(&scenario, |beam| run_plan_on(beam, ops))
}

fn watched(scenario: Scenario, ops: &str) -> Watched {
    let text = format!("scenario {}\nseed 1\n{ops}", scenario.name);
    let plan = match text.parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}\n{text}"),
    };
    match on_beam(&scenario, |beam| beam.watch(&plan)) {
        Ok(watched) => watched,
        Err(error) => panic!("{error}"),
    }
}

fn says(moment: &Moment, what: &str) -> Option<String> {
    let mut lines = moment.lines.iter().filter(|line| line.what == what);
    lines.next().map(|line| line.value.clone())
}

/// What of these stands in the text one after the other.
fn in_order(text: &str, steps: &[&str]) {
    let mut rest = text;
    for step in steps {
        match rest.split_once(step) {
            Some((_, after)) => rest = after,
            None => panic!("no {step:?} in its place in\n{text}"),
        }
    }
}

fn all_hold(scenario: &Scenario, history: &History) {
    all_hold_but(&[], scenario, history);
}

fn all_hold_but(others: &[&str], scenario: &Scenario, history: &History) {
    for invariant in default_invariants() {
        if others.contains(&invariant.name()) {
            continue;
        }
        match invariant.judge(scenario, history) {
            Judgement::Held { .. } => {}
            other => panic!("{}: {other:?} of\n{}", invariant.name(), history.print()),
        }
    }
}

#[test]
fn c02_the_steps_of_an_install_stand_in_the_history_where_they_happened() {
    needs_erlang!();
    let story = story(
        releases(),
        "client 1 calls counter {add,5}\n\
         unpack_release 2\n\
         install_release 2\n\
         client 1 calls counter get\n\
         install_release 1\n\
         client 1 calls counter get",
    );
    let text = story.history().print();
    in_order(
        &text,
        &[
            "op 3 begins",
            "suspended",
            "loaded counter 2",
            "code_change from counter 1 to 2: #{count => 5} became #{adds => 0,total => 5}",
            "resumed",
            "loaded ledger 2",
            "purged ledger 1, 0 killed",
            "op 3 ends: {ok,\"1\",[]}",
            "op 5 begins",
            "code_change from counter 2 to 1",
            "loaded counter 1",
        ],
    );
    // Who is called after it runs the new version.
    let counter = story.named("counter")[0];
    assert_eq!(story.versions(counter), ["1", "2", "1"], "{text}");
    all_hold(&releases(), story.history());
}

#[test]
fn c12_what_had_happened_until_a_restart_is_told() {
    needs_erlang!();
    let scenario =
        with_steps("{update, counter, {advanced, []}}, {apply, {erlang, error, [oops]}}");
    let story = story(
        scenario.clone(),
        "client 1 calls counter {add,5}\n\
         unpack_release 2\n\
         install_release 2\n\
         client 1 calls counter {add,2}\n\
         client 1 calls counter {add,2}\n\
         suspend counter\n\
         resume counter\n\
         kill counter",
    );
    in_order(
        &story.history().print(),
        &[
            "code_change from counter 1 to 2: #{count => 5} became",
            "the node restarts",
            "counter<2> exited killed",
            "loaded counter 1",
            "registered as client_1",
            "op 3 ends: {error,",
            "op 4 begins",
        ],
    );
    // The appup raises an error, which is what this one is there to notice.
    all_hold_but(&["upgrades_succeed"], &scenario, story.history());
}

#[test]
fn what_had_happened_until_a_reboot_is_told_and_the_clock_goes_on() {
    needs_erlang!();
    let ops = "unpack_release 2\n\
               install_release 2\n\
               make_permanent 2\n\
               client 1 calls counter {add,5}\n\
               advance 3000 ms\n\
               reboot_old_release 1\n\
               client 1 calls counter {add,2}\n\
               advance 1000 ms";
    let seen = watched(releases(), ops);
    in_order(
        &seen.history.print(),
        &[
            "got 5 for",
            "the node restarts",
            "counter<2> exited killed",
            "loaded counter 1",
            "op 6 ends: ok",
            "got 2 for",
        ],
    );
    // It counts neither from the beginning of an emulator nor from none.
    // Behind the last look stands when all was over.
    let [.., begins, ends, _] = seen.clock[..] else {
        panic!("no clock of the last op");
    };
    let took = ends - begins;
    assert!((1000..10_000).contains(&took), "{:?}", seen.clock);
    // The same in the middle of traffic.
    all_hold(&releases(), story(releases(), ops).history());
}

#[test]
fn an_application_whose_supervisor_gives_up_leaves_the_node_and_is_started_by_hand() {
    needs_erlang!();
    let kills = "kill counter\n".repeat(4);
    let seen = watched(
        releases(),
        &format!("{kills}start sup\nclient 1 calls counter {{add,1}}\nstart sup"),
    );
    let results: Vec<_> = moments(&seen)
        .iter()
        .filter_map(|moment| says(moment, "result"))
        .collect();
    assert!(seen.looks[3].supervisors.is_empty());
    assert!(!seen.looks[3].applications[0].started);
    assert_eq!(results[4], "{ok,'sup#2'}");
    assert!(seen.looks[4].applications[0].started);
    assert_eq!(results[6], "{error,{already_started,'sup#2'}}");
}

#[test]
fn files_of_a_node_are_named_without_their_place() {
    needs_erlang!();
    let story = story(
        releases(),
        "unpack_release 2\nunpack_release 2\ninstall_release 3",
    );
    assert_eq!(story.result(1), "{ok,\"2\"}");
    assert_eq!(
        story.result(2),
        "{error,{no_such_file,\"releases-2.tar.gz\"}}"
    );
    assert_eq!(story.result(3), "{error,{no_such_release,\"3\"}}");
}

fn bug(name: &str) -> Scenario {
    match sample_scenarios::find(&format!("bug_{name}")) {
        Some(scenario) => scenario,
        None => panic!("there is no bug {name}"),
    }
}

#[test]
fn a11_a_version_that_is_loaded_twice_is_purged_as_the_old_code_that_it_is() {
    needs_erlang!();
    let ops = "unpack_release 2\n\
               install_release 2\n\
               install_release 1\n\
               install_release 2";
    let text = story(bug("loaded_twice"), ops).history().print();
    in_order(
        &text,
        &[
            "loaded echo_loop 1",
            "op 2 begins",
            "loaded echo_loop 1",
            "op 4 begins",
            "exited killed",
            "purged echo_loop 1, 1 killed",
            "loaded echo_loop 1",
        ],
    );
}

#[test]
fn c14_what_a_release_removes_is_seen_to_be_deleted_and_purged() {
    needs_erlang!();
    let ops = "unpack_release 2\n\
               install_release 2";
    let text = story(bug("cleaned_too_much"), ops).history().print();
    in_order(
        &text,
        &[
            "op 2 begins",
            "deleted echo_loop 1",
            "exited killed",
            "purged echo_loop 1, 1 killed",
        ],
    );
}
