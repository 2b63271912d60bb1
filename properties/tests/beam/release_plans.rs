//! Release ops on real nodes: the release handler moves the scenario's application, in
//! the middle of traffic, and what it does is seen.

use properties::{Story, lab, run_plan_on};
use upheaval::conformance::{Moment, moments};
use upheaval::history::{Event, History};
use upheaval::invariant::{Judgement, default_invariants};
use upheaval::scenario::{Application, ApplicationVersion, Process, Release, Restart, Scenario};
use upheaval::target::{Rest, Watched};
use upheaval_term::Term;

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

/// A release whose only module is `stuck_loop`, a plain process that answers no system
/// message and lingers in its code.
fn of_stuck_loop(steps: &str) -> Scenario {
    let default = properties::default_scenario();
    let module = match default.find_module("stuck_loop") {
        Some(module) => module.clone(),
        None => panic!("the default scenario has no stuck_loop"),
    };
    let appup = format!("{{\"2\", [{{\"1\", [{steps}]}}], []}}.");
    let args = Term::map([(Term::atom("answered"), Term::Int(0))]);
    Scenario::new("stuck_releases", "a plain process in an application")
        .module(module)
        .process(Process::new("stuck", "stuck_loop", args).supervised(Restart::Permanent))
        .application(
            Application::new("shop")
                .supervisor("sup")
                .version(ApplicationVersion::new("1", [("stuck_loop", "1")]))
                .version(ApplicationVersion::new("2", [("stuck_loop", "2")]).appup(appup)),
        )
        .release(Release::new("1", [("shop", "1")]))
        .release(Release::new("2", [("shop", "2")]))
}

fn story(scenario: Scenario, ops: &str) -> Story {
    run_plan_on(&mut lab(scenario).target(), ops)
}

fn watched(scenario: Scenario, ops: &str) -> Watched {
    let text = format!("scenario {}\nseed 1\n{ops}", scenario.name);
    let plan = match text.parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}\n{text}"),
    };
    match lab(scenario).target().watch(&plan) {
        Ok(watched) => watched,
        Err(error) => panic!("{error}"),
    }
}

fn releases_of(rest: &Rest) -> Vec<String> {
    let all = rest.releases.iter();
    all.map(|(vsn, status)| format!("{vsn} {status}")).collect()
}

