//! C: releases.

use properties::{rule, rule_on};
use upheaval::scenario::{Application, ApplicationVersion, Process, Release, Restart, Scenario};
use upheaval_term::Term;

/// The sample scenario of releases, with another appup of version 2.
fn with_appup(up: &str, down: &str) -> Scenario {
    let mut scenario = releases();
    let text = format!("{{\"2\", [{{\"1\", [{up}]}}], [{{\"1\", [{down}]}}]}}.");
    scenario.applications[0].versions[1].appup = Some(text);
    scenario
}

fn releases() -> Scenario {
    match sample_scenarios::find("releases") {
        Some(scenario) => scenario,
        None => panic!("there is no scenario of releases"),
    }
}

/// A release whose only module is `stuck_loop`, which lingers; two of each version.
fn of_stuck_loop(to_2: &str, to_3: &str) -> Scenario {
    let default = properties::default_scenario();
    let module = match default.find_module("stuck_loop") {
        Some(module) => module.clone(),
        None => panic!("the default scenario has no stuck_loop"),
    };
    let vsn = |vsn: &str, module: &str| ApplicationVersion::new(vsn, [("stuck_loop", module)]);
    let up = |to: &str, from: &str, steps: &str| {
        format!("{{\"{to}\", [{{\"{from}\", [{steps}]}}], []}}.")
    };
    let mut scenario = Scenario::new("stuck_releases", "a plain process in an application")
        .module(module)
        .process(Process::new("stuck", "stuck_loop", answered()).supervised(Restart::Permanent))
        .application(
            Application::new("shop")
                .supervisor("sup")
                .version(vsn("1", "1"))
                .version(vsn("2", "2").appup(up("2", "1", to_2)))
                .version(vsn("3", "1").appup(up("3", "2", to_3))),
        )
        .release(Release::new("1", [("shop", "1")]))
        .release(Release::new("2", [("shop", "2")]))
        .release(Release::new("3", [("shop", "3")]));
    scenario.sizes.requests = 0;
    scenario
}

fn answered() -> Term {
    Term::map([(Term::atom("answered"), Term::Int(0))])
}

#[test]
fn c02_an_advanced_update_converts_up_and_down() {
    rule(
        "releases",
        r#"client 1 calls counter {add,5}
           unpack_release 2
           install_release 2
           > code of counter: 2 is current
           > counter#1: counter 2, *state #{adds => 0,total => 5}*
           client 1 calls counter {add,1}
           install_release 1
           > counter#1: counter 1, *state #{count => 6}*"#,
    );
}

#[test]
fn c05_a_process_that_nobody_supervises_runs_new_code_on_its_old_state() {
    let scenario = releases().process(Process::new("stray", "counter", Term::Int(7)));
    rule_on(
        &scenario,
        r#"unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > counter#1: counter 2, *state #{adds => 0,total => 0}*
           > stray#1: counter 2, *state #{count => 7}*"#,
    );
}

#[test]
fn c07_a_supervisor_that_is_suspended_cannot_be_asked_and_fails_the_install() {
    let scenario = with_appup(
        "point_of_no_return, {suspend, [upheaval_supervisor]}, {suspend, [counter]}, \
         {resume, [counter]}, {resume, [upheaval_supervisor]}",
        "",
    );
    rule_on(
        &scenario,
        r#"unpack_release 2
           install_release 2
           > result: {error,{'EXIT',{suspended_supervisor,[]}}}
           > releases: 2 unpacked, 1 permanent
           > exit of counter#1: killed
           > counter#2: counter 1, *"#,
    );
}

#[test]
fn c08_who_does_not_answer_is_left_out_and_the_install_succeeds() {
    let scenario = of_stuck_loop(
        "{update, stuck_loop, 100, {advanced, []}, brutal_purge, brutal_purge, []}",
        "",
    );
    rule_on(
        &scenario,
        r#"unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > stuck#1: stuck_loop 1, *lingering*
           > code of stuck_loop: 2 is current, and old code
           > releases: 2 current, 1 permanent"#,
    );
}

