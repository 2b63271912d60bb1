//! What upgrades leave behind: timers and monitors that are begun once more, and names.

use std::fs;
use std::path::Path;

use properties::{Story, embedded, folder, has_erlang, lab, run_plan_on};
use upheaval::history::Event;
use upheaval::invariant::{Invariant, Judgement, NoLeaks};
use upheaval::scenario::{
    Kind, Module, Process, RequestSpec, Restart, Scenario, Source, Supervision, Switch,
};
use upheaval_term::Term;

/// What the invariant says of some ops, on the embedded node and on real Erlang.
fn on_both(scenario: &str, ops: &str) -> Vec<Judgement> {
    let Some(scenario) = sample_scenarios::find(scenario) else {
        panic!("there is no scenario {scenario}");
    };
    let mut stories = vec![run_plan_on(&mut embedded(&scenario), ops)];
    if has_erlang() {
        stories.push(run_plan_on(&mut lab(scenario.clone()).target(), ops));
    }
    let judge = |story: &Story| NoLeaks.judge(&scenario, story.history());
    stories.iter().map(judge).collect()
}

fn violation(judgement: &Judgement) -> &str {
    match judgement {
        Judgement::Violated(violation) => &violation.message,
        other => panic!("expected a violation, got {other:?}"),
    }
}

const TEMPO_AFTER_UPGRADE: &str = "\
    client 1 calls metronome beats\n\
    upgrade metronome 2\n\
    client 1 calls metronome {tempo,40000}";

#[test]
fn b06_a_timer_that_an_upgrade_loses_and_the_new_version_begins_again_is_a_leak() {
    for judgement in on_both("bug_lost_timer", TEMPO_AFTER_UPGRADE) {
        assert_eq!(
            violation(&judgement),
            "metronome (process 2) was upgraded, and has two timers at rest that send tick: one \
             that it had begun before goes on, too"
        );
    }
}

#[test]
fn b06_a_timer_that_is_taken_over_is_no_leak() {
    for judgement in on_both("twin_lost_timer", TEMPO_AFTER_UPGRADE) {
        assert!(matches!(judgement, Judgement::Held { .. }), "{judgement:?}");
    }
}

#[test]
fn b06_a_timer_for_each_request_is_no_leak() {
    let ops = "client 1 casts clerk_1 serve\n\
               client 1 casts clerk_1 serve\n\
               load clerk 2\n\
               client 1 casts clerk_1 serve\n\
               client 1 calls clerk_1 served";
    for judgement in on_both("twin_one_after_the_other", ops) {
        assert!(matches!(judgement, Judgement::Held { .. }), "{judgement:?}");
    }
}

/// `keeper`, on real Erlang only, where `code_change` can do anything: version 1, and a
/// version 2 that begins this as its state is converted.
fn keeper(folder: &Path, begins: &str) -> Scenario {
    let version = |vsn: &str| {
        let text = format!(
            "-module(keeper).\n\
             -vsn(\"{vsn}\").\n\
             -behaviour(gen_server).\n\
             -export([start_link/2, init/1, handle_call/3, handle_cast/2, handle_info/2, code_change/3]).\n\
             start_link(Name, Args) -> gen_server:start_link({{local, Name}}, ?MODULE, Args, []).\n\
             init(_) -> {{ok, {{tick(), watch()}}}}.\n\
             handle_call(give_up, _, S) -> {{reply, unregister(keeper), S}};\n\
             handle_call(watch, _, S) -> {{reply, is_reference(watch()), S}};\n\
             handle_call({{poll, Ms}}, _, S) -> {{reply, poll(Ms), S}};\n\
             handle_call(tick, _, S) -> {{reply, is_reference(tick()), S}}.\n\
             handle_cast(_, S) -> {{noreply, S}}.\n\
             handle_info(poll, S) -> poll(60000), {{noreply, S}}.\n\
             poll(Ms) -> is_reference(erlang:send_after(Ms, self(), poll)).\n\
             tick() -> erlang:start_timer(60000, self(), tick).\n\
             watch() -> monitor(process, sup).\n\
             code_change(_, {{Timer, Monitor}}, _) -> {{ok, {begins}}}.\n"
        );
        let file = folder.join(format!("v{vsn}.erl"));
        if let Err(error) = fs::write(&file, text) {
            panic!("{}: {error}", file.display());
        }
        file
    };
    let source = || Source::File("keeper.so".into());
    let module = Module::new("keeper", Switch::CodeChange)
        .version("1", source())
        .erlang(version("1"))
        .version("2", source())
        .erlang(version("2"));
    let process = Process::new("keeper", "keeper", Term::atom("none"));
    let mut scenario = Scenario::new(
        "keeper",
        "a server that keeps a tick and watches its supervisor",
    )
    .module(module)
    .process(process.supervised(Restart::Permanent))
    .request(RequestSpec::new(1, Kind::Call, "keeper", |_| {
        Term::atom("watch")
    }));
    scenario.supervision = Supervision::named("sup");
    scenario
}