fn state_of(rest: &Rest, name: &str) -> String {
    let mut named = rest
        .processes
        .iter()
        .filter(|look| look.name.as_deref() == Some(name));
    match named.next() {
        Some(look) => format!(
            "{} {}",
            look.code.as_ref().map_or("none", |(_, vsn)| vsn),
            look.state.as_ref().map_or("none".into(), Term::to_string)
        ),
        None => "not there".into(),
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
    for invariant in default_invariants() {
        match invariant.judge(scenario, history) {
            Judgement::Held { .. } => {}
            other => panic!("{}: {other:?} of\n{}", invariant.name(), history.print()),
        }
    }
}

#[test]
fn c15_a_release_is_unpacked_installed_made_permanent_and_left_again() {
    needs_erlang!();
    let seen = watched(
        releases(),
        "client 1 calls counter {add,5}\n\
         unpack_release 2\n\
         install_release 2\n\
         client 1 calls counter {add,1}\n\
         make_permanent 2\n\
         install_release 1\n\
         client 1 calls counter get",
    );
    let moments = moments(&seen);
    let results: Vec<_> = moments
        .iter()
        .map(|moment| says(moment, "result").unwrap_or_default())
        .collect();
    assert_eq!(results[1], "{ok,\"2\"}");
    assert_eq!(results[2], "{ok,\"1\",[]}");
    assert_eq!(results[4], "ok");
    // On the way down it gives the version that it leads to.
    assert_eq!(results[5], "{ok,\"1\",[]}");
    let looks = &seen.looks;
    assert_eq!(releases_of(&looks[0]), ["1 permanent"]);
    assert_eq!(releases_of(&looks[1]), ["2 unpacked", "1 permanent"]);
    assert_eq!(releases_of(&looks[2]), ["2 current", "1 permanent"]);
    assert_eq!(releases_of(&looks[4]), ["2 permanent", "1 old"]);
    assert_eq!(releases_of(&looks[5]), ["2 permanent", "1 current"]);
    // The state is converted, up and down (B16).
    assert_eq!(state_of(&looks[1], "counter"), "1 #{count => 5}");
    assert_eq!(state_of(&looks[2], "counter"), "2 #{adds => 0,total => 5}");
    assert_eq!(state_of(&looks[5], "counter"), "1 #{count => 6}");
    assert_eq!(looks[2].applications[0].vsn, "2");
    assert!(looks[2].applications[0].started);
    let module = |rest: &Rest| {
        let look = &rest.modules[0];
        (look.current.clone(), look.has_old)
    };
    assert_eq!(module(&looks[0]), (Some("1".into()), false));
    assert_eq!(module(&looks[2]), (Some("2".into()), false));
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
fn c11_an_install_that_fails_before_the_point_of_no_return_changes_only_the_environment() {
    needs_erlang!();
    let mut scenario = with_steps(
        "{apply, {erlang, error, [oops]}}, point_of_no_return, {update, counter, {advanced, []}}",
    );
    let versions = &mut scenario.applications[0].versions;
    versions[0] = versions[0].clone().env("depth", Term::Int(1));
    versions[1] = versions[1].clone().env("depth", Term::Int(2));
    let seen = watched(
        scenario,
        "client 1 calls counter {add,5}\n\
         unpack_release 2\n\
         install_release 2\n\
         load counter 3\n\
         client 1 calls counter get",
    );
    let result = says(&moments(&seen)[2], "result");
    assert_eq!(result.as_deref(), Some("{error,{'EXIT',{oops,[]}}}"));
    let (before, after) = (&seen.looks[1], &seen.looks[2]);
    assert_eq!(state_of(after, "counter"), "1 #{count => 5}");
    assert_eq!(releases_of(after), ["2 unpacked", "1 permanent"]);
    let env = |rest: &Rest| rest.applications[0].env.to_string();
    assert_eq!(env(before), "[{depth,1}]");
    assert_eq!(env(after), "[{depth,2}]");
    let events = seen.history.events();
    assert!(!events.contains(&Event::Restarted));
    // The books go on being right: what a plan loads by hand shows.
    assert_eq!(seen.looks[3].modules[0].current.as_deref(), Some("3"));
    assert!(seen.looks[3].modules[0].has_old);
}

#[test]
fn c12_an_install_that_fails_after_the_point_of_no_return_restarts_the_permanent_release() {
    needs_erlang!();
    let scenario =
        with_steps("{update, counter, {advanced, []}}, {apply, {erlang, error, [oops]}}");
    let ops = "client 1 calls counter {add,5}\n\
               unpack_release 2\n\
               install_release 2\n\
               client 1 calls counter {add,2}\n\
               client 1 calls counter {add,2}\n\
               suspend counter\n\
               resume counter\n\
               kill counter";
    let seen = watched(scenario.clone(), ops);
    let text = seen.history.print();
    let moments = moments(&seen);
    assert_eq!(
        says(&moments[2], "result").as_deref(),
        Some("{error,{'EXIT',{oops,[]}}}"),
        "{text}"
    );
    // What had happened until then is told.
    in_order(
        &text,
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
    let rest = &seen.looks[2];
    assert_eq!(state_of(rest, "counter"), "1 #{count => 0}");
    assert_eq!(releases_of(rest), ["2 unpacked", "1 permanent"]);
    assert_eq!(rest.applications[0].vsn, "1");
    assert_eq!(state_of(&seen.looks[4], "counter"), "1 #{count => 4}");
    // The same in the middle of traffic.
    let story = story(scenario.clone(), ops);
    assert!(story.history().events().contains(&Event::Restarted));
    all_hold(&scenario, story.history());
}

#[test]
fn c12_what_was_made_permanent_is_what_a_restart_starts() {
    needs_erlang!();
    let mut scenario = releases();
    let to_3 = "{\"3\", [{\"2\", [{update, counter, {advanced, []}}, \
                {apply, {erlang, exit, [gone]}}]}], [{\"2\", []}]}.";
    scenario.applications[0].versions[2].appup = Some(to_3.into());
    let seen = watched(
        scenario,
        "unpack_release 2\n\
         install_release 2\n\
         make_permanent 2\n\
         unpack_release 3\n\
         install_release 3\n\
         client 1 calls counter {add,1}\n\
         install_release 3",
    );
    let results: Vec<_> = moments(&seen)
        .iter()
        .filter_map(|moment| says(moment, "result"))
        .collect();
    assert_eq!(results[4], "{error,{'EXIT',gone}}");
    assert_eq!(
        releases_of(&seen.looks[4]),
        ["3 unpacked", "2 permanent", "1 old"]
    );
    assert_eq!(
        state_of(&seen.looks[5], "counter"),
        "2 #{adds => 1,total => 1}"
    );
    // And it can fail again.
    assert_eq!(results[6], "{error,{'EXIT',gone}}");
    let restarts = seen.history.events().iter();
    assert_eq!(restarts.filter(|e| **e == Event::Restarted).count(), 2);
}

#[test]
fn c08_who_does_not_answer_is_left_out_and_the_install_succeeds() {
    needs_erlang!();
    let scenario =
        of_stuck_loop("{update, stuck_loop, 100, {advanced, []}, brutal_purge, brutal_purge, []}");
    let seen = watched(
        scenario,
        "unpack_release 2\n\
         install_release 2\n\
         make_permanent 2",
    );
    let moments = moments(&seen);
    assert_eq!(
        says(&moments[1], "result").as_deref(),
        Some("{ok,\"1\",[]}")
    );
    let changed = |event: &Event| matches!(event, Event::CodeChanged { .. });
    assert!(!seen.history.events().iter().any(changed));
    let stuck = says(&moments[1], "stuck#1").unwrap_or_default();
    assert!(stuck.contains("stuck_loop 1"), "{stuck}");
    assert!(stuck.contains("lingering"), "{stuck}");
    // What lingers in code that was to be purged brutally is killed now (C14).
    assert_eq!(
        says(&moments[2], "exit of stuck#1").as_deref(),
        Some("killed")
    );
    let purges: u32 = seen
        .history
        .events()
        .iter()
        .map(|event| match event {
            Event::Purged { killed, .. } => *killed,
            _ => 0,
        })
        .sum();
    assert_eq!(purges, 1, "{}", seen.history.print());
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

#[test]
fn a_release_that_was_removed_while_it_ran_leaves_no_version_to_convert_from() {
    needs_erlang!();
    let story = story(
        releases(),
        "unpack_release 2\nunpack_release 3\ninstall_release 2\ninstall_release 3\n\
         remove_release 3\ninstall_release 2",
    );
    assert_eq!(story.result(5), "ok");
    let failed = story.result(6);
    assert!(
        failed.contains("code_change_failed") && failed.contains(",undefined,"),
        "{failed}"
    );
}
