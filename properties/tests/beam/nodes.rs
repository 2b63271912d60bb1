//! Nodes: started, attached to, and driven.

use std::fs;
use std::time::{Duration, Instant};

use properties::{erl, folder};
use upheaval_beam::{Agent, BeamError, Node, Runtime, Session};
use upheaval_term::Term;

use crate::needs_erlang;

const PATIENCE: Duration = Duration::from_secs(20);

fn runtime() -> Runtime {
    match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => panic!("{error}"),
    }
}

fn start() -> Node {
    match Node::start(&erl()) {
        Ok(node) => node,
        Err(error) => panic!("{error}"),
    }
}

fn open(runtime: &Runtime, node: &Node) -> Session {
    match Session::open(runtime, node) {
        Ok(session) => session,
        Err(error) => panic!("{error}"),
    }
}

fn rpc(session: &Session, module: &'static str, function: &'static str, args: Vec<Term>) -> Term {
    match session.rpc(module, function, args, PATIENCE) {
        Ok(answer) => answer,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_started_node_answers_and_nothing_of_it_is_left() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node);
    let name = rpc(&session, "erlang", "node", vec![]);
    assert_eq!(name.to_string(), format!("'{}'", node.name()));
    let (pid, place) = (node.os_pid(), node.folder().to_path_buf());
    drop(session);
    drop(node);
    let process = format!("/proc/{}", pid.unwrap_or_default());
    assert!(!fs::exists(&process).unwrap_or(true), "{process} is left");
    assert!(!place.exists(), "{} is left", place.display());
}

#[test]
fn the_cookie_stands_in_no_argument_list_and_no_environment_and_no_file() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node);
    let cookie = rpc(&session, "erlang", "get_cookie", vec![]).to_string();
    let cookie = cookie.trim_matches('\'');
    assert_eq!(cookie.len(), 32, "it is random, and long");
    let pid = node.os_pid().unwrap_or_default();
    for place in ["cmdline", "environ"] {
        let path = format!("/proc/{pid}/{place}");
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => panic!("{path}: {error}"),
        };
        assert!(!text.is_empty() && !text.contains(cookie), "{path}: {text}");
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(node.folder()).into_iter().flatten().flatten() {
        files.push(entry.path());
    }
    assert!(files.is_empty(), "{files:?}");
    assert!(!format!("{node:?}").contains(cookie));
    assert!(!format!("{session:?}").contains(cookie));
}

#[test]
fn a_node_listens_on_the_loopback_only() {
    needs_erlang!();
    let node = start();
    let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default()
        + &fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    let port = format!(":{:04X}", node.address().port());
    let listens: Vec<&str> = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|parts| parts.len() > 3 && parts[3] == "0A" && parts[1].ends_with(&port))
        .map(|parts| parts[1])
        .collect();
    assert_eq!(listens, [format!("0100007F{port}")]);
}

#[test]
fn a_node_knows_no_epmd_that_it_could_enter_its_name_with() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node);
    let port = rpc(
        &session,
        "init",
        "get_argument",
        vec![Term::atom("epmd_port")],
    );
    assert_eq!(port.to_string(), "{ok,[[\"0\"]]}");
    let names = rpc(&session, "erl_epmd", "names", vec![]);
    assert_eq!(names.to_string(), "{error,address}");
}

#[test]
fn a_node_that_runs_already_is_attached_to_and_goes_on_afterwards() {
    needs_erlang!();
    let (runtime, node, folder) = (runtime(), start(), folder());
    let session = open(&runtime, &node);
    let cookie = rpc(&session, "erlang", "get_cookie", vec![]).to_string();
    let file = folder.path().join("cookie");
    if let Err(error) = fs::write(&file, cookie.trim_matches('\'')) {
        panic!("{error}");
    }
    let name = format!("{}:{}", node.name(), node.address().port());
    let attached = match Node::attach(&runtime, &name, &file) {
        Ok(attached) => attached,
        Err(error) => panic!("{error}"),
    };
    let second = open(&runtime, &attached);
    assert_eq!(
        rpc(&second, "erlang", "node", vec![]),
        rpc(&session, "erlang", "node", vec![])
    );
    drop(second);
    drop(attached);
    rpc(&session, "erlang", "node", vec![]);
}

