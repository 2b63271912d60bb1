//! How a supervisor stops its children, and with which of them it ends.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use upheaval_module::abi::Table;
use upheaval_module::behaviour::{
    AutoShutdown, CallReturn, ChildSpec, Flags, GenServer, Init, Never, RestartType, Return,
    Shutdown,
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
    let specs = names.iter().map(|name| stubborn(name).shutdown(shutdown));
    supervisor_of(&Flags::default(), &specs.collect::<Vec<_>>())
}

fn stubborn(name: &str) -> ChildSpec {
    ChildSpec::worker(name, "stubborn", Term::List(Vec::new()))
}

fn supervisor_of(flags: &Flags, specs: &[ChildSpec]) -> (Node, Exits, Pid) {
    let exits = Exits::default();
    let mut node = Node::new(Stacks::new(), RandomScheduler::new(1), exits.clone());
    node.deploy(Artifact::built_in(&TABLE));
    assert_eq!(node.load("stubborn"), Ok(None));
    let (supervisor, tag) = node.start_supervisor("sup", flags, specs);
    rest(&mut node);
    assert_eq!(node.take(tag), Some(Outcome::Started(supervisor)));
    (node, exits, supervisor)
}

/// Two significant children, the first transient and the second temporary, and one that
/// is not.
fn crew(auto_shutdown: AutoShutdown) -> (Node, Exits, Pid) {
    let flags = Flags {
        auto_shutdown,
        ..Flags::default()
    };
    let significant = |name, restart| stubborn(name).restart(restart).significant();
    let specs = [
        significant("transient", RestartType::Transient),
        significant("temporary", RestartType::Temporary),
        stubborn("other").restart(RestartType::Transient),
    ];
    supervisor_of(&flags, &specs)
}

/// Lets a process end by itself.
fn end(node: &mut Node, name: &str, reason: &'static str) {
    let pid = node.whereis(name).expect(name);
    node.system(pid, crate::SystemRequest::Terminate(Term::atom(reason)));
    rest(node);
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

#[test]
fn d06_any_significant_child_that_ends_by_itself_ends_its_supervisor() {
    let (mut node, exits, supervisor) = crew(AutoShutdown::AnySignificant);
    end(&mut node, "other", "normal");
    end(&mut node, "transient", "oops");
    terminate(&mut node, supervisor, "transient");
    assert!(node.is_alive(supervisor));
    end(&mut node, "temporary", "oops");
    let last = exits.0.borrow().last().cloned();
    assert_eq!(last, Some((supervisor, "shutdown".into())));
}

#[test]
fn d06_the_last_of_all_significant_children_has_to_end_by_itself() {
    let (mut node, _, supervisor) = crew(AutoShutdown::AllSignificant);
    end(&mut node, "temporary", "oops");
    terminate(&mut node, supervisor, "transient");
    end(&mut node, "other", "normal");
    assert!(node.is_alive(supervisor));
}

#[test]
fn d06_all_significant_children_have_to_end_and_one_that_is_restarted_has_not() {
    let (mut node, exits, supervisor) = crew(AutoShutdown::AllSignificant);
    terminate(&mut node, supervisor, "temporary");
    end(&mut node, "transient", "oops");
    assert!(node.is_alive(supervisor));
    end(&mut node, "transient", "normal");
    let last = exits.0.borrow().last().cloned();
    assert_eq!(last, Some((supervisor, "shutdown".into())));
}
