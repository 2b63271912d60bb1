//! A node that is used again is as clean as a new one, or is given up.

use std::fs;
use std::time::{Duration, Instant};

use properties::{beam, default_scenario, erl, folder, lab};
use upheaval::history::{Event, History};
use upheaval::plan::Plan;
use upheaval::scenario::{Module, Process, Restart, Scenario, Source, Switch};
use upheaval::target::{Beam, Lab, Target};
use upheaval_beam::{Node, Runtime, Session};
use upheaval_term::Term;

use crate::needs_erlang;

const PATIENCE: Duration = Duration::from_secs(20);

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

#[test]
fn a_node_is_clean_after_funs_and_on_load() {
    needs_erlang!();
    let mut beam = beam("functions");
    for what in [
        "client 1 calls tariff hand_over_slow\nclient 1 calls till {charge,1}\nload tariff 2",
        "client 1 calls tariff hand_over\nload tariff 2\npurge tariff\nload tariff 3",
        "load gauge 2\nload gauge 3",
        "load gauge 4",
        "load scale 1\ndelete scale\npurge scale\nclient 1 calls gauge {weigh,1}",
    ] {
        run(&mut beam, &format!("scenario functions\nseed 1\n{what}"));
        assert!(beam.given_up().is_empty(), "{what}: {:?}", beam.given_up());
    }
}

/// A scenario of one server, `leaky`, in Erlang only: its `init` does `what`.
pub(crate) fn leaky(folder: &std::path::Path, what: &str) -> Scenario {
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
        .process(Process::new("leaky", "leaky", Term::Int(0)).supervised(Restart::Permanent))
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
    let left = left("persistent_term:put(leaky, 1)").unwrap_or_default();
    assert!(left.starts_with("[{left,persistent,{leaky,"), "{left}");
}

#[test]
fn a_node_on_which_a_setting_is_left_is_given_up() {
    needs_erlang!();
    let left = left("application:set_env(kernel, leaky, 1)");
    assert_eq!(
        left.as_deref(),
        Some("[{left,settings,{kernel,{leaky,1}}}]")
    );
}

#[test]
fn a_node_on_which_a_process_of_others_is_left_is_given_up() {
    needs_erlang!();
    // A process of the node's own spawns it: nobody traced that.
    let left = left("gen_server:cast(rex, {cast, timer, sleep, [infinity], whereis(user)})");
    assert!(left.is_some_and(|left| left.starts_with("[{left,processes,")));
}

#[test]
fn a_node_on_which_something_is_gone_or_changed_is_given_up() {
    needs_erlang!();
    let gone = left("application:unset_env(kernel, logger_level)").unwrap_or_default();
    let unset = left("application:unset_env(kernel, dist_auto_connect)").unwrap_or_default();
    assert!(
        (gone + &unset).contains("{gone,settings,{kernel,{"),
        "{unset}"
    );
    let killed = left("exit(whereis(global_group), kill)").unwrap_or_default();
    assert!(killed.contains("registered,{global_group,"), "{killed}");
}

#[test]
fn an_agent_that_cannot_be_loaded_ends_the_run_instead_of_each_case() {
    needs_erlang!();
    let folder = folder();
    let cookie = folder.path().join("cookie");
    assert!(fs::write(&cookie, "COOKIE").is_ok());
    let nobody = Lab::attached(default_scenario(), None, "shop@127.0.0.1:1", &cookie);
    let mut beam = match nobody {
        Ok(lab) => lab.target(),
        Err(error) => panic!("{error}"),
    };
    let plan = properties::plan("kill counter");
    match beam.run(&plan, &mut History::new()) {
        Ok(()) => panic!("there is no such node"),
        Err(error) => assert!(error.to_string().contains("nothing listens on"), "{error}"),
    }
}

#[test]
fn a_node_that_was_attached_to_and_is_lost_is_not_attached_to_again() {
    needs_erlang!();
    let folder = folder();
    let (node, name, cookie) = attachable(folder.path());
    let mut beam = match Lab::attached(default_scenario(), None, &name, &cookie) {
        Ok(lab) => lab.target(),
        Err(error) => panic!("{error}"),
    };
    run(&mut beam, "scenario default\nseed 1\nkill counter");
    drop(node);
    let history = run(&mut beam, "scenario default\nseed 1\nkill counter");
    assert!(history.rest().is_err());
    let plan = properties::plan("kill counter");
    match beam.run(&plan, &mut History::new()) {
        Ok(()) => panic!("it is gone"),
        Err(error) => assert!(error.to_string().contains("was given up"), "{error}"),
    }
}

