//! Modules that panic or refuse: it costs at most the process, and never a
//! message that somebody else sent.

use properties::{Answers, sample, start};
use upheaval_node::{
    Artifact, ChildSpec, ClientRequest, Flags, Node, Outcome, Pid, RequestKind, SystemRequest, Tag,
};
use upheaval_term::Term;

fn term(text: &str) -> Term {
    text.parse().expect("a term")
}

fn text(bytes: &[u8]) -> String {
    upheaval_term::decode(bytes).expect("a term").to_string()
}

fn run(node: &mut Node) {
    while node.step() {}
}

/// Lets a client call, and does not wait.
fn send(node: &mut Node, client: Pid, to: &str, request: &str) {
    let request = ClientRequest {
        kind: RequestKind::Call,
        to,
        payload: &upheaval_term::encode(&term(request)),
        timeout: 5000,
    };
    node.request(client, request);
    run(node);
}

/// What a system message was answered with, or why a process did not start.
fn outcome(node: &mut Node, tag: Tag) -> String {
    run(node);
    match node.take(tag) {
        Some(Outcome::Ok(data)) => text(&data),
        Some(Outcome::Error(data)) => format!("error {}", text(&data)),
        other => format!("{other:?}"),
    }
}

fn system(node: &mut Node, pid: Pid, request: SystemRequest) -> String {
    let tag = node.system(pid, request);
    outcome(node, tag)
}

#[test]
fn a_panic_in_init_makes_the_start_fail_with_its_message() {
    let answers = Answers::default();
    let mut node = answers.node();
    let Some(Outcome::Error(why)) =
        start(&mut node, sample("bad_fragile_v1", "fragile", "1"), "panic")
    else {
        panic!("it has started");
    };
    assert_eq!(
        text(&why),
        "{{panic,<<\"told to panic in init\">>},[{fragile,init,1,[]}]}"
    );
    assert_eq!(node.whereis("fragile"), None);
    let (_, tag) = node.start("fragile", "fragile", &term("{count,5}"));
    run(&mut node);
    assert!(matches!(node.take(tag), Some(Outcome::Started(_))));
    let client = node.start_client("client");
    assert_eq!(answers.call(&mut node, client, "fragile", "{add,0}"), "5");
}

#[test]
fn a_panic_in_a_callback_ends_the_process_and_the_supervisor_restarts_it() {
    let answers = Answers::default();
    let mut node = answers.node();
    node.deploy(sample("bad_fragile_v1", "fragile", "1"));
    assert_eq!(node.load("fragile"), Ok(None));
    let child = ChildSpec::worker("fragile", "fragile", term("{count,5}"));
    let (supervisor, tag) = node.start_supervisor("sup", &Flags::default(), &[child]);
    run(&mut node);
    assert!(matches!(node.take(tag), Some(Outcome::Started(_))));
    let client = node.start_client("client");
    assert_eq!(answers.call(&mut node, client, "fragile", "{add,2}"), "7");
    let first = node.whereis("fragile").expect("a process");
    let end = node.monitor(first);

    let answer = answers.call(&mut node, client, "fragile", "panic");
    let reason = "{{panic,<<\"told to panic in a call\">>},[{fragile,handle_call,3,[]}]}";
    assert_eq!(answer, format!("exit {reason}"));
    let Some(Outcome::Down(why)) = node.take(end) else {
        panic!("it goes on");
    };
    assert_eq!(text(&why), reason);
    assert!(!node.is_alive(first));
    let second = node.whereis("fragile").expect("a process");
    assert_ne!(first, second);
    assert!(node.is_alive(supervisor));
    assert_eq!(answers.call(&mut node, client, "fragile", "{add,0}"), "5");
}

/// Takes a server of version 1 that has counted to 5 through an upgrade whose
/// `code_change` fails, while others call it.
fn failed_upgrade(to: Artifact, error: &str) {
    let v1 = sample("bad_fragile_v1", "fragile", "1");
    let module = v1.name();
    let answers = Answers::default();
    let mut node = answers.node();
    assert!(matches!(
        start(&mut node, v1, "{count,5}"),
        Some(Outcome::Started(_))
    ));
    let pid = node.whereis(module).expect("a process");
    let clients = ["a", "b", "c"].map(|name| node.start_client(name));
    assert_eq!(answers.call(&mut node, clients[0], module, "{add,0}"), "5");
    let answered = answers.all().len();

    assert_eq!(system(&mut node, pid, SystemRequest::Suspend), "ok");
    send(&mut node, clients[0], module, "{add,1}");
    node.deploy(to);
    assert_eq!(node.load(module), Ok(None));
    send(&mut node, clients[1], module, "{add,1}");
    let change = SystemRequest::ChangeCode {
        module: "fragile".into(),
        vsn: "1".into(),
        down: false,
        extra: Term::list::<Term>([]),
    };
    assert_eq!(system(&mut node, pid, change), error);
    send(&mut node, clients[2], module, "{add,1}");

    let seen = node.inspect(pid).expect("a process");
    assert!(seen.suspended);
    assert_eq!(text(&node.state(pid).expect("a state")), "#{count => 5}");
    assert_eq!(seen.queued, 3);
    assert_eq!(answers.all().len(), answered, "it answers while suspended");

    assert_eq!(system(&mut node, pid, SystemRequest::Resume), "ok");
    assert_eq!(answers.all()[answered..], ["6", "7", "8"]);
    assert_eq!(node.whereis(module), Some(pid));
    let seen = node.inspect(pid).expect("a process");
    assert!(!seen.suspended);
    assert_eq!(seen.version, Some((module, to.vsn())));
    assert_eq!(answers.call(&mut node, clients[0], module, "{add,0}"), "8");
}

#[test]
fn a_panic_in_code_change_keeps_the_state_the_suspension_and_all_messages() {
    failed_upgrade(
        sample("bad_fragile_panics", "fragile", "3"),
        "error {'EXIT',{{panic,<<\"told to panic in code_change\">>},[{fragile,code_change,3,[]}]}}",
    );
}

#[test]
fn an_error_of_code_change_keeps_the_state_the_suspension_and_all_messages() {
    failed_upgrade(
        sample("bad_fragile_refuses", "fragile", "2"),
        "error {error,not_today}",
    );
}

#[test]
fn a_request_that_no_clause_takes_is_a_function_clause_at_its_caller() {
    let answers = Answers::default();
    let mut node = answers.node();
    start(&mut node, sample("counter_v1", "counter", "1"), "5");
    let client = node.start_client("client");
    let answer = answers.call(&mut node, client, "counter", "{subtract,1}");
    // As in Erlang; what does not fit is told where Erlang tells the line.
    assert!(
        answer.starts_with("exit {function_clause,[{counter,handle_call,3,[{what,"),
        "{answer}"
    );
    assert_eq!(node.whereis("counter"), None);
}
