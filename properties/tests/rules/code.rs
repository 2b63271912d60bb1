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
