//! What plans do to a system on purpose: processes that stall or crash, artifacts that
//! are no modules, upgrades in whose middle something happens, and what is illegal.

use properties::rule;

#[test]
fn a01_a_load_of_what_cannot_be_loaded_changes_nothing() {
    rule(
        "default",
        "load ledger 2, missing
         > result: {error,nofile}
         load ledger 2, truncated
         > result: {error,badfile}
         load ledger 2, swapped
         > result: {error,badfile}
         > code of ledger: 1 is current
         > no exit of ledger#1
         client 1 calls ledger {deposit,<<\"a\">>,3}
         > answer to client_1#1: 3
         reload ledger 2, truncated
         > result: {error,badfile}
         load ledger 2
         > result: {module,ledger}
         > code of ledger: 2 is current, and old code",
    );
}

#[test]
fn a01_that_what_lies_there_is_no_module_is_found_out_before_old_code_is() {
    rule(
        "default",
        "load ledger 2
         load ledger 1, missing
         > result: {error,nofile}
         load ledger 1, truncated
         > result: {error,badfile}
         load ledger 1
         > result: {error,not_purged}
         > code of ledger: 2 is current, and old code",
    );
}

#[test]
fn a13_only_that_nothing_lies_there_is_found_out_before_a_module_is_seen_to_be_sticky() {
    rule(
        "default",
        "stick ledger
         load ledger 2, missing
         > result: {error,nofile}
         load ledger 2, truncated
         > result: {error,sticky_directory}
         load_binary ledger 2, truncated
         > result: {error,sticky_directory}
         load ledger 2
         > result: {error,sticky_directory}",
    );
}

#[test]
fn a02_load_binary_has_killed_who_lingers_even_if_it_is_given_no_module() {
    rule(
        "default",
        "load stuck_loop 2
         load_binary stuck_loop 1, truncated
         > result: {error,badfile}
         > exit of stuck#1: killed
         > code of stuck_loop: 2 is current
         load_binary stuck_loop 1, swapped
         > result: {error,badfile}
         > code of stuck_loop: 2 is current",
    );
}

#[test]
fn a_damaged_artifact_is_whole_again_after_the_op() {
    rule(
        "default",
        "load ledger 1, missing
         delete ledger
         client 1 calls ledger {deposit,<<\"a\">>,3}
         > answer to client_1#1: 3",
    );
}

#[test]
fn an_upgrade_whose_artifact_is_damaged_loses_nothing() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         upgrade counter 2
         upgrade counter 3, truncated
         > result: {error,{error,unknown_version}}
         > code of counter: 2 is current
         > counter#1: counter 2, *, state #{adds => 0,total => 5}, 0 queued
         client 1 calls counter {add,1}
         > answer to client_1#1: 6
         upgrade counter 2, missing
         > result: {error,nofile}
         upgrade counter 3
         > result: ok
         client 1 calls counter get
         > answer to client_1#1: 6",
    );
}

#[test]
fn a11_a_stale_artifact_is_loaded_as_the_version_that_it_is() {
    rule(
        "default",
        "load ledger 2, stale
         > result: {module,ledger}
         > code of ledger: 1 is current, and old code
         reload ledger 1, stale
         > result: {module,ledger}
         > code of ledger: 2 is current, and old code
         load_binary ledger 2, stale
         > result: {module,ledger}
         > code of ledger: 1 is current, and old code
         purge ledger
         delete ledger
         client 1 calls ledger {deposit,<<\"a\">>,3}
         > answer to client_1#1: 3
         > ledger#1: ledger 2, *",
    );
}

#[test]
fn an_upgrade_up_to_a_stale_version_that_is_newer_than_what_ran_converts_to_that() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         upgrade counter 3, stale
         > result: ok
         > code of counter: 2 is current, and old code
         > counter#1: counter 2, *, state #{adds => 0,total => 5}, 0 queued
         upgrade counter 3
         > result: ok
         client 1 calls counter get
         > answer to client_1#1: 5",
    );
}

#[test]
fn b06_an_upgrade_to_what_ran_before_asks_that_to_convert_its_own_state() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         upgrade counter 2, stale
         > result: {error,{'EXIT',{undef,[]}}}
         > code of counter: 1 is current, and old code
         > counter#1: counter 1, *, state #{count => 5}, 0 queued
         client 1 calls counter {add,1}
         > answer to client_1#1: 6",
    );
}

#[test]
fn b16_a_downgrade_to_a_stale_version_has_converted_to_the_one_that_was_to_come() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         upgrade counter 2
         upgrade counter 1, stale
         > result: ok
         > code of counter: 2 is current, and old code
         > counter#1: counter 2, *, state #{count => 5}, 0 queued
         client 1 calls counter get
         > exit of counter#1: {function_clause,[]}",
    );
}

#[test]
fn a_frozen_process_takes_and_answers_nothing_until_it_is_thawed() {
    rule(
        "default",
        "freeze counter
         > result: true
         > counter#1: counter 1, registered as counter, 0 queued, frozen
         freeze counter
         > result: false
         client 1 casts counter {add,1}
         client 2 calls counter get
         > counter#1: counter 1, registered as counter, 2 queued, frozen
         > no answer to client_2#1
         thaw counter
         > result: true
         > answer to client_2#1: 1
         > counter#1: counter 1, registered as counter, state #{count => 1}, 0 queued
         thaw counter
         > result: false",
    );
}