#[test]
fn c09_a_process_that_dies_before_its_code_change_fails_the_install() {
    let scenario = with_appup(
        "{load_object_code, {shop, \"2\", [counter]}}, point_of_no_return, \
         {suspend, [counter]}, {load, {counter, brutal_purge, brutal_purge}}, \
         {apply, {supervisor, terminate_child, [sup, counter]}}, \
         {code_change, up, [{counter, []}]}, {resume, [counter]}",
        "",
    );
    rule_on(
        &scenario,
        r#"unpack_release 2
           install_release 2
           > result: {error,{'EXIT',{noproc,{sys,change_code,['counter#1',counter,"1",[]]}}}}
           > releases: 2 unpacked, 1 permanent
           > counter#2: counter 1, *"#,
    );
}

#[test]
fn c10_who_runs_old_code_of_a_module_to_be_purged_softly_stops_the_install() {
    let scenario = of_stuck_loop(
        "{load_module, stuck_loop}",
        "{load_module, stuck_loop, soft_purge, soft_purge, []}",
    );
    rule_on(
        &scenario,
        r#"unpack_release 2
           unpack_release 3
           install_release 2
           > result: {ok,"1",[]}
           check_install_release 3
           > result: {error,{old_processes,stuck_loop}}
           install_release 3
           > result: {error,{old_processes,stuck_loop}}
           > stuck#1: stuck_loop 1, *lingering*
           > no exit of stuck#1
           > releases: 3 unpacked, 2 current, 1 permanent"#,
    );
}

#[test]
fn c10_a_release_brings_its_own_environment() {
    let mut scenario = releases();
    let versions = &mut scenario.applications[0].versions;
    versions[0] = versions[0].clone().env("depth", Term::Int(1));
    versions[1] = versions[1].clone().env("depth", Term::Int(2));
    rule_on(
        &scenario,
        r#"unpack_release 2
           > application shop: 1, [{depth,1}]
           install_release 2
           > application shop: 2, [{depth,2}]
           install_release 1
           > application shop: 1, [{depth,1}]"#,
    );
}

#[test]
fn c11_a_failure_before_the_point_of_no_return_changes_only_the_environment() {
    let mut scenario = with_appup(
        "{apply, {erlang, error, [oops]}}, point_of_no_return, {update, counter, {advanced, []}}",
        "",
    );
    let versions = &mut scenario.applications[0].versions;
    versions[1] = versions[1].clone().env("depth", Term::Int(2));
    rule_on(
        &scenario,
        r#"client 1 calls counter {add,5}
           unpack_release 2
           install_release 2
           > result: {error,{'EXIT',{oops,[]}}}
           > application shop: 2, [{depth,2}]
           > counter#1: counter 1, *state #{count => 5}*
           > releases: 2 unpacked, 1 permanent
           > no exit of counter#1"#,
    );
}

#[test]
fn c11_checking_an_install_does_what_comes_before_the_point_of_no_return() {
    let scenario = with_appup(
        "{apply, {application, set_env, [shop, probed, true]}}, \
         {apply, {application, start, [nosuch]}}, point_of_no_return, \
         {update, counter, {advanced, []}}",
        "",
    );
    rule_on(
        &scenario,
        r#"unpack_release 2
           > application shop: 1, []
           check_install_release 2
           > result: {ok,"1",[]}
           > application shop: 1, [{probed,true}]
           > counter#1: counter 1, *"#,
    );
}

#[test]
fn c12_a_failure_after_the_point_of_no_return_restarts_the_old_release() {
    let scenario = with_appup(
        "{update, counter, {advanced, []}}, {apply, {erlang, error, [oops]}}",
        "",
    );
    rule_on(
        &scenario,
        r#"client 1 calls counter {add,5}
           unpack_release 2
           install_release 2
           > result: {error,{'EXIT',{oops,[]}}}
           > exit of counter#1: killed
           > counter#2: counter 1, *state #{count => 0}*
           > releases: 2 unpacked, 1 permanent
           > application shop: 1, []
           client 1 calls counter {add,2}
           > answer to client_1#2: 2"#,
    );
}

