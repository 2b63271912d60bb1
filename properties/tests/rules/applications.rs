//! C: whole applications in a release, on the gateway.

use properties::rule;

/// The release handler comes to release 3.
const TO_3: &str = "unpack_release 2\nunpack_release 3\ninstall_release 2\ninstall_release 3\n";

#[test]
fn c02_an_application_that_a_release_adds_is_loaded_and_started() {
    rule(
        "gateway",
        r#"start metrics_sup
           > result: {error,{"no such file or directory","metrics.app"}}
           > code of meter: nothing is current
           unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > application metrics: 1, []
           > application gateway: 2, [{max_connections,200}]
           > application audit: 1, []
           > meter#1: meter 1, *
           client 1 asks meter 3
           > answer to client_1#1: 3"#,
    );
}

#[test]
fn c12_a_node_that_restarts_finds_what_was_unpacked_meanwhile() {
    // The listener is met suspended, which fails the install (C7).
    rule(
        "gateway",
        r#"suspend listener
           unpack_release 2
           install_release 2
           > result: {error,{'EXIT',{suspended_supervisor,[]}}}
           > listener#2: *
           > no application metrics
           start metrics_sup
           > result: {ok,'metrics_sup#2'}
           > application metrics: 1, []
           > meter#2: meter 1, *"#,
    );
}

#[test]
fn c02_an_application_that_a_release_has_no_more_is_stopped_and_unloaded() {
    rule(
        "gateway",
        r#"unpack_release 2
           install_release 2
           client 1 asks acceptor_1 <<"a">>
           client 1 asks acceptor_2 <<"a">>
           install_release 1
           > result: {ok,"1",[]}
           > exit of meter#1: shutdown
           > exit of metrics_sup#1: shutdown
           > no application metrics
           > code of meter: nothing is current"#,
    );
}

#[test]
fn c02_an_application_that_is_restarted_comes_up_in_its_other_version() {
    rule(
        "gateway",
        &format!(
            r#"client 1 notifies log {{note,5}}
               start_child workers [worker_1,[]]
               {TO_3}
               > result: {{ok,"2",[]}}
               > log#1: event_log 2, *total => 5*
               > worker_1#1: worker 2, *
               install_release 2
               > result: {{ok,"2",[]}}
               > exit of audit_sup#1: shutdown
               > exit of worker_1#1: shutdown
               > application audit: 1, []
               > log#2: event_log 1, *sum => 0*
               > code of worker: 1 is current
               > connections#1: connections 2, *"#
        ),
    );
}

#[test]
fn c04_what_depends_on_each_other_is_converted_in_one_group() {
    rule(
        "gateway",
        r#"client 1 asks acceptor_1 <<"a">>
           client 1 calls session login
           client 1 calls session fetch
           unpack_release 2
           install_release 2
           > connections#1: connections 2, *state #{opened => 0,peers => #{<<"a">> => 1}}*
           > session#1: session 2, *state {member,#{fetched => 1,logins => 0}}*
           client 1 asks acceptor_1 <<"a">>
           > answer to client_1#1: {accepted,<<"a">>}
           client 1 asks acceptor_1 <<"a">>
           > answer to client_1#1: {accepted,<<"a">>,3}
           > connections#1: *<<"a">> => 3*"#,
    );
}

#[test]
fn b13_an_acceptor_that_a_new_spec_has_is_started_by_the_appup() {
    rule(
        "gateway",
        r#"client 1 asks acceptor_3 <<"a">>
           unpack_release 2
           install_release 2
           > acceptor_3#1: acceptor 2, *
           > acceptor_1#1: acceptor 1, *lingering
           client 2 asks acceptor_3 <<"b">>
           > answer to client_2#1: {accepted,<<"b">>,1}
           client 1 asks acceptor_1 <<"a">>
           client 1 asks acceptor_2 <<"a">>
           install_release 1
           > exit of acceptor_3#1: shutdown
           > no acceptor_3#1
           > code of acceptor: 1 is current*"#,
    );
}

#[test]
fn c14_an_acceptor_that_stays_in_its_old_code_holds_up_the_next_release() {
    rule(
        "gateway",
        r#"unpack_release 2
           install_release 2
           > acceptor_1#1: acceptor 1, *lingering
           install_release 1
           > result: {error,{old_processes,acceptor}}
           > acceptor_1#1: acceptor 1, *lingering
           > acceptor_3#1: acceptor 2, *"#,
    );
}

#[test]
fn a08_a_loop_of_a_release_leaves_its_old_code() {
    rule(
        "gateway",
        &format!(
            r#"{TO_3}
               > meter#1: meter 2, registered as meter, 0 queued, blocked
               > code of meter: 2 is current"#
        ),
    );
}

#[test]
fn c13_one_application_of_several_is_moved_and_restarted_alone() {
    rule(
        "gateway",
        r#"client 1 notifies log {note,5}
           unpack_release 2
           unpack_release 3
           upgrade_app metrics 1
           > result: {error,{app_not_running,metrics}}
           install_release 2
           upgrade_app metrics 2
           > result: {ok,[]}
           > meter#1: meter 2, *
           upgrade_app audit 2
           > result: {ok,[]}
           > application audit: 2, []
           > application gateway: 2, *
           > log#1: event_log 2, *total => 5*
           downgrade_app audit 1
           > result: {ok,[]}
           > exit of audit_sup#1: shutdown
           > log#2: event_log 1, *sum => 0*
           > application audit: 1, []
           > releases: 3 unpacked, 2 current, 1 permanent
           install_release 3
           > result: {error,{code_change_failed,'meter#1',meter,"2",*}}
           > no application metrics
           > log#3: event_log 1, *"#,
    );
}
