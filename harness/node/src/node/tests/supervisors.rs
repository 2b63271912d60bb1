//! How a supervisor stops its children.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use upheaval_module::abi::Table;
use upheaval_module::behaviour::{
    CallReturn, ChildSpec, Flags, GenServer, Init, Never, Return, Shutdown,
};
use upheaval_module::{Caller, Context};
use upheaval_term::Term;

use crate::code::Artifact;
use crate::{Event, Node, Observer, Outcome, Pid, RandomScheduler, Stacks};

static TABLE: Table = Table::gen_server::<Stubborn>("stubborn", "1");

/// A server that traps exits, and once it is cast to listens to nothing any more.
#[derive(Serialize, Deserialize)]
struct Stubborn;

impl GenServer for Stubborn {
    type Args = Term;
    type Call = Never;
    type Reply = Term;
    type Cast = Term;
    type Info = Term;

    fn init(_: Term, context: &Context) -> Init<Self> {
        context.trap_exit(true);
        Init::Ok(Stubborn)
    }

    fn handle_call(&mut self, _: Never, _: Caller, _: &Context) -> CallReturn<Term> {
        CallReturn::NoReply
    }

    fn handle_cast(&mut self, _: Term, context: &Context) -> Return {
        // Nobody sends one.
        context.receive::<upheaval_term::Ref>();
        Return::NoReply
    }
}

/// Who has exited, with what.
#[derive(Clone, Default)]
struct Exits(Rc<RefCell<Vec<(Pid, String)>>>);

impl Observer for Exits {
    fn observe(&mut self, event: Event<'_>) {
        if let Event::Exited(pid, reason) = event {
            let reason = crate::signal::term(reason).to_string();
            self.0.borrow_mut().push((pid, reason));
        }
    }
}

fn rest(node: &mut Node) {
    while node.step() {}
}

/// A supervisor over children of these names, all stopped in the same way.
fn supervisor(names: &[&str], shutdown: Shutdown) -> (Node, Exits, Pid) {
    let exits = Exits::default();
    let mut node = Node::new(Stacks::new(), RandomScheduler::new(1), exits.clone());
    node.deploy(Artifact::built_in(&TABLE));
    assert_eq!(node.load("stubborn"), Ok(None));
    let args = || Term::List(Vec::new());
    let specs: Vec<ChildSpec> = names
        .iter()
        .map(|name| ChildSpec::worker(name, "stubborn", args()).shutdown(shutdown))
        .collect();
    let (supervisor, tag) = node.start_supervisor("sup", &Flags::default(), &specs);
    rest(&mut node);
    assert_eq!(node.take(tag), Some(Outcome::Started(supervisor)));
    (node, exits, supervisor)
}

/// Lets a child listen to nothing.
fn deafen(node: &mut Node, name: &str) {
    let client = node.start_client("client");
    node.request(
        client,
        crate::ClientRequest {
            kind: crate::RequestKind::Cast,
            to: name,
            payload: &upheaval_term::encode(&Term::atom("wait")),
            timeout: 0,
        },
    );
    rest(node);
}

fn terminate(node: &mut Node, supervisor: Pid, id: &'static str) {
    let request = Term::tuple([Term::atom("terminate_child"), Term::atom(id)]);
    node.call(supervisor, &request);
    rest(node);
}

#[test]
fn d07_a_child_that_does_not_stop_in_time_is_killed() {
    let (mut node, exits, supervisor) = supervisor(&["a"], Shutdown::After(100));
    deafen(&mut node, "a");
    terminate(&mut node, supervisor, "a");
    node.advance(99, 1000);
    assert_eq!(*exits.0.borrow(), []);
    node.advance(1, 1000);
    let (_, reason) = exits.0.borrow()[0].clone();
    assert_eq!(reason, "killed");
    assert!(node.is_alive(supervisor));
}

#[test]
fn d07_infinity_waits_for_ever_and_brutal_kill_does_not_wait() {
    let (mut node, exits, waiting) = supervisor(&["a"], Shutdown::INFINITY);
    deafen(&mut node, "a");
    terminate(&mut node, waiting, "a");
    node.advance(1_000_000, 1000);
    assert_eq!(*exits.0.borrow(), []);

    let (mut node, exits, killing) = supervisor(&["a"], Shutdown::BRUTAL_KILL);
    terminate(&mut node, killing, "a");
    assert_eq!(exits.0.borrow()[0].1, "killed");
}

#[test]
fn d01_children_start_in_order_and_stop_in_reverse() {
    let (mut node, exits, supervisor) = supervisor(&["a", "b", "c"], Shutdown::After(100));
    let order: Vec<Pid> = ["a", "b", "c"]
        .iter()
        .filter_map(|name| node.whereis(name))
        .collect();
    assert!(order.is_sorted());
    let request = crate::SystemRequest::Terminate(Term::atom("shutdown"));
    node.system(supervisor, request);
    rest(&mut node);
    let stopped: Vec<Pid> = exits.0.borrow().iter().map(|(pid, _)| *pid).collect();
    let expected: Vec<Pid> = order.into_iter().rev().chain([supervisor]).collect();
    assert_eq!(stopped, expected);
}