#[test]
fn c12_what_was_made_permanent_is_what_a_restart_starts() {
    let mut scenario = releases();
    let to_3 = "{\"3\", [{\"2\", [{update, counter, {advanced, []}}, \
                {apply, {erlang, exit, [gone]}}]}], [{\"2\", []}]}.";
    scenario.applications[0].versions[4].appup = Some(to_3.into());
    rule_on(
        &scenario,
        r#"unpack_release 2
           install_release 2
           make_permanent 2
           unpack_release 3
           install_release 3
           > result: {error,{'EXIT',gone}}
           > releases: 3 unpacked, 2 permanent, 1 old
           > counter#2: counter 2, *state #{adds => 0,total => 0}*
           install_release 3
           > result: {error,{'EXIT',gone}}
           > counter#3: counter 2, *"#,
    );
}

#[test]
fn c12_a_restart_forgets_which_releases_had_run_if_nothing_was_written_since() {
    let mut scenario = releases();
    let to_3 = "{\"3\", [{\"2\", [{update, counter, {advanced, []}}]}], \
                [{\"2\", [{update, counter, {advanced, []}}, {apply, {erlang, exit, [gone]}}]}]}.";
    scenario.applications[0].versions[4].appup = Some(to_3.into());
    rule_on(
        &scenario,
        r#"unpack_release 2
           unpack_release 3
           install_release 2
           install_release 3
           > releases: 3 current, 2 old, 1 permanent
           install_release 2
           > result: {error,{'EXIT',gone}}
           > releases: 3 unpacked, 2 unpacked, 1 permanent"#,
    );
}

#[test]
fn c14_a_load_kills_who_still_runs_old_code() {
    let scenario = of_stuck_loop("{load_module, stuck_loop}", "{load_module, stuck_loop}");
    rule_on(
        &scenario,
        r#"unpack_release 2
           unpack_release 3
           install_release 2
           > stuck#1: stuck_loop 1, *lingering*
           install_release 3
           > result: {ok,"2",[]}
           > exit of stuck#1: killed
           > code of stuck_loop: 1 is current*"#,
    );
}

#[test]
fn c14_what_is_left_of_a_brutal_purge_is_killed_when_the_release_is_made_permanent() {
    rule_on(
        &of_stuck_loop("{load_module, stuck_loop}", ""),
        r#"unpack_release 2
           install_release 2
           > stuck#1: stuck_loop 1, *lingering*
           make_permanent 2
           > result: ok
           > exit of stuck#1: killed
           > stuck#2: stuck_loop 2, *
           > code of stuck_loop: 2 is current"#,
    );
}

#[test]
fn c14_what_is_left_of_a_soft_purge_is_left_alone() {
    rule_on(
        &of_stuck_loop(
            "{load_module, stuck_loop, brutal_purge, soft_purge, []}",
            "",
        ),
        r#"unpack_release 2
           install_release 2
           > stuck#1: stuck_loop 1, *lingering*
           make_permanent 2
           > result: ok
           > no exit of stuck#1
           > stuck#1: stuck_loop 1, *lingering*"#,
    );
}

#[test]
fn c15_a_release_goes_from_unpacked_to_current_to_permanent_to_old() {
    rule(
        "releases",
        r#"install_release 2
           > result: {error,{no_such_release,"2"}}
           > releases: 1 permanent
           unpack_release 2
           > result: {ok,"2"}
           > releases: 2 unpacked, 1 permanent
           make_permanent 2
           > result: {error,{bad_status,unpacked}}
           install_release 2
           > result: {ok,"1",[]}
           > releases: 2 current, 1 permanent
           install_release 2
           > result: {error,{already_installed,"2"}}
           make_permanent 2
           > result: ok
           > releases: 2 permanent, 1 old
           make_permanent 1
           > result: {error,{bad_status,old}}
           remove_release 2
           > result: {error,{permanent,"2"}}
           install_release 1
           > result: {ok,"1",[]}
           > releases: 2 permanent, 1 current
           remove_release 1
           > result: ok
           > releases: 2 permanent"#,
    );
}

