//! D6: supervisors that end with their significant children.

use properties::{rule, rule_on};
use sample_scenarios::{erlang, source};
use upheaval::scenario::{
    AutoShutdown, Module, Process, Restart, Scenario, Strategy, Supervision, Switch, Template,
};
use upheaval_term::Term;

/// A `crew` of significant children, and a `helper` that is none, under a supervisor that
/// does not start it again.
fn crew(auto_shutdown: AutoShutdown) -> Scenario {
    let counter = |name: &str| Process::new(name, "counter", Term::Int(0));
    let crew = Supervision {
        auto_shutdown,
        ..Supervision::named("crew")
    };
    counters("crew", crew)
        .process(
            counter("one")
                .under("crew", Restart::Transient)
                .significant(),
        )
        .process(
            counter("two")
                .under("crew", Restart::Temporary)
                .significant(),
        )
        .process(
            counter("three")
                .under("crew", Restart::Transient)
                .significant(),
        )
        .process(counter("helper").under("crew", Restart::Transient))
}

/// A `crew` of children that are all alike, all significant.
fn crowd(auto_shutdown: AutoShutdown) -> Scenario {
    let crowd = Supervision {
        auto_shutdown,
        strategy: Strategy::SimpleOneForOne,
        template: Some(Template {
            restart: Restart::Transient,
            significant: true,
            ..Template::new("counter")
        }),
        ..Supervision::named("crew")
    };
    counters("crowd", crowd).other("one").other("two")
}

fn counters(name: &str, crew: Supervision) -> Scenario {
    let counter = Module::new("counter", Switch::Load)
        .version("1", source("counter_v1"))
        .erlang(erlang("counter/v1.erl"));
    let mut scenario = Scenario::new(name, "a supervisor with significant children")
        .module(counter)
        .process(Process::supervisor(crew).supervised(Restart::Temporary));
    scenario.sizes.requests = 0;
    scenario
}

#[test]
fn d06_a_significant_child_that_ends_normally_ends_its_supervisor() {
    rule(
        "supervisors",
        "kill task
         > task#2: counter 1, *
         > no exit of job#1
         terminate task normal
         > exit of helper#1: shutdown
         > exit of job#1: shutdown
         > no job#2",
    );
}

#[test]
fn d06_one_that_is_terminated_by_request_does_not() {
    rule(
        "supervisors",
        "terminate_child job task
         > result: ok
         > exit of task#1: shutdown
         > no exit of job#1
         restart_child job task
         > result: {ok,'task#2'}",
    );
}

#[test]
fn d06_of_several_the_first_that_ends_by_itself_is_enough_for_any_significant() {
    rule_on(
        &crew(AutoShutdown::AnySignificant),
        "terminate helper normal
         > no exit of crew#1
         kill one
         > one#2: counter 1, *
         > no exit of crew#1
         terminate_child crew three
         > exit of three#1: shutdown
         > no exit of crew#1
         kill two
         > exit of two#1: killed
         > exit of one#2: shutdown
         > exit of crew#1: shutdown
         > no two#2
         > no crew#2",
    );
}

#[test]
fn d06_all_significant_waits_for_the_last_of_them_to_end_by_itself() {
    rule_on(
        &crew(AutoShutdown::AllSignificant),
        "terminate one normal
         > exit of one#1: normal
         > no exit of crew#1
         kill two
         > exit of two#1: killed
         > no exit of crew#1
         kill three
         > three#2: counter 1, *
         > no exit of crew#1
         terminate three {shutdown,done}
         > exit of three#2: {shutdown,done}
         > exit of helper#1: shutdown
         > exit of crew#1: shutdown
         > no crew#2",
    );
}

#[test]
fn d06_for_all_significant_the_end_of_another_child_changes_nothing() {
    rule_on(
        &crew(AutoShutdown::AllSignificant),
        "terminate one normal
         terminate_child crew two
         terminate_child crew three
         terminate helper normal
         > exit of helper#1: normal
         > no exit of crew#1",
    );
}

