//! B: sys messages to a server, by hand.

use properties::rule;

#[test]
fn b01_user_messages_wait_in_order_while_a_server_is_suspended() {
    rule(
        "default",
        "suspend counter
         client 1 casts counter {add,1}
         client 1 casts counter {add,2}
         client 2 calls counter get
         > counter#1: counter 1, registered as counter, state #{count => 0}, 3 queued, suspended
         > no answer to client_2#1
         get_state counter
         > result: #{count => 0}
         resume counter
         > answer to client_2#1: 3
         > counter#1: counter 1, registered as counter, state #{count => 3}, 0 queued",
    );
}

#[test]
fn b02_a_suspended_server_answers_all_of_sys() {
    rule(
        "default",
        "suspend counter
         > result: ok
         get_state counter
         > result: #{count => 0}
         replace_state counter with #{count => 7}
         > result: #{count => 7}
         get_status counter
         > result: {status,'counter#1',{module,gen_server},[suspended,*#{count => 7}*
         system counter {debug,{trace,false}}
         > result: ok
         system counter {debug,{statistics,true}}
         > result: ok
         system counter {debug,no_debug}
         > result: ok
         suspend counter
         > result: ok
         resume counter
         > result: ok
         terminate counter shutdown
         > result: ok
         > exit of counter#1: shutdown",
    );
}

#[test]
fn b02_what_sys_does_not_know_is_an_error() {
    rule(
        "default",
        "system counter hello
         > result: {error,{unknown_system_msg,hello}}
         suspend counter
         system counter {hello,1}
         > result: {error,{unknown_system_msg,{hello,1}}}
         system counter {debug,hello}
         > result: unknown_debug",
    );
}

#[test]
fn b02_a_running_server_knows_no_change_code() {
    rule(
        "default",
        "change_code counter 1
         > result: {error,{unknown_system_msg,{change_code,counter,*}}}
         > counter#1: counter 1, registered as counter, state #{count => 0}, 0 queued",
    );
}

#[test]
fn b04_suspend_and_resume_are_not_counted() {
    rule(
        "default",
        "suspend counter
         suspend counter
         > result: ok
         resume counter
         > counter#1: counter 1, registered as counter, state #{count => 0}, 0 queued
         resume counter
         > result: ok
         suspend counter
         > counter#1: *, suspended",
    );
}

#[test]
fn b05_a_suspend_that_came_too_late_still_takes_effect() {
    rule(
        "default",
        "suspend counter
         client 1 calls ledger {deposit,<<\"a\">>,3}
         > ledger#1: ledger 1, *, blocked
         suspend ledger within 50 ms
         > result: {error,{timeout,{sys,suspend,[ledger,50]}}}
         > ledger#1: ledger 1, *, 1 queued, blocked
         resume counter
         > ledger#1: ledger 1, *, 0 queued, suspended",
    );
}

#[test]
fn b05_a_change_code_that_was_given_up_still_completes() {
    rule(
        "default",
        "load counter 2
         suspend counter
         change_code counter 1 within 0 ms
         > result: {error,{timeout,{sys,change_code,[counter,counter,*,[],0]}}}
         > counter#1: counter 2, *, state #{adds => 0,total => 0}, 0 queued, suspended",
    );
}

#[test]
fn b10_a_call_that_timed_out_during_a_suspension_is_carried_out_afterwards() {
    rule(
        "default",
        "suspend counter
         client 1 calls counter {add,5}
         advance 2100 ms
         > answer to client_1#1: timeout
         client 1 calls counter get
         resume counter
         > answer to client_1#1: 5
         > counter#1: counter 1, registered as counter, state #{count => 5}, 0 queued",
    );
}

#[test]
fn b11_terminate_ends_a_suspended_server_and_pending_calls_get_its_reason() {
    rule(
        "default",
        "suspend ledger
         client 1 calls ledger {balance,<<\"a\">>}
         terminate ledger bye
         > result: ok
         > exit of ledger#1: bye
         > answer to client_1#1: exit bye
         > ledger#2: ledger 1, *",
    );
}

#[test]
fn b11_any_other_exit_ends_a_suspended_server_that_does_not_trap() {
    rule(
        "default",
        "suspend ledger
         exit ledger normal
         > no exit of ledger#1
         exit ledger oops
         > exit of ledger#1: oops
         > ledger#2: ledger 1, *",
    );
}

#[test]
fn b12_a_function_that_fails_to_replace_a_state_fails_in_the_caller() {
    rule(
        "default",
        "replace_state counter raising boom
         > result: {error,{callback_failed,{gen_server,system_replace_state},{error,boom}}}
         > counter#1: counter 1, registered as counter, state #{count => 0}, 0 queued
         replace_state counter with #{count => 3}
         > result: #{count => 3}
         client 1 calls counter {add,1}
         > answer to client_1#1: 4",
    );
}

#[test]
fn b06_the_state_is_what_code_change_gives() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         suspend counter
         load counter 2
         change_code counter 1
         > result: ok
         get_state counter
         > result: #{adds => 0,total => 5}
         resume counter
         client 1 calls counter get
         > answer to client_1#1: 5",
    );
}

#[test]
fn b06_an_error_keeps_the_state_and_the_process_suspended() {
    rule(
        "default",
        "suspend counter
         load counter 2
         change_code counter 7
         > result: {error,{error,unknown_version}}
         > counter#1: *, state #{count => 0}, 0 queued, suspended
         change_code counter 1
         > result: ok
         > counter#1: *, state #{adds => 0,total => 0}, 0 queued, suspended",
    );
}

#[test]
fn b06_without_a_code_change_it_is_undef() {
    rule(
        "default",
        "suspend counter
         change_code counter 1
         > result: {error,{'EXIT',{undef,*
         > counter#1: *, suspended",
    );
}

#[test]
fn b16_the_version_is_the_one_that_is_left_or_with_down_the_one_to_come() {
    rule(
        "default",
        "client 1 casts counter {add,5}
         suspend counter
         load counter 2
         change_code counter 1
         > result: ok
         change_code counter 2
         > result: {error,{error,unknown_version}}
         change_code counter down 2
         > result: {error,{error,unknown_version}}
         change_code counter down 1
         > result: ok
         get_state counter
         > result: #{count => 5}",
    );
}