#[test]
fn c15_a_way_leads_only_where_an_appup_has_a_clause() {
    rule(
        "releases",
        r#"unpack_release 2
           unpack_release 3
           install_release 3
           > result: {error,{enoent,"relup"}}
           check_install_release 3
           > result: {error,*}
           install_release 2
           install_release 3
           > result: {ok,"2",[]}
           install_release 1
           > result: {error,{no_matching_relup,"1","3"}}"#,
    );
}

#[test]
fn c16_stop_and_start_terminate_children_and_restart_them() {
    let scenario = with_appup(
        "{load_object_code, {shop, \"2\", [counter]}}, point_of_no_return, {stop, [counter]}, \
         {load, {counter, brutal_purge, brutal_purge}}, {start, [counter]}",
        "",
    );
    rule_on(
        &scenario,
        r#"client 1 calls counter {add,5}
           unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > exit of counter#1: shutdown
           > counter#2: counter 2, *state #{adds => 0,total => 0}*
           > ledger#1: ledger 1, *"#,
    );
}

#[test]
fn c13_an_application_is_moved_alone_and_no_release_with_it() {
    rule(
        "releases",
        r#"client 1 calls counter {add,5}
           upgrade_app shop 2
           > result: {error,no_appup_found}
           unpack_release 2
           upgrade_app shop 2
           > result: {ok,[]}
           > counter#1: counter 2, *state #{adds => 0,total => 5}*
           > application shop: 2, []
           > releases: 2 unpacked, 1 permanent
           upgrade_app shop 2
           > result: {error,{version_not_in_appup,"2"}}
           downgrade_app shop 1
           > result: {ok,[]}
           > counter#1: counter 1, *state #{count => 5}*
           > application shop: 1, []
           downgrade_app shop 1
           > result: {error,no_appup_found}"#,
    );
}

#[test]
fn c13_a_failure_after_the_point_of_no_return_leaves_new_code_and_suspended_processes() {
    let scenario = with_appup(
        "{load_object_code, {shop, \"2\", [counter]}}, point_of_no_return, \
         {suspend, [counter]}, {load, {counter, brutal_purge, brutal_purge}}, \
         {apply, {erlang, error, [oops]}}, {code_change, up, [{counter, []}]}, \
         {resume, [counter]}",
        "",
    );
    rule_on(
        &scenario,
        r#"client 1 calls counter {add,5}
           unpack_release 2
           upgrade_app shop 2
           > result: {'EXIT',{'EXIT',{oops,[]}}}
           > no exit of counter#1
           > counter#1: counter 2, *suspended*
           > code of counter: 2 is current
           > application shop: 1, []
           > releases: 2 unpacked, 1 permanent
           client 1 calls counter get
           > counter#1: counter 2, *1 queued, suspended
           upgrade_app shop 2
           > result: {error,{no_valid_version,{{"should be","1"},{"found file","shop.app","2"}}}}
           downgrade_app shop 1
           > result: {error,{badmatch,"2"}}
           install_release 2
           > result: {error,{'EXIT',{oops,[]}}}
           > exit of counter#1: killed"#,
    );
}

#[test]
fn c13_a_failure_before_the_point_of_no_return_changes_nothing() {
    let mut scenario = with_appup(
        "{apply, {erlang, error, [oops]}}, point_of_no_return, {update, counter, {advanced, []}}",
        "",
    );
    let versions = &mut scenario.applications[0].versions;
    versions[1] = versions[1].clone().env("depth", Term::Int(2));
    rule_on(
        &scenario,
        r#"unpack_release 2
           upgrade_app shop 2
           > result: {error,{'EXIT',{oops,[]}}}
           > application shop: 1, []
           > counter#1: counter 1, *"#,
    );
}

