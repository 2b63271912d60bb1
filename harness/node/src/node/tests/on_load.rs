//! Modules whose `on_load` function waits: for a probe that is suspended.

use serde::{Deserialize, Serialize};
use upheaval_module::abi::{Call, Host, Outcome as Came, Table};
use upheaval_module::behaviour::{CallReturn, GenServer, Init, Return};
use upheaval_module::{Caller, Context};
use upheaval_term::Term;

use super::probe::Bench;
use crate::code::Artifact;
use crate::{Outcome, Pid, RequestKind, SystemRequest, Tag};

#[derive(Serialize, Deserialize)]
struct Slow;

impl GenServer for Slow {
    type Args = Term;
    type Call = Term;
    type Reply = Term;
    type Cast = Term;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Slow)
    }

    fn handle_call(&mut self, request: Term, _: Caller, _: &Context) -> CallReturn<Term> {
        CallReturn::Reply(request)
    }

    fn handle_cast(&mut self, _: Term, _: &Context) -> Return {
        Return::NoReply
    }
}

fn ask_the_gate(context: &Context) -> Result<(), Term> {
    let seen: Term = context.call("gate", &Term::atom("seen"));
    match seen.as_list() {
        Some([]) => Ok(()),
        _ => Err(seen),
    }
}

unsafe extern "C" fn on_load(host: *const Host, call: *const Call, out: *mut Came) {
    // SAFETY: the node calls an entry with valid pointers.
    unsafe { upheaval_module::run_on_load((host, call, out), ask_the_gate) };
}

static PLAIN: Table = Table::gen_server::<Slow>("slow", "1");
static WAITS: Table = Table::gen_server::<Slow>("slow", "2").with_on_load(on_load);
static LAST: Table = Table::gen_server::<Slow>("slow", "3");

/// A bench with a gate that answers nobody until it is resumed.
fn shut() -> (Bench, Pid) {
    let mut bench = Bench::new();
    let gate = bench.probe("gate");
    assert_eq!(bench.system(gate, SystemRequest::Suspend), "ok");
    (bench, gate)
}

fn load(bench: &mut Bench, table: &'static Table) -> Tag {
    bench.node.deploy(Artifact::built_in(table));
    let Ok(Some(tag)) = bench.node.load("slow") else {
        panic!("it did not wait");
    };
    bench.rest();
    tag
}

/// A server of `slow`, whose code is gone when this returns.
fn orphan(bench: &mut Bench) -> Pid {
    bench.node.deploy(Artifact::built_in(&PLAIN));
    assert_eq!(bench.node.load("slow"), Ok(None));
    let (pid, tag) = bench.node.start("s", "slow", &Term::atom("none"));
    bench.rest();
    assert_eq!(bench.node.take(tag), Some(Outcome::Started(pid)));
    assert!(bench.node.delete("slow"));
    assert!(!bench.node.purge("slow"));
    bench.node.deploy(Artifact::built_in(&WAITS));
    pid
}

