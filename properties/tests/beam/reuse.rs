//! A node that is used again is as clean as a new one, or is given up.

use std::fs;

use properties::{beam, folder, lab};
use upheaval::history::{Event, History};
use upheaval::plan::Plan;
use upheaval::scenario::{Module, Process, Restart, Scenario, Source, Switch};
use upheaval::target::{Beam, Target};

use crate::needs_erlang;

fn run(beam: &mut Beam, plan: &str) -> History {
    let plan: Plan = match plan.parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    };
    let mut history = History::new();
    if let Err(error) = beam.run(&plan, &mut history) {
        panic!("{error}");
    }
    history
}

fn node(beam: &Beam) -> Option<u32> {
    beam.node().and_then(|node| node.os_pid())
}

#[test]
fn a_clean_node_is_used_again() {
    needs_erlang!();
    let mut beam = beam("default");
    let plan =
        "scenario default\nseed 1\nload ledger 2\nload stuck_loop 2\nkill counter\nsuspend counter";
    run(&mut beam, plan);
    let first = node(&beam);
    let again = run(&mut beam, plan);
    assert!(first.is_some());
    assert_eq!(node(&beam), first);
    assert!(beam.given_up().is_empty(), "{:?}", beam.given_up());
    // It starts with the first versions, as on a new one.
    assert!(
        again.print().contains("loaded ledger 1"),
        "{}",
        again.print()
    );
}

/// A scenario of one server, `leaky`, in Erlang only: its `init` does `what`.
fn leaky(folder: &std::path::Path, what: &str) -> Scenario {
    let source = folder.join("leaky.erl");
    let text = format!(
        "-module(leaky).\n-vsn(\"1\").\n\
         -export([start_link/2, init/1, handle_call/3, handle_cast/2]).\n\
         start_link(Name, Args) -> gen_server:start_link({{local, Name}}, ?MODULE, Args, []).\n\
         init(_) -> {what}, {{ok, none}}.\n\
         handle_call(halt, _, _) -> erlang:halt();\n\
         handle_call(_, _, State) -> {{reply, ok, State}}.\n\
         handle_cast(_, State) -> {{noreply, State}}.\n"
    );
    if let Err(error) = fs::write(&source, text) {
        panic!("{error}");
    }
    Scenario::new("leaky", "a server that leaves something behind")
        .module(
            Module::new("leaky", Switch::Load)
                .version("1", Source::File("nowhere.so".into()))
                .erlang(source),
        )
        .process(
            Process::new("leaky", "leaky", upheaval_term::Term::Int(0))
                .supervised(Restart::Permanent),
        )
}

/// What is left of a case whose server does `what`, if the node is given up for it.
fn left(what: &str) -> Option<String> {
    let folder = folder();
    let mut scenario = leaky(folder.path(), what);
    scenario.sizes.requests = 0;
    let mut beam = lab(scenario).target();
    run(&mut beam, "scenario leaky\nseed 1\nkill leaky");
    assert_eq!(node(&beam).is_none(), !beam.given_up().is_empty());
    beam.given_up().first().cloned()
}

#[test]
fn a_node_on_which_nothing_is_left_is_kept() {
    needs_erlang!();
    assert_eq!(left("ok"), None);
    // What ends with its owner leaves nothing, and what the case spawned is ended.
    assert_eq!(left("ets:new(tab, [named_table])"), None);
    assert_eq!(left("spawn(fun() -> receive never -> ok end end)"), None);
}

#[test]
fn a_node_on_which_a_persistent_term_is_left_is_given_up() {
    needs_erlang!();
    let left = left("persistent_term:put(leaky, 1)");
    assert_eq!(left.as_deref(), Some("[{persistent,1}]"));
}

#[test]
fn a_node_on_which_a_setting_is_left_is_given_up() {
    needs_erlang!();
    let left = left("application:set_env(kernel, leaky, 1)");
    assert_eq!(left.as_deref(), Some("[{settings,{kernel,{leaky,1}}}]"));
}

#[test]
fn a_node_on_which_a_process_of_others_is_left_is_given_up() {
    needs_erlang!();
    // A process of the node's own spawns it: nobody traced that.
    let left = left("gen_server:cast(rex, {cast, timer, sleep, [infinity], whereis(user)})");
    assert!(left.is_some_and(|left| left.starts_with("[{processes,")));
}

#[test]
fn a_node_that_a_module_takes_down_is_no_verdict_and_another_takes_its_place() {
    needs_erlang!();
    let folder = folder();
    let mut beam = lab(leaky(folder.path(), "ok")).target();
    let history = run(
        &mut beam,
        "scenario leaky\nseed 1\nclient 1 calls leaky halt",
    );
    let reason = history.events().iter().find_map(|event| match event {
        Event::Abandoned { reason } => Some(history.term(*reason).to_string()),
        _ => None,
    });
    let reason = reason.unwrap_or_default();
    assert!(reason.contains("node_lost"), "{reason}");
    assert!(history.rest().is_err());
    let history = run(&mut beam, "scenario leaky\nseed 1\nkill leaky");
    assert!(history.rest().is_ok());
}