#[test]
fn c13_an_application_must_run_and_its_files_must_be_there() {
    rule(
        "releases",
        r#"unpack_release 2
           unpack_release 3
           upgrade_app shop 2
           > result: {ok,[]}
           remove_release 2
           > result: ok
           upgrade_app shop 3
           > result: {error,{no_app_found,"2","shop-2"}}
           downgrade_app shop 1
           > result: {error,no_appup_found}
           kill counter
           kill counter
           kill counter
           kill counter
           upgrade_app shop 3
           > result: {error,{app_not_running,shop}}"#,
    );
}

#[test]
fn c13_what_somebody_still_runs_is_left_to_the_caller() {
    rule_on(
        &of_stuck_loop("{load_module, stuck_loop}", ""),
        r#"unpack_release 2
           upgrade_app shop 2
           > result: {ok,[{stuck_loop,brutal_purge}]}
           > stuck#1: stuck_loop 1, *lingering*
           > no exit of stuck#1
           advance 20000 ms
           > stuck#1: stuck_loop 1, *lingering*"#,
    );
}

#[test]
fn c15_what_a_removed_release_had_has_no_version_any_more() {
    rule(
        "releases",
        r#"unpack_release 2
           unpack_release 3
           install_release 2
           install_release 3
           remove_release 3
           > result: ok
           > releases: 2 old, 1 permanent
           install_release 2
           > result: {error,{code_change_failed,'counter#1',counter,undefined,*}}
           > releases: 2 old, 1 permanent"#,
    );
}

#[test]
fn c15_an_old_release_is_rebooted_and_permanent_again() {
    rule(
        "releases",
        r#"client 1 calls counter {add,5}
           unpack_release 2
           reboot_old_release 2
           > result: {error,{bad_status,unpacked}}
           install_release 2
           reboot_old_release 1
           > result: {error,{bad_status,permanent}}
           make_permanent 2
           > releases: 2 permanent, 1 old
           > counter#1: counter 2, *
           reboot_old_release 1
           > result: ok
           > releases: 2 old, 1 permanent
           > exit of counter#1: killed
           > counter#2: counter 1, *state #{count => 0}*
           > application shop: 1, []
           client 1 calls counter {add,2}
           > answer to client_1#2: 2
           reboot_old_release 2
           > result: ok
           > releases: 2 permanent, 1 old
           > counter#3: counter 2, *
           install_release 1
           > result: {ok,"1",[]}
           > counter#3: counter 1, *"#,
    );
}

#[test]
fn c02_an_emulator_that_is_restarted_boots_the_new_release_once() {
    let scenario = with_appup(
        "{update, counter, {advanced, []}}, restart_emulator",
        "{update, counter, {advanced, []}}, restart_emulator",
    );
    rule_on(
        &scenario,
        r#"client 1 calls counter {add,5}
           unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > exit of counter#1: killed
           > counter#2: counter 2, *state #{adds => 0,total => 0}*
           > releases: 2 current, 1 permanent
           > application shop: 2, []
           install_release 1
           > result: {ok,"1",[]}
           > counter#3: counter 1, *
           > releases: 2 old, 1 permanent
           upgrade_app shop 2
           > result: restart_emulator
           > no exit of counter#3
           > counter#3: counter 2, *"#,
    );
}

#[test]
fn a03_what_the_code_path_has_no_more_is_loaded_from_where_the_node_was_booted() {
    rule(
        "bug_cleaned_too_much",
        r#"unpack_release 2
           install_release 2
           > result: {ok,"1",[]}
           > exit of echo#1: killed
           > code of echo_loop: 1 is current
           > echo#2: echo_loop 1, *"#,
    );
}

#[test]
fn c11_an_artifact_that_is_missing_fails_an_install_before_anything_is_done() {
    rule(
        "releases",
        r#"client 1 calls counter {add,5}
           unpack_release 2
           check_install_release 2, missing counter
           > result: {error,{no_such_file,"counter.beam"}}
           upgrade_app shop 2, missing ledger
           > result: {error,{no_such_file,"ledger.beam"}}
           install_release 2, missing counter
           > result: {error,{no_such_file,"counter.beam"}}
           > releases: 2 unpacked, 1 permanent
           > code of counter: 1 is current
           > no exit of counter#1
           install_release 2
           > result: {ok,"1",[]}
           > counter#1: counter 2, *state #{adds => 0,total => 5}*"#,
    );
}

