//! C5: whom the release handler finds in a supervision tree.

use properties::rule;

#[test]
fn c05_who_is_asked_for_its_children_and_ends_of_it_has_none_and_the_install_goes_on() {
    rule(
        "bug_asked_as_supervisor",
        r#"unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > exit of desk#1: {function_clause,*}
           > desk#2: counter *"#,
    );
}

#[test]
fn c05_children_that_are_told_of_in_another_shape_are_not_found() {
    rule(
        "bug_stale_supervisor",
        r#"unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > code of counter: 2 is current
           > agent#1: counter 2, *state #{count => 0}*"#,
    );
    rule(
        "twin_stale_supervisor",
        r#"unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > agent#1: counter 2, *state #{adds => 0,total => 0}*"#,
    );
}

#[test]
fn c05_a_supervisor_that_is_called_a_worker_is_not_asked_for_its_children() {
    rule(
        "bug_worker_type",
        r#"unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > desk#1: counter 2, *state #{count => 0}*"#,
    );
}