/// What the invariant says of an upgrade of `keeper` and what else is done.
fn on_keeper(begins: &str, before: &str, after: &str) -> (Judgement, Story) {
    let folder = folder();
    let scenario = keeper(folder.path(), begins);
    let ops = format!("{before}\nupgrade keeper 2\n{after}");
    let story = run_plan_on(&mut lab(scenario.clone()).target(), &ops);
    (NoLeaks.judge(&scenario, story.history()), story)
}

#[test]
fn b06_what_code_change_begins_beside_what_is_there_is_a_leak() {
    if !has_erlang() {
        return;
    }
    let (ticks, _) = on_keeper("{tick(), Monitor}", "", "");
    let (watches, _) = on_keeper("{Timer, watch()}", "", "");
    for (judgement, what) in [
        (ticks, "has two timers at rest that send tick"),
        (watches, "monitors sup (process 1) twice at rest"),
    ] {
        let expected = format!(
            "keeper (process 2) was upgraded, and {what}: one that it had begun before goes on, too"
        );
        assert_eq!(violation(&judgement), expected);
    }
}

#[test]
fn b06_what_code_change_begins_in_place_of_what_was_there_is_no_leak() {
    if !has_erlang() {
        return;
    }
    let begins = "begin erlang:cancel_timer(Timer), demonitor(Monitor, [flush]), \
                  {tick(), watch()} end";
    let (judgement, _) = on_keeper(begins, "", "");
    assert!(matches!(judgement, Judgement::Held { .. }), "{judgement:?}");
}

#[test]
fn e03_a_name_that_is_given_up_is_nobodys() {
    if !has_erlang() {
        return;
    }
    let (judgement, story) = on_keeper("{Timer, Monitor}", "", "client 1 calls keeper give_up");
    assert!(matches!(judgement, Judgement::Held { .. }), "{judgement:?}");
    let given_up = |event: &&Event| matches!(event, Event::Unregistered { .. });
    let given_up = story.history().events().iter().filter(given_up);
    assert_eq!(given_up.count(), 1);
    // One that ends loses its name by that, and nobody gives it up.
    let (judgement, story) = on_keeper("{Timer, Monitor}", "kill keeper", "");
    assert!(matches!(judgement, Judgement::Held { .. }), "{judgement:?}");
    let text = story.history().print();
    assert!(!text.contains("no more"), "{text}");
}

#[test]
fn b06_polls_that_are_begun_for_each_request_and_go_on_are_no_leak() {
    if !has_erlang() {
        return;
    }
    let polls = "client 1 calls keeper {poll,1}\nclient 1 calls keeper {poll,2}\nadvance 20 ms";
    let (judgement, _) = on_keeper("{Timer, Monitor}", polls, "");
    assert!(matches!(judgement, Judgement::Held { .. }), "{judgement:?}");
    // The one that code_change begins goes on as well, and the request's comes beside it.
    let begins = "begin poll(1), {Timer, Monitor} end";
    let after = "advance 20 ms\nclient 1 calls keeper {poll,60000}";
    let (judgement, _) = on_keeper(begins, "", after);
    let message = violation(&judgement);
    assert!(
        message.contains("has two timers at rest that send poll"),
        "{message}"
    );
}
