//! D: supervisors, and what of B is about them.

use properties::{rule, rule_on};
use sample_scenarios::{erlang, source};
use upheaval::scenario::{Module, Process, Scenario, Switch};
use upheaval_term::Term;

#[test]
fn d01_a_failed_start_stops_the_earlier_children() {
    rule(
        "supervisors",
        "start_child sup #{id => shop,type => supervisor,start => {upheaval_supervisor,start_link,[shop,{#{},[#{id => till,start => {counter,start_link,[till,0]}},#{id => bad,start => {nosuch,start_link,[bad,0]}}]}]}}
         > result: {error,{{shutdown,{failed_to_start_child,bad,{'EXIT',{undef,[]}}}},{child,undefined,shop,*
         > exit of till#1: shutdown
         > exit of shop#1: {shutdown,{failed_to_start_child,bad,{'EXIT',{undef,[]}}}}",
    );
}

#[test]
fn d01_nonsense_from_init_gives_the_errors_of_otp() {
    let start = |what: &str| {
        format!(
            "start_child sup #{{id => shop,restart => temporary,start => {{upheaval_supervisor,start_link,[shop,{what}]}}}}"
        )
    };
    let till = "#{id => till,start => {counter,start_link,[till,0]}}";
    let nonsense = [
        (
            "nonsense",
            "{bad_return,{upheaval_supervisor,init,{ok,nonsense}}}",
        ),
        (
            "{#{intensity => -1},[]}",
            "{supervisor_data,{invalid_intensity,-1}}",
        ),
        (
            "{#{period => 0},[]}",
            "{supervisor_data,{invalid_period,0}}",
        ),
        (
            "{#{strategy => all},[]}",
            "{supervisor_data,{invalid_strategy,all}}",
        ),
        ("{all,[]}", "{supervisor_data,{invalid_type,all}}"),
        ("{#{},[#{}]}", "{start_spec,missing_id}"),
        ("{#{},[#{id => a}]}", "{start_spec,missing_start}"),
        (
            "{#{},[#{id => a,start => b}]}",
            "{start_spec,{invalid_mfa,b}}",
        ),
        ("{#{},[till]}", "{start_spec,{invalid_child_spec,till}}"),
        (
            &format!("{{#{{}},[{till},{till}]}}"),
            "{start_spec,{duplicate_child_name,till}}",
        ),
        (
            "{#{strategy => simple_one_for_one},[]}",
            "{bad_start_spec,[]}",
        ),
        (
            "{#{},[#{id => a,start => {m,f,[]},restart => transient,significant => true}]}",
            "{start_spec,{bad_combination,[{auto_shutdown,never},{significant,true}]}}",
        ),
    ];
    let text: String = nonsense
        .iter()
        .map(|(what, error)| format!("{}\n> result: {{error,{{{error},*\n", start(what)))
        .collect();
    rule("supervisors", &text);
}

#[test]
fn d02_the_restart_type_decides_who_comes_back() {
    rule(
        "supervisors",
        "terminate counter normal
         > exit of counter#1: normal
         > counter#2: counter 1, *
         start_child sup #{id => extra,restart => transient,start => {counter,start_link,[extra,0]}}
         > result: {ok,'extra#1'}
         kill extra
         > extra#2: counter 1, *
         terminate extra {shutdown,bye}
         > exit of extra#2: {shutdown,bye}
         > no extra#3
         > children of sup#1: [{extra,undefined,worker,[counter]},*
         delete_child sup extra
         > result: ok
         kill third
         > exit of third#1: killed
         > no third#2
         > children of chain#1: [{second,'second#1',worker,[echo_loop]},{first,'first#1',worker,[counter]}], [{specs,2},*",
    );
}

#[test]
fn d03_three_lingering_children_survive_a_purge_at_intensity_3() {
    rule(
        "default",
        "start_child sup #{id => a,start => {stuck_loop,start_link,[a,#{answered => 0}]}}
         start_child sup #{id => b,start => {stuck_loop,start_link,[b,#{answered => 0}]}}
         load stuck_loop 2
         purge stuck_loop
         > result: true
         > a#2: stuck_loop 2, *
         > b#2: stuck_loop 2, *
         > stuck#2: stuck_loop 2, *
         > no exit of sup#1",
    );
}

#[test]
fn d03_four_bring_the_supervisor_down() {
    rule(
        "default",
        "start_child sup #{id => a,start => {stuck_loop,start_link,[a,#{answered => 0}]}}
         start_child sup #{id => b,start => {stuck_loop,start_link,[b,#{answered => 0}]}}
         start_child sup #{id => c,start => {stuck_loop,start_link,[c,#{answered => 0}]}}
         load stuck_loop 2
         purge stuck_loop
         > exit of sup#1: shutdown
         > exit of counter#1: shutdown",
    );
}

#[test]
fn d03_temporary_children_do_not_count() {
    rule(
        "default",
        "start_child sup #{id => a,restart => temporary,start => {stuck_loop,start_link,[a,#{answered => 0}]}}
         start_child sup #{id => b,restart => temporary,start => {stuck_loop,start_link,[b,#{answered => 0}]}}
         start_child sup #{id => c,restart => temporary,start => {stuck_loop,start_link,[c,#{answered => 0}]}}
         load stuck_loop 2
         purge stuck_loop
         > no exit of sup#1
         > no a#2
         > stuck#2: stuck_loop 2, *",
    );
}

#[test]
fn d04_one_restart_more_than_it_bears_ends_it() {
    rule(
        "supervisors",
        "kill left
         kill left
         kill left
         > no exit of pair#1
         > left#4: counter 1, *
         kill left
         > exit of pair#1: shutdown
         > pair#2: no module, *
         > left#5: counter 1, *",
    );
}

#[test]
fn d04_restarts_a_period_ago_no_longer_count() {
    rule(
        "supervisors",
        "kill left
         kill left
         kill left
         advance 7000 ms
         kill left
         > no exit of pair#1
         > left#5: counter 1, *",
    );
}

#[test]
fn d05_one_for_all_restarts_the_siblings_too() {
    rule(
        "supervisors",
        "kill left
         > exit of left#1: killed
         > exit of right#1: killed
         > left#2: counter 1, *
         > right#2: counter 1, *",
    );
}

#[test]
fn d05_rest_for_one_restarts_the_later_siblings_and_drops_temporary_ones() {
    rule(
        "supervisors",
        "kill second
         > second#2: echo_loop 1, *
         > exit of third#1: shutdown
         > no third#2
         > no exit of first#1
         > children of chain#1: [{second,'second#2',worker,[echo_loop]},{first,'first#1',worker,[counter]}], *",
    );
}

#[test]
fn b13_new_specs_take_the_place_of_the_old_and_processes_stay() {
    rule(
        "supervisors",
        "upgrade office_sup 2
         > result: ok
         > desk#1: counter 1, *
         > lamp#1: echo_loop 1, *
         > no phone#1
         > children of office#1: [{phone,undefined,worker,[counter]},{desk,'desk#1',worker,[counter]},{lamp,'lamp#1',worker,[echo_loop]}], *
         get_childspec office desk
         > result: {ok,#{id => desk,modules => [counter],restart => permanent,shutdown => brutal_kill,*
         restart_child office phone
         > result: {ok,'phone#1'}
         upgrade office_sup 3
         > result: ok
         > no exit of lamp#1
         > children of office#1: [{lamp,'lamp#1',worker,[echo_loop]},{phone,'phone#1',worker,[counter]},{desk,'desk#1',worker,[counter]}], *
         kill desk
         > desk#2: counter 1, *
         > phone#2: counter 1, *
         > lamp#2: echo_loop 1, *
         upgrade office_sup 1
         > result: ok",
    );
}

/// A pool whose template changes, and then becomes two.
fn pools() -> Scenario {
    let pool = (1..=3).fold(Module::new("pool_sup", Switch::Supervisor), |module, v| {
        module
            .version(v.to_string(), source(&format!("pool_sup_v{v}")))
            .erlang(erlang(&format!("pool_sup/v{v}.erl")))
    });
    let worker = |name: &str, vsn: &str| {
        Module::new(name, Switch::Load)
            .version(vsn, source(&format!("{name}_v{vsn}")))
            .erlang(erlang(&format!("{name}/v{vsn}.erl")))
            .preloaded()
    };
    let mut scenario = Scenario::new("pools", "a pool")
        .module(pool)
        .module(worker("counter", "1"))
        .module(worker("ledger", "1"))
        .process(Process::new("pool", "pool_sup", Term::List(Vec::new())))
        .other("one")
        .other("two");
    scenario.sizes.requests = 0;
    scenario
}

#[test]
fn b14_old_children_of_a_simple_one_for_one_restart_with_the_new_function_and_their_arguments() {
    rule_on(
        &pools(),
        "start_child pool [one,5]
         > result: {ok,'one#1'}
         upgrade pool_sup 2
         > result: ok
         > one#1: counter 1, *
         kill one
         > one#2: ledger 1, *
         start_child pool [two,6]
         > two#1: ledger 1, *
         terminate_child pool whereis(two)
         > result: ok
         terminate_child pool one
         > result: {error,simple_one_for_one}",
    );
}

#[test]
fn b14_there_must_be_exactly_one_template() {
    rule_on(
        &pools(),
        "start_child pool [one,5]
         upgrade pool_sup 3
         > result: {error,{error,{ok,{[counter,ledger],*
         kill one
         > one#2: counter 1, *",
    );
}

#[test]
fn b15_a_suspended_supervisor_restarts_when_it_is_resumed() {
    rule(
        "supervisors",
        "suspend pair
         > result: ok
         kill left
         > exit of left#1: killed
         > no left#2
         > no exit of right#1
         > children of pair#1: it does not answer
         resume pair
         > left#2: counter 1, *
         > right#2: counter 1, *",
    );
}

#[test]
fn b15_restarts_are_counted_when_they_are_made() {
    rule(
        "supervisors",
        "start_child job #{id => extra,start => {counter,start_link,[extra,0]}}
         start_child job #{id => one,start => {counter,start_link,[one,0]}}
         suspend job
         kill task
         kill helper
         kill extra
         kill one
         > no exit of job#1
         > no extra#2
         resume job
         > exit of job#1: shutdown",
    );
}