#[test]
fn a_node_of_another_name_than_the_one_given_is_refused() {
    needs_erlang!();
    let (runtime, node, folder) = (runtime(), start(), folder());
    let (own, port) = (node.name(), node.address().port());
    let file = folder.path().join("cookie");
    let cookie = rpc(&open(&runtime, &node), "erlang", "get_cookie", vec![]).to_string();
    if let Err(error) = fs::write(&file, cookie.trim_matches('\'')) {
        panic!("{error}");
    }
    let short = own.split('@').next().unwrap_or_default();
    for other in [format!("{short}@otherhost"), "other@127.0.0.1".into()] {
        let attached = match Node::attach(&runtime, &format!("{other}:{port}"), &file) {
            Ok(attached) => attached,
            Err(error) => panic!("{error}"),
        };
        match Session::open(&runtime, &attached) {
            Ok(_) => panic!("{other} was taken for {own}"),
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains(&other), "{text}");
                assert!(
                    text.contains(&format!("is {own}; give that name")),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn a_wrong_cookie_is_refused_by_an_error_that_does_not_tell_it() {
    needs_erlang!();
    let (runtime, node, folder) = (runtime(), start(), folder());
    let file = folder.path().join("cookie");
    if let Err(error) = fs::write(&file, "GUESSWORK") {
        panic!("{error}");
    }
    let name = format!("{}:{}", node.name(), node.address().port());
    let attached = match Node::attach(&runtime, &name, &file) {
        Ok(attached) => attached,
        Err(error) => panic!("{error}"),
    };
    let error = match Session::open(&runtime, &attached) {
        Ok(_) => panic!("it was let in"),
        Err(error) => error,
    };
    assert!(matches!(error, BeamError::WrongCookie { .. }), "{error}");
    assert!(!error.to_string().contains("GUESSWORK"), "{error}");
}

#[test]
fn a_port_in_use_is_an_error_that_says_so() {
    needs_erlang!();
    let taken = match std::net::TcpListener::bind("127.0.0.1:0") {
        Ok(listener) => listener,
        Err(error) => panic!("{error}"),
    };
    let port = taken.local_addr().map_or(0, |address| address.port());
    match Node::start_on(&erl(), port) {
        Ok(_) => panic!("it started on a port in use"),
        Err(error) => {
            assert!(matches!(error, BeamError::Boot { .. }), "{error}");
            assert!(error.to_string().contains("eaddrinuse"), "{error}");
        }
    }
}

#[test]
fn whoever_listens_and_is_no_node_is_an_error_that_says_so() {
    needs_erlang!();
    let (runtime, folder) = (runtime(), folder());
    let file = folder.path().join("cookie");
    if let Err(error) = fs::write(&file, "COOKIE") {
        panic!("{error}");
    }
    let listener = match std::net::TcpListener::bind("127.0.0.1:0") {
        Ok(listener) => listener,
        Err(error) => panic!("{error}"),
    };
    let port = listener.local_addr().map_or(0, |address| address.port());
    let server = std::thread::spawn(move || {
        use std::io::Write;
        if let Ok((mut stream, _)) = listener.accept() {
            // An HTTP server would answer so.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let attached = match Node::attach(&runtime, &format!("web@127.0.0.1:{port}"), &file) {
        Ok(attached) => attached,
        Err(error) => panic!("{error}"),
    };
    match Session::open(&runtime, &attached) {
        Ok(_) => panic!("it was taken for a node"),
        Err(error) => assert!(
            error
                .to_string()
                .starts_with("failed to connect to node web@127.0.0.1: the handshake failed")
                && error.to_string().contains("leave it out and epmd is asked"),
            "{error}"
        ),
    }
    assert!(server.join().is_ok());
    // And now nobody listens any more.
    match Session::open(&runtime, &attached) {
        Ok(_) => panic!("nobody was taken for a node"),
        Err(error) => assert!(error.to_string().contains("nothing listens on"), "{error}"),
    }
}

#[test]
fn a_name_that_no_node_can_have_is_an_error_with_an_example() {
    let (runtime, folder) = (runtime(), folder());
    let file = folder.path().join("cookie");
    if let Err(error) = fs::write(&file, "COOKIE") {
        panic!("{error}");
    }
    for name in ["shop", "@127.0.0.1", "shop@", "shop@127.0.0.1:seven"] {
        match Node::attach(&runtime, name, &file) {
            Ok(_) => panic!("{name} was taken"),
            Err(error) => assert!(error.to_string().contains("shop@127.0.0.1:PORT"), "{error}"),
        }
    }
    let missing = folder.path().join("missing");
    match Node::attach(&runtime, "shop@127.0.0.1:1", &missing) {
        Ok(_) => panic!("there is no such file"),
        Err(error) => assert!(error.to_string().contains("missing"), "{error}"),
    }
}

#[test]
fn a_node_that_stops_answering_is_an_error_within_the_deadline() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node);
    signal("STOP", node.os_pid());
    let patience = Duration::from_millis(300);
    let answer = session.rpc("erlang", "node", vec![], patience);
    signal("CONT", node.os_pid());
    match answer {
        Ok(answer) => panic!("it answered {answer}"),
        Err(error) => assert!(
            matches!(error, BeamError::Silent { ms: 300, .. }),
            "{error}"
        ),
    }
    // The late answer is nobody's.
    assert_eq!(
        rpc(&session, "lists", "max", vec![Term::list([1, 3])]),
        Term::Int(3)
    );
}

#[test]
fn a_node_that_is_stopped_is_noticed_long_before_the_deadline() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node).with_pulse(Duration::from_millis(100));
    signal("STOP", node.os_pid());
    match session.rpc("erlang", "node", vec![], Duration::from_secs(3600)) {
        Ok(answer) => panic!("it answered {answer}"),
        Err(error) => assert!(
            matches!(
                error,
                BeamError::Silent {
                    ms: 200..20_000,
                    ..
                }
            ),
            "{error}"
        ),
    }
}

#[test]
fn a_node_that_takes_long_and_lives_is_waited_for() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node).with_pulse(Duration::from_secs(1));
    let answer = rpc(&session, "timer", "sleep", vec![Term::Int(2500)]);
    assert!(answer.is_atom("ok"), "{answer}");
}