#[test]
fn a_process_is_frozen_in_the_middle_of_a_callback_too() {
    rule(
        "default",
        "suspend counter
         client 1 calls ledger {deposit,<<\"a\">>,3}
         > ledger#1: ledger 1, *, blocked
         freeze ledger
         > ledger#1: ledger 1, registered as ledger, 0 queued, frozen
         resume counter
         > no answer to client_1#1
         > ledger#1: ledger 1, registered as ledger, 1 queued, frozen
         thaw ledger
         > answer to client_1#1: 3",
    );
}

#[test]
fn e02_a_frozen_process_dies_of_what_others_die_of() {
    rule(
        "default",
        "freeze counter
         exit counter normal
         > no exit of counter#1
         exit counter oops
         > exit of counter#1: oops
         > counter#2: counter 1, registered as counter, state #{count => 0}, 0 queued
         freeze counter
         kill counter
         > result: true
         > exit of counter#2: killed
         freeze counter
         > result: true",
    );
}

#[test]
fn a09_a_frozen_process_that_lingers_is_killed_by_a_purge() {
    rule(
        "default",
        "load stuck_loop 2
         freeze stuck
         > stuck#1: stuck_loop 1, registered as stuck, 0 queued, lingering, frozen
         purge stuck_loop
         > result: true
         > exit of stuck#1: killed",
    );
}

#[test]
fn b05_a_suspend_of_a_frozen_process_takes_effect_when_it_goes_on() {
    rule(
        "default",
        "freeze counter
         suspend counter within 50 ms
         > result: {error,{timeout,{sys,suspend,[counter,50]}}}
         thaw counter
         > counter#1: counter 1, *, state #{count => 0}, 0 queued, suspended",
    );
}

#[test]
fn b10_a_call_to_a_frozen_process_that_timed_out_is_carried_out_afterwards() {
    rule(
        "default",
        "freeze counter
         client 1 calls counter {add,5}
         advance 2100 ms
         > answer to client_1#1: timeout
         thaw counter
         client 1 calls counter get
         > answer to client_1#1: 5",
    );
}

#[test]
fn c08_an_upgrade_leaves_a_frozen_process_out_and_converts_it_never() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         freeze counter
         upgrade counter 2
         > result: ok
         > code of counter: 2 is current, and old code
         > counter#1: counter 2, registered as counter, 2 queued, frozen
         thaw counter
         > counter#1: counter 2, registered as counter, state #{count => 5}, 0 queued",
    );
}

#[test]
fn a_crash_is_the_function_clause_of_a_call_that_no_clause_takes() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         crash counter
         > result: {ok,{function_clause,[]}}
         > exit of counter#1: {function_clause,[]}
         > counter#2: counter 1, registered as counter, state #{count => 0}, 0 queued",
    );
}

#[test]
fn b10_a_suspended_process_crashes_when_it_is_resumed() {
    rule(
        "default",
        "suspend counter
         crash counter
         > result: {error,timeout}
         > no exit of counter#1
         resume counter
         > exit of counter#1: {function_clause,[]}",
    );
}

#[test]
fn c09_an_upgrade_fails_for_who_dies_between_suspend_and_code_change() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         upgrade counter 2, killing counter once loaded
         > result: {error,{noproc,{sys,change_code,[*
         > exit of counter#1: killed
         > counter#2: counter 2, registered as counter, state #{adds => 0,total => 0}, 0 queued",
    );
}

#[test]
fn c05_who_is_started_between_suspend_and_load_runs_on_in_its_old_state() {
    rule(
        "default",
        "upgrade counter 2, killing counter once suspended
         > result: {error,{noproc,{sys,change_code,[*
         > exit of counter#1: killed
         > counter#2: counter 2, registered as counter, state #{count => 0}, 0 queued",
    );
}

#[test]
fn b05_who_is_frozen_before_its_code_change_is_converted_when_it_goes_on() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         upgrade counter 2, freezing counter once suspended
         > result: {error,{timeout,{sys,change_code,[*
         > counter#1: counter 2, registered as counter, state #{adds => 0,total => 5}, 0 queued",
    );
}

#[test]
fn what_happens_after_the_code_change_does_not_fail_an_upgrade() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         upgrade counter 2, freezing counter once converted
         > result: ok
         > counter#1: counter 2, registered as counter, state #{adds => 0,total => 5}, 0 queued
         upgrade counter 1, killing counter once converted
         > exit of counter#1: killed
         > result: ok",
    );
}

#[test]
fn d04_a_storm_of_as_many_kills_as_a_supervisor_bears_leaves_it_alive() {
    rule(
        "default",
        "kill counter 3 times
         > result: {ok,3}
         > exit of counter#3: killed
         > no exit of sup#1
         > counter#4: counter 1, *",
    );
}

#[test]
fn d04_a_storm_of_one_more_ends_it() {
    rule(
        "default",
        "kill counter 5 times
         > result: {ok,4}
         > exit of counter#4: killed
         > exit of sup#1: shutdown
         > exit of ledger#1: shutdown
         kill counter 2 times
         > result: {error,noproc}",
    );
}

#[test]
fn b02_what_sys_does_not_know_and_who_is_not_there_are_errors() {
    rule(
        "default",
        "system counter nobody
         > result: {error,{unknown_system_msg,nobody}}
         change_code counter nobody
         > result: {error,{unknown_system_msg,{change_code,counter,*}}}
         kill stray
         suspend stray
         > result: {error,{noproc,{sys,suspend,[stray,500]}}}
         resume stray
         > result: {error,{noproc,{sys,resume,[stray,500]}}}",
    );
}

#[test]
fn d01_children_that_are_there_run_or_are_not_known_give_the_errors_of_otp() {
    rule(
        "default",
        "start_child sup #{id => counter,start => {counter,start_link,[counter,0]}}
         > result: {error,{already_started,'counter#1'}}
         restart_child sup counter
         > result: {error,running}
         delete_child sup counter
         > result: {error,running}
         restart_child sup nobody
         > result: {error,not_found}
         terminate_child sup nobody
         > result: {error,not_found}
         > no exit of counter#1",
    );
}
