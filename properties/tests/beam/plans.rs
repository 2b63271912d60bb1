//! Plans on real nodes: the same scenarios, the same histories, the same judges.

use std::time::Duration;

use properties::{
    Story, beam, default_scenario, folder, lab, on_beam, plan, run_plan_on, said, upheaval,
};
use serde_json::Value;
use upheaval::history::History;
use upheaval::invariant::{Invariant, Judgement, NoLostMessages, StateConversion};
use upheaval::scenario::{Module, Process, Restart, Scenario, Source, Switch};
use upheaval::target::Target;
use upheaval_term::Term;

use crate::needs_erlang;

/// Runs ops on a real node of the default scenario.
fn on_default(ops: &str) -> Story {
    on_beam(&default_scenario(), |beam| run_plan_on(beam, ops))
}

#[test]
fn a07_a_server_whose_state_stays_picks_new_code_up_by_a_plain_load() {
    needs_erlang!();
    let story = on_default(
        "client 1 calls ledger {deposit,<<\"a\">>,5}\n\
         load ledger 2\n\
         client 1 calls ledger {withdraw,<<\"a\">>,2}",
    );
    let ledger = story.named("ledger")[0];
    assert_eq!(story.versions(ledger).last(), Some(&"2"));
    assert!(
        story.replies().contains(&"3".to_owned()),
        "{:?}",
        story.replies()
    );
    assert_eq!(story.exit(ledger), None);
}

#[test]
fn c02_a_server_whose_state_changes_goes_through_suspend_load_code_change_resume() {
    needs_erlang!();
    let story = on_default(
        "client 1 calls counter {add,5}\n\
         purge spare\n\
         upgrade counter 2\n\
         upgrade counter 3\n\
         upgrade counter 1\n\
         client 1 calls counter get",
    );
    assert_eq!(story.result(3), "ok");
    let text = story.history().print();
    let mut rest = text.as_str();
    for step in [
        "suspended",
        "loaded counter 2",
        "code_change from counter 1 to 2: #{count => 5} became #{adds => 0,total => 5}",
        "resumed",
        "code_change from counter 2 to 3: #{adds => 0,total => 5} became #{additions => 0,value => 5}",
        "code_change from counter 3 to 1: #{additions => 0,value => 5} became #{count => 5}",
        "loaded counter 1",
    ] {
        match rest.split_once(step) {
            Some((_, after)) => rest = after,
            None => panic!("no {step:?} in its place in\n{text}"),
        }
    }
    assert_eq!(story.replies().last().map(String::as_str), Some("5"));
}

#[test]
fn a09_a_lingering_process_is_killed_by_purge_and_restarted_if_it_is_supervised() {
    needs_erlang!();
    let story = on_default(
        "load stuck_loop 2\n\
         soft_purge stuck_loop\n\
         purge stuck_loop\n\
         client 1 asks stuck hello\n\
         client 2 asks stray hello\n\
         start stray\n\
         client 2 asks stray hello",
    );
    assert_eq!(story.result(2), "false");
    assert_eq!(story.result(3), "true");
    let (stuck, stray) = (story.named("stuck"), story.named("stray"));
    assert_eq!(story.exit(stuck[0]).as_deref(), Some("killed"));
    assert_eq!(story.versions(stuck[1]), ["2"]);
    // Nobody restarts the stray, until it is started by hand.
    assert_eq!(story.exit(stray[0]).as_deref(), Some("killed"));
    assert_eq!(stray.len(), 2);
    assert!(story.replies().contains(&"{stuck_2,hello}".to_owned()));
}

#[test]
fn a02_load_binary_purges_first_and_c_l_does_so_too() {
    needs_erlang!();
    let story = on_default(
        "load stuck_loop 2\n\
         load_binary stuck_loop 1\n\
         reload stuck_loop 2",
    );
    assert_eq!(story.result(2), "{module,stuck_loop}");
    assert_eq!(story.result(3), "{module,stuck_loop}");
    assert_eq!(
        story.exit(story.named("stray")[0]).as_deref(),
        Some("killed")
    );
}