fn signal(name: &str, pid: Option<u32>) {
    let pid = pid.unwrap_or_default().to_string();
    let status = std::process::Command::new("kill")
        .args([&format!("-{name}"), &pid])
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "kill -{name} {pid}"
    );
    // The threads of a process stop one after the other.
    let deadline = Instant::now() + PATIENCE;
    while name == "STOP" && !is_stopped(&pid) {
        assert!(Instant::now() < deadline, "{pid} does not stop");
        std::thread::yield_now();
    }
}

/// Whether all threads of a process have stopped.
fn is_stopped(pid: &str) -> bool {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return true;
    };
    threads.flatten().all(|thread| {
        let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The state stands behind the name, which is in parentheses.
        stat.rsplit_once(") ")
            .is_none_or(|(_, rest)| rest.starts_with('T'))
    })
}

#[test]
fn a_node_that_dies_while_it_is_asked_is_an_error_that_says_so() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node);
    match session.rpc("erlang", "halt", vec![], PATIENCE) {
        Ok(answer) => panic!("it answered {answer}"),
        Err(error) => {
            assert!(matches!(error, BeamError::Lost { .. }), "{error}");
            assert!(error.to_string().contains("it hung up"), "{error}");
        }
    }
    assert!(session.rpc("erlang", "node", vec![], PATIENCE).is_err());
}

#[test]
fn an_agent_that_does_not_load_is_an_error_that_says_why() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node);
    let mut modules = match Agent::compile(&session, node.folder()) {
        Ok(modules) => modules,
        Err(error) => panic!("{error}"),
    };
    modules[0].beam.truncate(100);
    match Agent::load(session, &modules) {
        Ok(_) => panic!("it loaded"),
        Err(error) => {
            assert!(matches!(error, BeamError::Agent { .. }), "{error}");
            assert!(error.to_string().contains("upheaval_plain"), "{error}");
        }
    }
}

#[test]
fn an_agent_that_is_asked_for_nonsense_says_so_and_goes_on() {
    needs_erlang!();
    let (runtime, node) = (runtime(), start());
    let session = open(&runtime, &node);
    let modules = match Agent::compile(&session, node.folder()) {
        Ok(modules) => modules,
        Err(error) => panic!("{error}"),
    };
    let mut agent = match Agent::load(session, &modules) {
        Ok(agent) => agent,
        Err(error) => panic!("{error}"),
    };
    match agent.ask(Term::atom("frobnicate"), PATIENCE) {
        Ok(answer) => panic!("it answered {answer}"),
        Err(error) => assert!(error.to_string().contains("unknown_request"), "{error}"),
    }
    // What fails unasked is told to whoever asks next.
    agent.tell(Term::atom("frobnicate"));
    assert!(agent.ask(Term::atom("clock"), PATIENCE).is_err());
    assert!(agent.ask(Term::atom("clock"), PATIENCE).is_ok());
}
