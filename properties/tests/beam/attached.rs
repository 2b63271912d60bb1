//! A node that others use: what is on it is theirs.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use properties::{default_scenario, folder, said};
use upheaval::history::History;
use upheaval::invariant::default_invariants;
use upheaval::scenario::Scenario;
use upheaval::target::{Lab, Target, TargetError};
use upheaval_beam::{Node, Runtime, Session};
use upheaval_term::Term;

use crate::needs_erlang;
use crate::reuse::{attachable, leaky};

const PATIENCE: Duration = Duration::from_secs(20);

/// A node of somebody's, and a connection to do what they do.
struct Theirs {
    node: Node,
    name: String,
    cookie: std::path::PathBuf,
    session: Session,
    folder: tempfile::TempDir,
}

impl Theirs {
    fn new() -> Theirs {
        let folder = folder();
        let (node, name, cookie) = attachable(folder.path());
        let session = Runtime::new().and_then(|runtime| Session::open(&runtime, &node));
        match session {
            Ok(session) => Theirs {
                node,
                name,
                cookie,
                session,
                folder,
            },
            Err(error) => panic!("{error}"),
        }
    }

    fn ask(&self, module: &'static str, function: &'static str, args: Vec<Term>) -> Term {
        match self.session.rpc(module, function, args, PATIENCE) {
            Ok(answer) => answer,
            Err(error) => panic!("{error}"),
        }
    }

    /// Compiles a module of theirs to a folder of theirs.
    fn compile(&self, name: &str) -> Term {
        let source = self.folder.path().join(format!("{name}.erl"));
        let text = format!(
            "-module({name}).\n-export([start/1, loop/0]).\n\
             start(Name) -> register(Name, spawn(?MODULE, loop, [])).\n\
             loop() -> receive _ -> loop() end.\n"
        );
        assert!(fs::write(&source, text).is_ok());
        let beam = match upheaval_beam::compile(&self.session, &source) {
            Ok(beam) => beam,
            Err(error) => panic!("{error}"),
        };
        assert!(fs::write(source.with_extension("beam"), &beam).is_ok());
        Term::binary(beam)
    }

    fn run(&self, scenario: Scenario) -> Result<(), TargetError> {
        let lab = Lab::attached(scenario, None, &self.name, &self.cookie);
        let plan = properties::plan("kill counter");
        lab.and_then(|lab| lab.target().run(&plan, &mut History::new()))
    }

    /// Why a run is refused; and nothing of it is there.
    fn refusal(&self, scenario: Scenario) -> String {
        let (path, names) = (
            self.ask("code", "get_path", vec![]),
            self.ask("erlang", "registered", vec![]),
        );
        let error = match self.run(scenario) {
            Ok(()) => panic!("it was not refused"),
            Err(error) => error,
        };
        assert!(matches!(error, TargetError::Taken { .. }), "{error}");
        assert_eq!(self.ask("code", "get_path", vec![]), path);
        assert_eq!(self.ask("erlang", "registered", vec![]), names);
        for module in ["upheaval_agent", "ledger"] {
            let loaded = self.ask("code", "is_loaded", vec![Term::atom(module)]);
            assert!(loaded.is_atom("false"), "{module} is loaded");
        }
        error.to_string()
    }
}

fn path(path: &Path) -> Term {
    Term::string(&path.to_string_lossy())
}

#[test]
fn a_node_that_has_a_module_of_the_scenarios_loaded_is_refused_and_keeps_it() {
    needs_erlang!();
    let theirs = Theirs::new();
    let counter = Term::atom("counter");
    let load = vec![
        counter.clone(),
        Term::string("counter"),
        theirs.compile("counter"),
    ];
    theirs.ask("code", "load_binary", load);
    theirs.ask("counter", "start", vec![Term::atom("mycounter")]);
    let whereis = || theirs.ask("erlang", "whereis", vec![Term::atom("mycounter")]);
    let pid = whereis();
    assert!(pid.as_pid().is_some(), "{pid}");
    let why = theirs.refusal(default_scenario());
    assert!(why.contains("module `counter` (loaded)"), "{why}");
    assert!(why.contains("attach to a node without it"), "{why}");
    assert!(why.contains(theirs.node.name()), "{why}");
    assert_eq!(whereis(), pid);
    let loaded = theirs.ask("code", "is_loaded", vec![counter]);
    assert!(!loaded.is_atom("false"), "it is no longer loaded");
}

#[test]
fn a_node_that_finds_a_module_of_the_scenarios_in_its_code_path_is_refused() {
    needs_erlang!();
    let theirs = Theirs::new();
    theirs.compile("counter");
    theirs.ask("code", "add_pathz", vec![path(theirs.folder.path())]);
    let why = theirs.refusal(default_scenario());
    assert!(
        why.contains("module `counter` (in its code path: "),
        "{why}"
    );
}

#[test]
fn a_node_that_runs_old_code_of_a_module_of_the_scenarios_is_refused() {
    needs_erlang!();
    let theirs = Theirs::new();
    let counter = Term::atom("counter");
    let load = vec![
        counter.clone(),
        Term::string("counter"),
        theirs.compile("counter"),
    ];
    theirs.ask("code", "load_binary", load);
    theirs.ask("code", "delete", vec![counter]);
    let why = theirs.refusal(default_scenario());
    assert!(why.contains("module `counter` (as old code)"), "{why}");
}