#[test]
fn two_harnesses_do_not_share_a_node() {
    needs_erlang!();
    let folder = folder();
    let (_node, name, cookie) = attachable(folder.path());
    let lab = match Lab::attached(default_scenario(), None, &name, &cookie) {
        Ok(lab) => lab,
        Err(error) => panic!("{error}"),
    };
    let (mut first, mut second) = (lab.target(), lab.target());
    run(&mut first, "scenario default\nseed 1\nkill counter");
    let plan = properties::plan("kill counter");
    match second.run(&plan, &mut History::new()) {
        Ok(()) => panic!("it took the node from the first"),
        Err(error) => assert!(
            error.to_string().contains("another harness uses the node"),
            "{error}"
        ),
    }
    // The first goes on, and the second takes its place when it is gone.
    run(&mut first, "scenario default\nseed 1\nkill counter");
    drop(first);
    run(&mut second, "scenario default\nseed 1\nkill counter");
}

/// A node that runs, the name to attach to it by, and its cookie's file.
pub(crate) fn attachable(folder: &std::path::Path) -> (Node, String, std::path::PathBuf) {
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    };
    let node = match Node::start(&erl()) {
        Ok(node) => node,
        Err(error) => panic!("{error}"),
    };
    let session = match Session::open(&runtime, &node) {
        Ok(session) => session,
        Err(error) => panic!("{error}"),
    };
    let cookie = match session.rpc("erlang", "get_cookie", vec![], PATIENCE) {
        Ok(cookie) => cookie.to_string(),
        Err(error) => panic!("{error}"),
    };
    let file = folder.join("cookie");
    if let Err(error) = fs::write(&file, cookie.trim_matches('\'')) {
        panic!("{error}");
    }
    let name = format!("{}:{}", node.name(), node.address().port());
    (node, name, file)
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

#[test]
fn a_node_that_stops_answering_is_no_verdict_and_another_takes_its_place() {
    needs_erlang!();
    let lab = lab(default_scenario()).with_patience(Duration::from_millis(700));
    let mut beam = lab.target();
    run(&mut beam, "scenario default\nseed 1\nload ledger 2");
    let pid = node(&beam).unwrap_or_default().to_string();
    let stop = std::process::Command::new("kill")
        .args(["-STOP", &pid])
        .status();
    assert!(stop.is_ok_and(|status| status.success()));
    let history = run(&mut beam, "scenario default\nseed 1\nload ledger 2");
    let text = history.print();
    assert!(text.contains("did not answer within 700 ms"), "{text}");
    assert!(history.rest().is_err());
    // It was ended although it was stopped.
    assert!(!fs::exists(format!("/proc/{pid}")).unwrap_or(true));
    let history = run(&mut beam, "scenario default\nseed 1\nload ledger 2");
    assert!(history.rest().is_ok());
}

#[test]
fn a_node_that_was_attached_to_is_left_as_it_was() {
    needs_erlang!();
    let folder = folder();
    let (node, name, file) = attachable(folder.path());
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    };
    let session = match Session::open(&runtime, &node) {
        Ok(session) => session,
        Err(error) => panic!("{error}"),
    };
    let ask = |module, function, args| match session.rpc(module, function, args, PATIENCE) {
        Ok(answer) => answer.to_string(),
        Err(error) => panic!("{error}"),
    };
    let before = ask("code", "get_path", vec![]);
    let mut beam = match Lab::attached(default_scenario(), None, &name, &file) {
        Ok(lab) => lab.target(),
        Err(error) => panic!("{error}"),
    };
    let history = run(&mut beam, "scenario default\nseed 1\nload ledger 2");
    assert!(history.rest().is_ok());
    assert_ne!(ask("code", "get_path", vec![]), before);
    drop(beam);
    // The agent notices that the harness is gone, and goes as well.
    let deadline = Instant::now() + PATIENCE;
    let module = |name: &'static str| vec![Term::atom(name)];
    while ask("code", "is_loaded", module("upheaval_agent")) != "false"
        || ask("erlang", "check_old_code", module("upheaval_agent")) != "false"
    {
        assert!(Instant::now() < deadline, "the agent stays");
    }
    assert_eq!(
        ask("erlang", "whereis", module("upheaval_agent")),
        "undefined"
    );
    assert_eq!(ask("erlang", "whereis", module("counter")), "undefined");
    assert_eq!(ask("code", "is_loaded", module("counter")), "false");
    assert_eq!(ask("code", "get_path", vec![]), before);
}
