//! A: code versions.

use properties::rule;

#[test]
fn a01_a_module_has_at_most_two_versions() {
    rule(
        "default",
        "load stuck_loop 2
         > result: {module,stuck_loop}
         > code of stuck_loop: 2 is current, and old code
         load stuck_loop 1
         > result: {error,not_purged}
         > code of stuck_loop: 2 is current, and old code
         > no exit of stuck#1",
    );
}

#[test]
fn a02_load_binary_and_the_shells_load_purge_first() {
    rule(
        "default",
        "load ledger 2
         > code of ledger: 2 is current, and old code
         load_binary ledger 1
         > result: {module,ledger}
         > code of ledger: 1 is current, and old code
         reload ledger 2
         > result: {module,ledger}
         > code of ledger: 2 is current, and old code
         load stuck_loop 2
         load_binary stuck_loop 1
         > result: {module,stuck_loop}
         > exit of stuck#1: killed
         > exit of stray#1: killed",
    );
}

#[test]
fn a02_load_binary_has_purged_even_if_the_load_fails() {
    rule(
        "default",
        "load ledger 2
         stick ledger
         load_binary ledger 1
         > result: {error,sticky_directory}
         > code of ledger: 2 is current",
    );
}

#[test]
fn a03_delete_makes_current_code_old_and_the_next_call_loads_it_again() {
    rule(
        "default",
        "delete ledger
         > result: true
         > code of ledger: nothing is current, and old code
         > no exit of ledger#1
         delete ledger
         > result: false
         client 1 calls ledger {deposit,<<\"a\">>,3}
         > answer to client_1#1: 3
         > code of ledger: 1 is current, and old code
         delete ledger
         > result: false
         purge ledger
         delete ledger
         > result: true",
    );
}

#[test]
fn a03_what_was_never_loaded_is_not_deleted() {
    rule(
        "default",
        "delete spare
         > result: false
         load spare 1
         delete spare
         > result: true
         purge spare
         delete spare
         > result: true",
    );
}

#[test]
fn a04_purge_is_true_if_something_was_killed_and_soft_purge_false_if_something_lingers() {
    rule(
        "default",
        "purge stuck_loop
         > result: false
         soft_purge stuck_loop
         > result: true
         load ledger 2
         purge ledger
         > result: false
         load stuck_loop 2
         soft_purge stuck_loop
         > result: false
         > code of stuck_loop: 2 is current, and old code
         > no exit of stuck#1
         purge stuck_loop
         > result: true
         > code of stuck_loop: 2 is current
         > exit of stuck#1: killed",
    );
}

#[test]
fn a05_a_receive_lingers_and_an_idle_server_does_not() {
    rule(
        "default",
        "load stuck_loop 2
         > stuck#1: stuck_loop 1, *, blocked, lingering
         load ledger 2
         > ledger#1: ledger 2, registered as ledger, state #{accounts => #{}}, 0 queued",
    );
}

#[test]
fn a05_a_server_that_is_blocked_in_a_call_made_from_its_module_lingers() {
    rule(
        "default",
        "suspend counter
         client 1 calls ledger {deposit,<<\"a\">>,3}
         > ledger#1: ledger 1, *, blocked
         load ledger 2
         > ledger#1: ledger 1, *, blocked, lingering
         load counter 2
         > counter#1: counter 2, registered as counter, state #{count => 0}, 1 queued, suspended
         soft_purge counter
         > result: true
         purge ledger
         > result: true
         > exit of ledger#1: killed
         > answer to client_1#1: exit killed",
    );
}

#[test]
fn a07_callbacks_use_the_version_that_is_current_at_the_time_of_the_call() {
    rule(
        "default",
        "client 1 calls ledger {deposit,<<\"a\">>,3}
         load ledger 2
         client 1 calls ledger {balance,<<\"a\">>}
         > answer to client_1#1: 3
         > ledger#1: ledger 2, *
         client 1 asks stuck hello
         > answer to client_1#1: {stuck_1,hello}
         load stuck_loop 2
         client 1 asks stuck hello
         > answer to client_1#1: {stuck_1,hello}",
    );
}

#[test]
fn a08_a_receive_in_old_code_takes_one_more_message_with_the_old_clause() {
    rule(
        "default",
        "load echo_loop 2
         > echo#1: echo_loop 1, *, blocked, lingering
         client 1 asks echo hello
         > answer to client_1#1: {echo_1,hello}
         > echo#1: echo_loop 2, registered as echo, 0 queued, blocked
         client 1 asks echo hello
         > answer to client_1#1: {echo_2,hello}",
    );
}

#[test]
fn a09_who_is_killed_by_a_purge_is_seen_as_killed() {
    rule(
        "default",
        "suspend counter
         client 1 calls ledger {deposit,<<\"a\">>,3}
         load ledger 2
         purge ledger
         > result: true
         > exit of ledger#1: killed
         > answer to client_1#1: exit killed",
    );
}

#[test]
fn a10_a_purge_returns_when_everybody_it_killed_is_down() {
    rule(
        "default",
        "load stuck_loop 2
         purge stuck_loop
         > result: true
         > exit of stuck#1: killed
         > exit of stray#1: killed
         > no stray#1
         > no stuck#1
         purge stuck_loop
         > result: false",
    );
}

#[test]
fn a11_loading_the_same_code_again_makes_an_old_version_to_linger_in() {
    rule(
        "default",
        "load stuck_loop 1
         > result: {module,stuck_loop}
         > stuck#1: stuck_loop 1, *, blocked, lingering
         purge stuck_loop
         > result: true
         > exit of stuck#1: killed",
    );
}

#[test]
fn a13_a_sticky_module_is_not_loaded_anew_but_deleted() {
    rule(
        "default",
        "stick ledger
         > result: true
         load ledger 2
         > result: {error,sticky_directory}
         reload ledger 2
         > result: {error,sticky_directory}
         load_binary ledger 2
         > result: {error,sticky_directory}
         > code of ledger: 1 is current
         delete ledger
         > result: true
         load ledger 2
         > result: {module,ledger}
         > code of ledger: 2 is current, and old code
         unstick ledger
         load ledger 1
         > result: {error,not_purged}
         load_binary ledger 1
         > result: {module,ledger}",
    );
}

#[test]
fn a14_loads_and_purges_are_done_one_after_the_other() {
    rule(
        "default",
        "load ledger 2
         load ledger 1
         > result: {error,not_purged}
         purge ledger
         load ledger 1
         > result: {module,ledger}
         > code of ledger: 1 is current, and old code",
    );
}

#[test]
fn a06_a_local_fun_of_old_code_runs_that_and_an_external_one_what_is_current() {
    rule(
        "functions",
        "client 1 calls tariff hand_over
         load tariff 2
         client 1 calls tariff {price,1}
         > answer to client_1#1: {1,11}
         client 1 calls till {charge,1}
         > answer to client_1#1: {1,11}
         client 1 calls tariff {rate,1}
         > answer to client_1#1: {2,21}
         client 1 calls tariff renew
         client 1 calls tariff {price,1}
         > answer to client_1#1: {2,21}",
    );
}

#[test]
fn a06_a_local_fun_is_a_badfun_once_its_code_is_purged() {
    rule(
        "functions",
        "client 1 calls tariff hand_over
         load tariff 2
         purge tariff
         > result: false
         client 1 calls tariff {price,1}
         > answer to client_1#1: badfun
         client 1 calls till {charge,1}
         > answer to client_1#1: badfun
         client 1 calls tariff {rate,1}
         > answer to client_1#1: {2,21}
         load tariff 3
         client 1 calls till {charge,1}
         > answer to client_1#1: badfun",
    );
}

#[test]
fn a06_a_local_fun_runs_again_once_the_same_code_is_loaded_again() {
    rule(
        "functions",
        "client 1 calls tariff hand_over
         load_binary tariff 2
         load_binary tariff 3
         client 1 calls till {charge,1}
         > answer to client_1#1: badfun
         load_binary tariff 1
         client 1 calls till {charge,1}
         > answer to client_1#1: {1,11}
         delete tariff
         purge tariff
         client 1 calls till {charge,1}
         > answer to client_1#1: {1,11}
         > code of tariff: 1 is current",
    );
}

#[test]
fn a05_a_fun_that_waits_lingers_in_the_code_of_its_version() {
    rule(
        "functions",
        "client 1 calls tariff hand_over_slow
         client 1 calls till {charge,1}
         load tariff 2
         > till#1: till 1, *lingering
         soft_purge tariff
         > result: false
         client 2 sends till go
         > answer to client_1#1: {1,1}
         soft_purge tariff
         > result: true",
    );
}

#[test]
fn a05_a_fun_that_waits_in_old_code_is_killed_by_purge() {
    rule(
        "functions",
        "client 1 calls tariff hand_over_slow
         client 1 calls till {charge,1}
         load tariff 2
         purge tariff
         > result: true
         > exit of till#1: killed
         > no exit of tariff#1",
    );
}

#[test]
fn a12_what_is_current_serves_until_on_load_gives_ok() {
    rule(
        "functions",
        "load gauge 2
         > result: {module,gauge}
         > till#1: till 1, *notes => [{1,yes}]*
         > code of gauge: 2 is current, and old code
         client 1 calls gauge version
         > answer to client_1#1: 2",
    );
}

#[test]
fn a12_an_on_load_that_does_not_give_ok_leaves_what_is_current() {
    rule(
        "functions",
        "load gauge 3
         > result: {error,on_load_failure}
         > code of gauge: 1 is current
         load gauge 4
         > result: {error,on_load_failure}
         client 1 calls gauge version
         > answer to client_1#1: 1
         load gauge 2
         load_binary gauge 3
         > result: {error,on_load_failure}
         > code of gauge: 2 is current",
    );
}

#[test]
fn a12_callers_of_a_module_wait_for_its_first_on_load() {
    rule(
        "functions",
        "load scale 1
         delete scale
         purge scale
         suspend till
         client 1 calls gauge {weigh,3}
         > gauge#1: gauge 1, *blocked
         > no answer to client_1#1
         resume till
         > answer to client_1#1: {1,3}
         > till#1: till 1, *notes => [{undef,yes},{undef,yes}]*
         > code of scale: 1 is current",
    );
}

#[test]
fn a12_a_load_beside_the_first_on_load_of_a_caller_waits_for_it() {
    rule(
        "functions",
        "load scale 1
         delete scale
         purge scale
         suspend till
         client 1 calls gauge {weigh,3}
         > gauge#1: gauge 1, *blocked
         load scale 2
         > result: {module,scale}
         > code of scale: 2 is current, and old code
         client 1 calls gauge {weigh,3}
         > answer to client_1#1: {2,3}",
    );
}

#[test]
fn a12_an_on_load_calls_the_version_that_is_current() {
    rule(
        "functions",
        "load scale 1
         client 1 calls gauge {weigh,3}
         > answer to client_1#1: {1,3}
         load scale 2
         > result: {module,scale}
         > till#1: till 1, *notes => [{undef,yes},{{1,0},yes}]*
         client 1 calls gauge {weigh,3}
         > answer to client_1#1: {2,3}",
    );
}

#[test]
fn a12_a_first_on_load_that_fails_leaves_the_caller_without_the_module() {
    rule(
        "functions_refused",
        "load scale 1
         load scale 3
         > result: {error,on_load_failure}
         delete scale
         purge scale
         client 1 calls gauge {weigh,3}
         > exit of gauge#1: {undef,*
         > code of scale: nothing is current",
    );
}

#[test]
fn a12_load_binary_has_purged_even_if_on_load_fails() {
    rule(
        "functions",
        "load gauge 1
         > code of gauge: 1 is current, and old code
         load_binary gauge 3
         > result: {error,on_load_failure}
         > code of gauge: 1 is current",
    );
}