#[test]
fn a01_a_load_over_old_code_is_refused_and_what_runs_is_still_seen() {
    needs_erlang!();
    // A refused load takes the traces off the code that stays: nothing may be missed.
    let mut beam = beam("default");
    for _ in 0..5 {
        let story = run_plan_on(
            &mut beam,
            "load ledger 1\n\
             client 1 calls ledger {deposit,<<\"a\">>,1}\n\
             client 2 calls ledger {deposit,<<\"a\">>,1}\n\
             load ledger 2\n\
             client 1 calls ledger {deposit,<<\"a\">>,1}\n\
             client 3 calls ledger {deposit,<<\"a\">>,1}",
        );
        assert_eq!(story.result(4), "{error,not_purged}");
        let text = story.history().print();
        // Each deposit is a message to the ledger and one to the counter.
        let received = text
            .lines()
            .filter(|line| line.contains(" received "))
            .count();
        assert_eq!(received, 8, "{text}");
    }
}

#[test]
fn clients_whose_calls_nobody_answers_have_all_the_time_that_they_take() {
    needs_erlang!();
    let Some(scenario) = sample_scenarios::find("behaviours") else {
        panic!("there is no scenario of behaviours");
    };
    // A locked door lets each of them wait, and a node is not to take so long for all.
    let mut beam = lab(scenario).with_patience(Duration::from_secs(2)).target();
    let story = run_plan_on(
        &mut beam,
        &"client 1 calls door pass within 700 ms\n".repeat(5),
    );
    let timeouts = story.history().print().matches("got a timeout for").count();
    assert_eq!(timeouts, 5, "{}", story.history().print());
    assert!(story.history().rest().is_ok());
}

#[test]
fn a_module_that_nobody_runs_is_loaded() {
    needs_erlang!();
    let story = on_default("load spare 1\nload spare 2");
    assert_eq!(story.result(1), "{module,spare}");
    assert_eq!(story.result(2), "{module,spare}");
}

/// A scenario of one process in Erlang only.
fn in_erlang(folder: &std::path::Path, source: &str) -> Scenario {
    let path = folder.join("odd.erl");
    if let Err(error) = std::fs::write(&path, source) {
        panic!("{error}");
    }
    Scenario::new("odd", "a process with habits of its own")
        .module(
            Module::new("odd", Switch::Load)
                .version("1", Source::File("nowhere.so".into()))
                .erlang(path),
        )
        .process(Process::new("odd", "odd", Term::Int(0)).supervised(Restart::Permanent))
}

/// Runs a plan of it; gives what no_lost_messages says.
fn judged(source: &str, ops: &str) -> Judgement {
    let folder = folder();
    let scenario = in_erlang(folder.path(), source);
    let plan = match format!("scenario odd\nseed 1\n{ops}").parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    };
    let mut history = History::new();
    if let Err(error) = lab(scenario.clone()).target().run(&plan, &mut history) {
        panic!("{error}");
    }
    NoLostMessages.judge(&scenario, &history)
}

fn holds(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Held { checked } if *checked > 0)
}

#[test]
fn a_plain_process_that_lets_a_worker_answer_loses_nothing() {
    needs_erlang!();
    let judgement = judged(
        "-module(odd).\n-vsn(\"1\").\n-export([start_link/2, init/1, loop/0]).\n\
         start_link(Name, _) -> proc_lib:start_link(?MODULE, init, [Name]).\n\
         init(Name) -> register(Name, self()), proc_lib:init_ack({ok, self()}), loop().\n\
         loop() -> receive {F, T, W} -> spawn(fun() -> F ! {T, W} end), ?MODULE:loop() end.\n",
        "client 1 asks odd hello\nclient 1 asks odd again",
    );
    assert!(holds(&judgement), "{judgement:?}");
}

const SERVER: &str = "-module(odd).\n-vsn(\"1\").\n\
    -export([start_link/2, init/1, handle_call/3, handle_cast/2, handle_info/2]).\n\
    start_link(Name, _) -> gen_server:start_link({local, Name}, ?MODULE, [], []).\n\
    init(_) -> {ok, none}.\n\
    handle_cast(_, State) -> {noreply, State}.\n\
    handle_info(_, State) -> {noreply, State}.\n";

#[test]
fn a_server_that_receives_selectively_inside_a_callback_loses_nothing() {
    needs_erlang!();
    let judgement = judged(
        &format!(
            "{SERVER}handle_call(_, _, State) ->\n\
             Me = self(), spawn(fun() -> Me ! {{done, 1}} end),\n\
             receive {{done, X}} -> {{reply, X, State}} end.\n"
        ),
        "client 1 calls odd go\nclient 1 calls odd go",
    );
    assert!(holds(&judgement), "{judgement:?}");
}