#[test]
fn d06_the_last_of_all_significant_does_not_count_if_it_is_terminated_by_request() {
    rule_on(
        &crew(AutoShutdown::AllSignificant),
        "terminate one normal
         terminate two normal
         terminate_child crew three
         > exit of three#1: shutdown
         > no exit of crew#1
         > no exit of helper#1
         restart_child crew three
         > result: {ok,'three#2'}
         terminate three normal
         > exit of crew#1: shutdown",
    );
}

#[test]
fn d06_one_that_was_terminated_by_request_is_not_waited_for_by_all_significant() {
    rule_on(
        &crew(AutoShutdown::AllSignificant),
        "terminate_child crew one
         terminate_child crew two
         > no exit of crew#1
         terminate three normal
         > exit of three#1: normal
         > exit of crew#1: shutdown",
    );
}

#[test]
fn d06_one_that_was_added_later_is_waited_for_by_all_significant() {
    rule_on(
        &crew(AutoShutdown::AllSignificant).other("late"),
        "start_child crew #{id => late,restart => temporary,significant => true,start => {counter,start_link,[late,0]}}
         > result: {ok,'late#1'}
         terminate one normal
         terminate two normal
         terminate three normal
         > no exit of crew#1
         terminate late oops
         > exit of late#1: oops
         > exit of crew#1: shutdown",
    );
}

#[test]
fn d06_of_children_that_are_all_alike_any_ends_the_supervisor_or_the_last() {
    rule_on(
        &crowd(AutoShutdown::AnySignificant),
        "start_child crew [one,0]
         start_child crew [two,0]
         kill one
         > one#2: counter 1, *
         terminate_child crew whereis(one)
         > exit of one#2: shutdown
         > no exit of crew#1
         start_child crew [one,0]
         terminate two normal
         > exit of one#3: shutdown
         > exit of crew#1: shutdown",
    );
    rule_on(
        &crowd(AutoShutdown::AllSignificant),
        "start_child crew [one,0]
         start_child crew [two,0]
         terminate two normal
         > exit of two#1: normal
         > no exit of crew#1
         terminate one shutdown
         > exit of crew#1: shutdown",
    );
}

#[test]
fn d06_a_significant_child_that_cannot_end_its_supervisor_is_an_error() {
    let significant = |restart: &str| {
        format!(
            "#{{id => a,restart => {restart},significant => true,start => {{counter,start_link,[a,0]}}}}"
        )
    };
    let permanent = significant("permanent");
    let shop = |flags: &str, spec: &str| {
        format!(
            "start_child crew #{{id => shop,restart => temporary,type => supervisor,start => {{upheaval_supervisor,start_link,[shop,{{{flags},[{spec}]}}]}}}}"
        )
    };
    let [any, never] = [
        shop("#{auto_shutdown => any_significant}", &permanent),
        shop("#{}", &significant("transient")),
    ];
    let [odd, maybe] = [
        shop("#{auto_shutdown => some_significant}", ""),
        shop(
            "#{auto_shutdown => any_significant}",
            "#{id => a,significant => maybe,start => {m,f,[]}}",
        ),
    ];
    rule_on(
        &crew(AutoShutdown::AllSignificant),
        &format!(
            "start_child crew {permanent}
             > result: {{error,{{bad_combination,[{{restart,permanent}},{{significant,true}}]}}}}
             > no a#1
             {any}
             > result: {{error,{{{{start_spec,{{bad_combination,[{{restart,permanent}},{{significant,true}}]}}}},*
             {never}
             > result: {{error,{{{{start_spec,{{bad_combination,[{{auto_shutdown,never}},{{significant,true}}]}}}},*
             {odd}
             > result: {{error,{{{{supervisor_data,{{invalid_auto_shutdown,some_significant}}}},*
             {maybe}
             > result: {{error,{{{{start_spec,{{invalid_significant,maybe}}}},*
             > no exit of crew#1"
        ),
    );
    let spec = significant("transient");
    rule_on(
        &crew(AutoShutdown::AnySignificant),
        &format!(
            "start_child sup {spec}
             > result: {{error,{{bad_combination,[{{auto_shutdown,never}},{{significant,true}}]}}}}
             > no a#1
             start_child crew {spec}
             > result: {{ok,'a#1'}}"
        ),
    );
}
