//! E: signals, and what is lost and what not.

use properties::rule;

#[test]
fn e01_messages_of_one_sender_arrive_in_the_order_of_sending() {
    rule(
        "default",
        "client 2 casts counter {add,1}
         client 2 casts counter {add,2}
         client 2 calls counter get
         > answer to client_2#1: 3",
    );
}

#[test]
fn e02_kill_is_seen_as_killed_and_normal_from_others_is_ignored() {
    rule(
        "default",
        "exit ledger normal
         > result: true
         > no exit of ledger#1
         exit stray normal
         > no exit of stray#1
         exit ledger kill
         > exit of ledger#1: killed
         exit stray oops
         > exit of stray#1: oops
         exit stray oops
         > result: {error,noproc}",
    );
}

#[test]
fn e03_at_the_end_of_a_process_its_name_is_free() {
    rule(
        "default",
        "kill stray
         > exit of stray#1: killed
         > no stray#1
         start stray
         > result: {ok,'stray#2'}
         > stray#2: stuck_loop 1, registered as stray, *
         start stray
         > result: {error,{already_started,'stray#2'}}",
    );
}

#[test]
fn e03_a_call_of_a_name_that_nobody_has_is_noproc() {
    rule(
        "default",
        "kill stray
         client 1 asks stray hello
         > answer to client_1#1: exit noproc
         suspend stray
         > result: {error,{noproc,{sys,suspend,[stray,*]}}}",
    );
}

#[test]
fn e04_a_message_that_was_accepted_before_a_kill_may_go_unhandled() {
    rule(
        "default",
        "suspend counter
         client 1 casts counter {add,5}
         > counter#1: *, 1 queued, suspended
         kill counter
         client 1 calls counter get
         > answer to client_1#1: 0",
    );
}

#[test]
fn e05_nothing_is_lost_across_a_load_a_suspension_and_a_conversion() {
    rule(
        "default",
        "suspend counter
         client 1 casts counter {add,1}
         load counter 2
         client 1 casts counter {add,2}
         change_code counter 1
         client 1 casts counter {add,3}
         soft_purge counter
         > result: true
         change_code counter 0
         > result: {error,*}
         client 2 calls counter get
         get_state counter
         > result: #{adds => 0,total => 0}
         resume counter
         > answer to client_2#1: 6
         > counter#1: counter 2, registered as counter, state #{adds => 3,total => 6}, 0 queued",
    );
}

#[test]
fn e06_the_mailbox_of_a_terminated_process_is_lost() {
    rule(
        "default",
        "suspend counter
         client 1 casts counter {add,5}
         terminate counter shutdown
         > exit of counter#1: shutdown
         client 1 calls counter get
         > answer to client_1#1: 0",
    );
}

#[test]
fn e07_a_call_ends_in_a_reply_in_the_servers_end_or_in_a_timeout() {
    rule(
        "default",
        "client 1 calls counter {add,1}
         > answer to client_1#1: 1
         suspend counter
         client 1 calls counter {add,1}
         client 2 calls ledger {deposit,<<\"a\">>,1}
         kill ledger
         > answer to client_2#1: exit killed
         advance 2100 ms
         > answer to client_1#1: timeout
         resume counter
         client 1 calls counter get
         > answer to client_1#1: 3",
    );
}