#[test]
fn a_node_on_which_a_name_of_the_scenarios_is_taken_is_refused() {
    needs_erlang!();
    for taken in ["sup", "counter", "client_1"] {
        let theirs = Theirs::new();
        let sleep = Term::list([Term::atom("infinity")]);
        let sleeping = vec![Term::atom("timer"), Term::atom("sleep"), sleep];
        let pid = theirs.ask("erlang", "spawn", sleeping);
        theirs.ask("erlang", "register", vec![Term::atom(taken), pid.clone()]);
        let why = theirs.refusal(default_scenario());
        let named = format!("a process registered as `{taken}`");
        assert!(why.contains(&named), "{why}");
        let whereis = theirs.ask("erlang", "whereis", vec![Term::atom(taken)]);
        assert_eq!(whereis, pid);
    }
}

#[test]
fn a_case_that_does_not_start_leaves_nothing_on_the_node() {
    needs_erlang!();
    let theirs = Theirs::new();
    let sources = folder();
    let lab = Lab::attached(
        leaky(sources.path(), "exit(no)"),
        None,
        &theirs.name,
        &theirs.cookie,
    );
    let mut beam = match lab {
        Ok(lab) => lab.target(),
        Err(error) => panic!("{error}"),
    };
    let plan = match "scenario leaky\nseed 1\nkill leaky".parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    };
    match beam.run(&plan, &mut History::new()) {
        Ok(()) => panic!("it started"),
        Err(error) => assert!(matches!(error, TargetError::Start { .. }), "{error}"),
    }
    let leaky = || vec![Term::atom("leaky")];
    let loaded = theirs.ask("code", "is_loaded", leaky());
    assert!(loaded.is_atom("false"), "it is loaded: {loaded}");
    let old = theirs.ask("erlang", "check_old_code", leaky());
    assert!(old.is_atom("false"), "there is old code of it");
    for name in ["leaky", "sup", "client_1"] {
        let whereis = theirs.ask("erlang", "whereis", vec![Term::atom(name)]);
        assert!(whereis.is_atom("undefined"), "{name} is left: {whereis}");
    }
}

/// A run on a node that is lost in the middle of its first case.
fn lost(format: &str) -> std::process::Output {
    let theirs = Theirs::new();
    let cookie = theirs.cookie.to_string_lossy().into_owned();
    let run = ["run", "--cases", "1000", "--format", format];
    let on = [
        "--target",
        "beam",
        "--attach",
        &theirs.name,
        "--cookie-file",
    ];
    let arguments = [&run[..], &on, &[&cookie]].concat();
    let mut command = properties::command(theirs.folder.path(), &arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => panic!("{error}"),
    };
    let deadline = Instant::now() + PATIENCE;
    let sup = || theirs.ask("erlang", "whereis", vec![Term::atom("sup")]);
    while sup().is_atom("undefined") {
        assert!(Instant::now() < deadline, "no case began");
    }
    drop(theirs.node);
    match child.wait_with_output() {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_node_that_is_lost_is_told_once_and_in_words() {
    needs_erlang!();
    let output = lost("text");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{text}{}", said(&output));
    assert!(!text.contains("node_lost"), "{text}");
    assert_eq!(text.matches("lost node ").count(), 1, "{text}");
    let Some(scenario) = sample_scenarios::find(sample_scenarios::DEFAULT) else {
        panic!("there is no default scenario");
    };
    let invariants = default_invariants();
    let invariants = invariants.iter().filter(|i| i.applies(&scenario));
    let names: Vec<_> = invariants.map(|i| i.name()).collect();
    let inconclusive = format!("inconclusive in 1 case: {}: ", names.join(", "));
    assert!(text.contains(&inconclusive), "{text}");
    assert!(
        text.contains(" could not be judged\nreplay it with: "),
        "{text}"
    );
    assert!(
        said(&output).contains("attach to it anew"),
        "{}",
        said(&output)
    );
    assert!(
        said(&output).contains("so the run ended after "),
        "{}",
        said(&output)
    );
}

#[test]
fn json_says_why_an_invariant_is_inconclusive() {
    needs_erlang!();
    let output = lost("json");
    let json: serde_json::Value = match serde_json::from_slice(&output.stdout) {
        Ok(json) => json,
        Err(error) => panic!("{error}: {}", said(&output)),
    };
    for invariant in json["invariants"].as_array().into_iter().flatten() {
        assert_eq!(invariant["verdict"], "inconclusive", "{json:#}");
        assert_eq!(invariant["inconclusive"], 1, "{json:#}");
        let reason = invariant["reason"].as_str().unwrap_or_default();
        assert!(reason.contains("lost node "), "{json:#}");
    }
    let undecided = &json["undecided"][0];
    let reason = undecided["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("lost node "), "{json:#}");
    assert!(undecided["plan_file"].is_string(), "{json:#}");
}