#[test]
fn c12_an_artifact_that_cannot_be_loaded_passes_the_check_and_fails_the_install() {
    rule(
        "releases",
        r#"client 1 calls counter {add,5}
           unpack_release 2
           check_install_release 2, truncated counter
           > result: {ok,"1",[]}
           install_release 2, truncated counter
           > result: {error,{'EXIT',{{badmatch,{error,badfile}},[]}}}
           > releases: 2 unpacked, 1 permanent
           > exit of counter#1: killed
           > code of counter: 1 is current
           > counter#2: counter 1, *state #{count => 0}*
           check_install_release 2, swapped ledger
           > result: {ok,"1",[]}
           install_release 2, swapped ledger
           > result: {error,{'EXIT',{{badmatch,{error,badfile}},[]}}}
           > exit of counter#2: killed
           install_release 2
           > result: {ok,"1",[]}
           > code of counter: 2 is current
           install_release 1, swapped counter
           > result: {error,{'EXIT',*
           > releases: 2 unpacked, 1 permanent
           > counter#4: counter 1, *state #{count => 0}*"#,
    );
}

#[test]
fn a13_a_sticky_module_fails_an_install_after_the_point_of_no_return() {
    rule(
        "releases",
        r#"unpack_release 2
           stick counter
           check_install_release 2
           > result: {ok,"1",[]}
           install_release 2
           > result: {error,{'EXIT',{{badmatch,{error,sticky_directory}},[]}}}
           > exit of counter#1: killed
           > releases: 2 unpacked, 1 permanent
           install_release 2
           > result: {ok,"1",[]}"#,
    );
}

#[test]
fn an_artifact_that_no_relup_reads_may_be_damaged() {
    rule(
        "releases",
        r#"unpack_release 2
           unpack_release 2.1
           install_release 2
           install_release 2.1, truncated counter
           > result: {ok,"2",[]}
           > releases: 2.1 current, 2 old, 1 permanent
           > code of spare: *"#,
    );
}

#[test]
fn a11_an_install_that_loads_a_stale_artifact_says_ok() {
    rule(
        "releases",
        r#"unpack_release 2
           install_release 2, stale ledger
           > result: {ok,"1",[]}
           > releases: 2 current, 1 permanent
           > code of ledger: 1 is current
           > code of counter: 2 is current
           delete ledger
           purge ledger
           client 1 calls ledger {deposit,<<"a">>,3}
           > code of ledger: 2 is current"#,
    );
}

#[test]
fn b06_old_code_that_is_loaded_again_cannot_convert_its_own_state_and_fails_the_install() {
    rule(
        "releases",
        r#"unpack_release 2
           install_release 2, stale counter
           > result: {error,{code_change_failed,'counter#1',counter,"1",{'EXIT',{undef,[]}}}}
           > exit of counter#1: killed
           > releases: 2 unpacked, 1 permanent"#,
    );
}

#[test]
fn b16_a_downgrade_converts_to_the_version_that_was_read_and_not_to_the_one_that_was_to_come() {
    rule(
        "releases",
        r#"unpack_release 2
           unpack_release 3
           install_release 2
           client 1 calls counter {add,5}
           install_release 3
           install_release 2, stale counter
           > result: {ok,"2",[]}
           > code of counter: 1 is current
           > counter#1: counter 1, *state #{count => 5}*"#,
    );
}

#[test]
fn c13_an_application_with_a_module_that_cannot_be_loaded_is_left_between_two_versions() {
    rule(
        "releases",
        r#"unpack_release 2
           upgrade_app shop 2, swapped counter
           > result: {'EXIT',{'EXIT',{{badmatch,{error,badfile}},[]}}}
           > code of counter: 1 is current
           > counter#1: counter 1, *suspended"#,
    );
}
