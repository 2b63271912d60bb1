//! D7: how long a child may take to stop.

use properties::{rule, rule_on};
use sample_scenarios::{erlang, source};
use upheaval::scenario::{
    Module, Process, Restart, Scenario, Shutdown, Strategy, Supervision, Switch, Template,
};
use upheaval_term::Term;

#[test]
fn d07_a_worker_has_five_seconds_to_stop_and_a_supervisor_has_no_end() {
    rule(
        "supervisors",
        "get_childspec pair left
         > result: {ok,#{id => left,modules => [counter],restart => permanent,shutdown => 5000,significant => false,start => {counter,start_link,[left,0]},type => worker}}
         get_childspec sup office
         > result: {ok,#{id => office,modules => [office_sup],restart => permanent,shutdown => infinity,*
         terminate_child pair right
         > exit of right#1: killed
         terminate_child pair left
         > exit of left#1: shutdown",
    );
}

/// Children that do not stop: one has three seconds to do so and one has no end, and
/// those of a `crowd` have three, too.
fn deaf() -> Scenario {
    let module = Module::new("deaf", Switch::Load)
        .version("1", source("deaf_v1"))
        .erlang(erlang("deaf/v1.erl"));
    let deaf = |name: &str| Process::new(name, "deaf", Term::Int(0));
    let crowd = Supervision {
        strategy: Strategy::SimpleOneForOne,
        template: Some(Template {
            shutdown: Shutdown::After(3000),
            ..Template::new("deaf")
        }),
        ..Supervision::named("crowd")
    };
    let mut scenario = Scenario::new("deaf", "children that do not stop")
        .module(module)
        .process(
            deaf("hasty")
                .supervised(Restart::Permanent)
                .shutdown(Shutdown::After(3000)),
        )
        .process(
            deaf("patient")
                .supervised(Restart::Permanent)
                .shutdown(Shutdown::INFINITY),
        )
        .process(Process::supervisor(crowd).supervised(Restart::Permanent))
        .other("one")
        .other("two");
    scenario.sizes.requests = 0;
    scenario
}

#[test]
fn d07_a_child_that_does_not_stop_within_its_shutdown_is_killed() {
    rule_on(
        &deaf(),
        "terminate_child sup hasty
         > result: {error,timeout}
         > no exit of hasty#1
         > children of sup#1: it does not answer
         advance 3000 ms
         > exit of hasty#1: killed
         > no exit of sup#1
         restart_child sup hasty
         > result: {ok,'hasty#2'}",
    );
}

#[test]
fn d07_one_whose_shutdown_has_no_end_is_never_killed() {
    rule_on(
        &deaf(),
        "terminate_child sup patient
         > result: {error,timeout}
         advance 6000 ms
         > no exit of patient#1
         > children of sup#1: it does not answer",
    );
}

#[test]
fn d07_children_that_are_all_alike_have_their_time_together() {
    rule_on(
        &deaf(),
        "start_child crowd [one,0]
         start_child crowd [two,0]
         terminate_child sup crowd
         > no exit of one#1
         > no exit of two#1
         advance 3000 ms
         > exit of one#1: killed
         > exit of two#1: killed
         > exit of crowd#1: shutdown
         > no exit of sup#1",
    );
}