fn reason(outcome: Option<Outcome>) -> String {
    match outcome {
        Some(Outcome::Error(why)) => crate::signal::term(&why).to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a14_a_load_waits_until_the_on_load_of_the_one_before_is_done() {
    let (mut bench, gate) = shut();
    bench.node.deploy(Artifact::built_in(&PLAIN));
    assert_eq!(bench.node.load("slow"), Ok(None));
    let first = load(&mut bench, &WAITS);
    let second = load(&mut bench, &LAST);
    assert_eq!(bench.node.take(first), None);
    assert_eq!(bench.node.take(second), None);
    assert_eq!(bench.node.current_vsn("slow"), Some("1"));

    assert_eq!(bench.system(gate, SystemRequest::Resume), "ok");
    assert!(matches!(bench.node.take(first), Some(Outcome::Ok(_))));
    assert_eq!(reason(bench.node.take(second)), "not_purged");
    assert_eq!(bench.node.current_vsn("slow"), Some("2"));
    assert!(bench.node.has_old_code("slow"));
}

#[test]
fn a12_a_server_whose_module_is_loaded_anew_waits_with_its_message() {
    let (mut bench, gate) = shut();
    let pid = orphan(&mut bench);
    bench.hand("s", "hello");
    bench.rest();
    let seen = bench.node.inspect(pid).unwrap();
    assert!(seen.blocked);
    assert_eq!((seen.queued, bench.node.state(pid)), (0, None));

    assert_eq!(bench.system(gate, SystemRequest::Resume), "ok");
    bench.rest();
    let seen = bench.node.inspect(pid).unwrap();
    assert_eq!(seen.version, Some(("slow", "2")));
    assert!(!seen.blocked);
    assert!(
        bench
            .events()
            .iter()
            .any(|event| event.contains("Received"))
    );
}

#[test]
fn a12_a_server_whose_module_does_not_load_ends_for_want_of_it() {
    let (mut bench, gate) = shut();
    let pid = orphan(&mut bench);
    bench.send(RequestKind::Send, "gate", "full");
    bench.hand("s", "hello");
    bench.rest();
    assert!(bench.node.is_alive(pid));
    assert_eq!(bench.system(gate, SystemRequest::Resume), "ok");
    bench.rest();
    assert!(!bench.node.is_alive(pid));
    assert_eq!(bench.node.current_vsn("slow"), None);
}

#[test]
fn a12_a_system_message_needs_no_code() {
    let (mut bench, _) = shut();
    let pid = orphan(&mut bench);
    assert_eq!(bench.system(pid, SystemRequest::Suspend), "ok");
    assert_eq!(bench.node.current_vsn("slow"), None);
}

#[test]
fn a12_nobody_sees_the_process_that_runs_on_load() {
    let (mut bench, _) = shut();
    let before: Vec<Pid> = bench.node.alive().collect();
    load(&mut bench, &WAITS);
    assert_eq!(bench.node.alive().collect::<Vec<_>>(), before);
}

#[test]
fn a12_an_on_load_that_is_waiting_ends_with_the_node() {
    let (mut bench, _) = shut();
    load(&mut bench, &WAITS);
    bench.node.restart();
    bench.rest();
    assert_eq!(bench.node.current_vsn("slow"), None);
    bench.node.deploy(Artifact::built_in(&PLAIN));
    assert_eq!(bench.node.load("slow"), Ok(None));
}

/// OTP 25 answers the first and forgets the others; see the harness's deviations.
#[test]
fn a12_whoever_else_waits_for_a_first_load_that_fails_tries_again() {
    let (mut bench, gate) = shut();
    let first = orphan(&mut bench);
    bench.node.deploy(Artifact::built_in(&PLAIN));
    assert_eq!(bench.node.load("slow"), Ok(None));
    let (second, tag) = bench.node.start("t", "slow", &Term::atom("none"));
    bench.rest();
    assert_eq!(bench.node.take(tag), Some(Outcome::Started(second)));
    assert!(bench.node.delete("slow"));
    assert!(!bench.node.purge("slow"));
    bench.node.deploy(Artifact::built_in(&WAITS));
    bench.send(RequestKind::Send, "gate", "full");
    for server in ["s", "t"] {
        bench.cast(server, "hello");
    }
    bench.rest();
    assert!(bench.node.is_alive(first) && bench.node.is_alive(second));
    assert_eq!(bench.system(gate, SystemRequest::Resume), "ok");
    bench.rest();
    assert!(!bench.node.is_alive(first));
    assert!(!bench.node.is_alive(second));
}

#[test]
fn a12_a_load_that_failed_is_not_held_against_the_next() {
    let (mut bench, gate) = shut();
    let pid = orphan(&mut bench);
    bench.send(RequestKind::Send, "gate", "full");
    bench.hand("s", "hello");
    bench.rest();
    let resume = bench.node.system(gate, SystemRequest::Resume);
    while bench.node.inspect(pid).is_some_and(|seen| seen.blocked) {
        assert!(bench.node.step());
    }
    bench.node.forget(resume);
    // It has failed, and somebody else loads another before the server goes on.
    bench.node.deploy(Artifact::built_in(&PLAIN));
    assert_eq!(bench.node.load("slow"), Ok(None));
    bench.rest();
    assert!(bench.node.is_alive(pid));

    assert_eq!(bench.system(gate, SystemRequest::Suspend), "ok");
    assert!(bench.node.delete("slow"));
    bench.node.purge("slow");
    bench.node.deploy(Artifact::built_in(&WAITS));
    bench.hand("s", "hello");
    bench.rest();
    assert!(bench.node.inspect(pid).is_some_and(|seen| seen.blocked));
}
