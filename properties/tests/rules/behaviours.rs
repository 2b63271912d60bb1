//! B and E: what the behaviours do when code changes, and how timers and postponed
//! events come through it.

use properties::{rule, rule_on};
use sample_scenarios::{erlang, source};
use upheaval::scenario::{Kind, Module, Process, RequestSpec, Restart, Scenario, Switch};
use upheaval_term::Term;

#[test]
fn b03_a_suspended_machine_answers_sys_before_what_waits_and_a_running_one_after() {
    rule(
        "behaviours",
        "suspend door
         client 1 sends door kick
         get_state door
         > result: {locked,#{passed => 0,rung => 0}}
         resume door
         get_state door
         > result: {locked,#{passed => 0,rung => 1}}",
    );
}

#[test]
fn b07_every_handler_of_the_module_is_changed() {
    rule(
        "behaviours",
        "client 1 notifies events {note,5}
         suspend events
         load event_log 2
         change_code events 1
         > result: ok
         get_state events
         > result: [{event_log,b,#{id => b,notes => 0,total => 5}},{event_log,a,#{id => a,notes => 0,total => 5}}]
         resume events
         client 1 manages events {call,{event_log,a},count}
         > answer to client_1#1: 5",
    );
}

#[test]
fn b07_a_bad_handler_fails_it_all() {
    rule(
        "behaviours",
        "suspend events
         load event_log 2
         change_code events 7
         > result: {error,{'EXIT',{{badmatch,{error,unknown_version}},*
         get_state events
         > result: [{event_log,b,#{id => b,sum => 0}},{event_log,a,#{id => a,sum => 0}}]
         > events#1: event_log 2, *, suspended",
    );
}

#[test]
fn b07_no_handler_of_the_module_is_ok() {
    rule(
        "behaviours",
        "client 1 manages events {delete_handler,{event_log,a},why}
         > answer to client_1#1: 0
         client 1 manages events {delete_handler,{event_log,b},why}
         suspend events
         load event_log 2
         change_code events 7
         > result: ok",
    );
}

#[test]
fn b07_a_handler_that_crashes_is_removed_and_the_manager_lives() {
    rule(
        "behaviours",
        "client 1 notifies events {crash,b}
         > no exit of events#1
         client 1 manages events which_handlers
         > answer to client_1#1: [{event_log,a}]
         client 1 manages events {call,{event_log,a},crash}
         > answer to client_1#1: {error,{'EXIT',{told_to,*
         client 1 manages events which_handlers
         > answer to client_1#1: []",
    );
}

#[test]
fn b08_a_postponed_event_survives_a_code_change() {
    rule(
        "behaviours",
        "client 1 calls door pass
         > door#1: door 1, registered as door, state {locked,#{passed => 0,rung => 0}}, 1 queued
         upgrade door 3
         > result: ok
         > door#1: door 3, registered as door, state {closed,#{bells => 0,through => 0}}, 1 queued
         client 2 calls door unlock
         > answer to client_1#1: 1
         > door#1: door 3, registered as door, state {open,#{bells => 0,through => 1}}, 0 queued",
    );
}

#[test]
fn b08_state_and_generic_timers_fire_into_the_mailbox_of_a_suspended_machine() {
    rule(
        "behaviours",
        "client 1 calls door unlock
         client 1 casts door {alarm,300}
         suspend door
         advance 1500 ms
         > door#1: door 1, registered as door, state {unlocked,#{passed => 0,rung => 0}}, 2 queued, suspended
         resume door
         > door#1: door 1, registered as door, state {locked,#{passed => 0,rung => 1}}, 0 queued",
    );
}

#[test]
fn b08_an_event_timeout_is_not_started_anew_by_a_resume() {
    rule(
        "behaviours",
        "client 1 casts door {hush,2000}
         advance 1200 ms
         suspend door
         resume door
         > door#1: door 1, *, state {locked,#{passed => 0,rung => 0}}, 0 queued
         advance 1200 ms
         > door#1: door 1, *, state {locked,#{passed => 0,rung => 1}}, 0 queued",
    );
}

#[test]
fn b08_the_callback_mode_is_asked_for_anew() {
    rule(
        "behaviours",
        "upgrade door 2
         client 1 calls door unlock
         > door#1: door 2, *, state {unlocked,#{entered => 1,passed => 0,rung => 0}}, 0 queued
         upgrade door 3
         > door#1: door 3, *, state {open,#{bells => 0,through => 0}}, 0 queued",
    );
}

/// A `door` whose version 2 cannot say its callback mode.
fn bad_mode() -> Scenario {
    Scenario::new(
        "bug_bad_mode",
        "a machine that cannot say its callback mode",
    )
    .module(
        Module::new("door", Switch::CodeChange)
            .version("1", source("door_v1"))
            .erlang(erlang("door/v1.erl"))
            .version("2", source("bug_bad_mode_v2"))
            .erlang(erlang("bugs/bad_mode/v2.erl")),
    )
    .process(Process::new("door", "door", Term::atom("none")).supervised(Restart::Permanent))
    .request(RequestSpec::new(1, Kind::Call, "door", |_| {
        Term::atom("count")
    }))
}

#[test]
fn b08_a_crash_in_callback_mode_keeps_the_old_state() {
    rule_on(
        &bad_mode(),
        "suspend door
         load door 2
         change_code door 1
         > result: {error,{'EXIT',{no_mode,*
         get_state door
         > result: {locked,#{passed => 0,rung => 0}}
         > door#1: door 2, *, suspended",
    );
}

#[test]
fn b09_any_system_message_starts_a_servers_timeout_anew() {
    rule(
        "behaviours",
        "client 1 calls cache {get,first}
         > answer to client_1#1: 7
         advance 450 ms
         get_state cache
         advance 450 ms
         get_state cache
         > result: #{entries => #{first => 7},waiting => []}
         advance 1000 ms
         get_state cache
         > result: #{entries => #{},waiting => []}",
    );
}

#[test]
fn b09_a_timeout_does_not_come_while_the_server_is_suspended() {
    rule(
        "behaviours",
        "client 1 calls cache {get,first}
         suspend cache
         advance 1500 ms
         resume cache
         > cache#1: cache 1, *, state #{entries => #{first => 7},waiting => []}, 0 queued
         advance 1000 ms
         > cache#1: cache 1, *, state #{entries => #{},waiting => []}, 0 queued",
    );
}

#[test]
fn b09_a_server_that_hibernates_goes_on_after_a_suspension() {
    rule(
        "behaviours",
        "client 1 calls cache {put,one,1}
         suspend cache
         resume cache
         client 1 calls cache {get,one}
         > answer to client_1#1: 1",
    );
}

/// On OTP 25 such a server wakes for the message again and again, and never waits.
#[test]
fn b01_a_hibernating_server_that_is_suspended_leaves_a_message_where_it_is() {
    rule(
        "behaviours",
        "client 1 calls cache {put,one,1}
         suspend cache
         client 1 casts cache clear
         > cache#1: cache 1, *, state #{entries => #{first => 7,one => 1},waiting => []}, 1 queued, suspended
         resume cache
         > cache#1: cache 1, *, state #{entries => #{},waiting => []}, 0 queued",
    );
}

#[test]
fn e05_a_call_that_is_answered_later_is_answered_after_a_code_change() {
    rule(
        "behaviours",
        "client 1 calls cache wait
         > no answer to client_1#1
         upgrade cache 3
         > result: ok
         client 2 casts cache {put,one,5}
         > answer to client_1#1: 5",
    );
}

#[test]
fn e05_a_postponed_event_and_a_timer_survive_a_plain_load() {
    rule(
        "behaviours",
        "client 1 calls door pass
         client 2 casts door {alarm,1500}
         load door 1
         > result: {module,door}
         soft_purge door
         > result: true
         client 2 calls door unlock
         > answer to client_1#1: 1
         advance 2500 ms
         > door#1: door 1, *, state {locked,#{passed => 1,rung => 1}}, 0 queued",
    );
}

#[test]
fn e05_a_timer_message_that_waits_survives_a_code_change() {
    rule(
        "behaviours",
        "client 1 casts door {alarm,300}
         suspend door
         advance 1000 ms
         load door 3
         change_code door 1
         > result: ok
         resume door
         > door#1: door 3, *, state {closed,#{bells => 1,through => 0}}, 0 queued",
    );
}

#[test]
fn a05_a_special_process_lingers_in_its_own_receive_and_not_in_sys() {
    rule(
        "behaviours",
        "load meter 1
         > meter#1: meter 1, *, blocked, lingering
         soft_purge meter
         > result: false
         suspend meter
         > meter#1: meter 1, *, suspended
         soft_purge meter
         > result: true
         load meter 2
         change_code meter 1
         > result: ok
         resume meter
         client 1 asks meter 4
         > answer to client_1#1: 4
         > meter#1: meter 2, *, blocked",
    );
}

#[test]
fn c06_an_event_manager_tells_its_modules() {
    rule(
        "behaviours",
        "client 1 manages events get_modules
         > answer to client_1#1: [event_log]",
    );
}