#[test]
fn a_request_whose_answer_is_collected_later_loses_nothing() {
    needs_erlang!();
    let judgement = judged(
        &format!(
            "{SERVER}handle_call(inner, _, State) -> {{reply, 1, State}};\n\
             handle_call(_, _, State) ->\n\
             Me = self(),\n\
             spawn(fun() -> gen_server:send_request(Me, inner), timer:sleep(1) end),\n\
             {{reply, ok, State}}.\n"
        ),
        "client 1 calls odd go\nclient 1 calls odd go",
    );
    assert!(holds(&judgement), "{judgement:?}");
}

#[test]
fn a07_code_that_is_loaded_where_an_update_was_needed_is_found_on_real_erlang() {
    needs_erlang!();
    let scenario = default_scenario();
    let plan = plan("client 1 calls counter {add,1}\nload counter 2\nclient 1 calls counter get");
    let mut history = History::new();
    let mut target = beam("default");
    if let Err(error) = target.run(&plan, &mut history) {
        panic!("{error}");
    }
    match StateConversion.judge(&scenario, &history) {
        Judgement::Violated(violation) => assert!(
            violation.message.contains("cannot read it"),
            "{}",
            violation.message
        ),
        other => panic!("{other:?} of\n{}", history.print()),
    }
}

fn json(arguments: &[&str]) -> (Option<i32>, Value) {
    let folder = folder();
    let output = upheaval(folder.path(), arguments);
    match serde_json::from_slice(&output.stdout) {
        Ok(json) => (output.status.code(), json),
        Err(error) => panic!("{error}: {}", said(&output)),
    }
}

#[test]
fn the_correct_scenario_holds_on_real_erlang() {
    needs_erlang!();
    let (status, json) = json(&[
        "run",
        "--target",
        "beam",
        "--cases",
        "24",
        "--threads",
        "8",
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(0), "{json:#}");
    assert_eq!(json["target"], "beam");
    // What so few cases without a release give no occasion to may have seen nothing.
    let always = [
        "no_lost_messages",
        "no_duplicates",
        "fifo",
        "one_outcome",
        "current_code",
        "linearizable",
        "no_crashes",
    ];
    for invariant in json["invariants"].as_array().into_iter().flatten() {
        let name = invariant["name"].as_str().unwrap_or_default();
        if always.contains(&name) || invariant["verdict"] != "saw nothing" {
            assert_eq!(invariant["verdict"], "held", "{json:#}");
            assert!(invariant["checked"].as_u64() > Some(0), "{json:#}");
        }
    }
}

#[test]
fn the_bug_is_found_and_shrunk_on_real_erlang() {
    needs_erlang!();
    let (status, json) = json(&[
        "run",
        "bug_dropped_field",
        "--target",
        "beam",
        "--cases",
        "16",
        "--threads",
        "8",
        "--format",
        "json",
    ]);
    assert_eq!(status, Some(1), "{json:#}");
    let violation = &json["violations"][0];
    assert_eq!(violation["invariant"], "state_conversion", "{json:#}");
    assert!(violation["ops_after"].as_u64() <= Some(6), "{json:#}");
    assert_eq!(violation["runs"], 10, "{json:#}");
    assert!(violation["failed"].as_u64() > Some(0), "{json:#}");
}

#[test]
fn a_failure_on_real_erlang_says_how_sure_it_is_and_how_to_replay_it_there() {
    needs_erlang!();
    let folder = folder();
    let erl = properties::erl();
    let odd = folder.path().join("an erl");
    assert!(std::os::unix::fs::symlink(erl.path(), &odd).is_ok());
    let run = ["run", "bug_dropped_field", "--target", "beam", "--cases"];
    let arguments = [&run[..], &["16", "--threads", "8", "--erl", "./an erl"]].concat();
    let output = upheaval(folder.path(), &arguments);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{}", said(&output));
    assert!(text.contains(" of 10 runs):"), "{text}");
    let replay = text
        .lines()
        .find(|line| line.starts_with("replay it with: "));
    assert!(
        replay.is_some_and(|line| line.ends_with(".plan --target beam --erl './an erl'")),
        "{text}"
    );
}
