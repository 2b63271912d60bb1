//! Special processes, and how they linger (A5).

use serde::{Deserialize, Serialize};
use upheaval_module::abi::Table;
use upheaval_module::behaviour::{Change, Continuation, Init, Process, Special, SpecialReturn};
use upheaval_module::{Context, Received};
use upheaval_term::Term;

use super::probe::Bench;
use crate::code::Artifact;
use crate::{Outcome, Pid, RequestKind, SystemRequest};

static V1: Table = Table::special::<Counter>("counter", "1");
static V2: Table = Table::special::<Counter>("counter", "2");
static SLEEPER: Table = Table::process::<Sleeper>("sleeper", "1");

/// Counts the messages that it gets; `sleep` makes it hibernate.
#[derive(Serialize, Deserialize)]
struct Counter(i64);

impl Special for Counter {
    type Args = i64;

    fn init(count: i64, _: &Context) -> Init<Self> {
        Init::Ok(Counter(count))
    }

    fn run(mut self, context: &Context) -> SpecialReturn<Self> {
        loop {
            match context.receive_special::<Term>() {
                Received::Message(Term::Tuple(exit)) if exit[0].is_atom("EXIT") => {
                    context.exit(exit[2].clone());
                }
                Received::Message(what) if what.is_atom("sleep") => {
                    return SpecialReturn::Hibernate(self);
                }
                Received::Message(_) => self.0 += 1,
                Received::System(message) => return SpecialReturn::System(self, message),
            }
        }
    }

    fn system_code_change(_: Change, state: Term, extra: Term) -> Result<Term, Term> {
        match (state, extra) {
            (Term::Int(count), Term::Int(more)) => Ok(Term::Int(count + more)),
            _ => Err(Term::atom("no_number")),
        }
    }
}

/// A plain process that hibernates after each message.
#[derive(Serialize, Deserialize)]
struct Sleeper(i64);

impl Process for Sleeper {
    fn run(self, context: &Context) -> Continuation<Self> {
        let _: Term = context.receive();
        Continuation::Hibernate(Sleeper(self.0 + 1))
    }
}

fn started(module: &str) -> (Bench, Pid) {
    let mut bench = Bench::new();
    for table in [&V1, &SLEEPER] {
        bench.node.deploy(Artifact::built_in(table));
    }
    assert_eq!(bench.node.load("counter"), Ok(None));
    assert_eq!(bench.node.load("sleeper"), Ok(None));
    let (pid, tag) = bench.node.start("p", module, &Term::Int(5));
    bench.rest();
    assert_eq!(bench.node.take(tag), Some(Outcome::Started(pid)));
    (bench, pid)
}

fn load_v2(bench: &mut Bench) {
    bench.node.deploy(Artifact::built_in(&V2));
    assert_eq!(bench.node.load("counter"), Ok(None));
}

fn version(bench: &Bench, pid: Pid) -> Option<(&'static str, &'static str)> {
    bench.node.inspect(pid).and_then(|seen| seen.version)
}

#[test]
fn a_special_process_answers_sys_and_goes_on() {
    let (mut bench, pid) = started("counter");
    bench.send(RequestKind::Send, "p", "hello");
    assert_eq!(bench.system(pid, SystemRequest::GetState), "6");
    bench.send(RequestKind::Send, "p", "hello");
    let seven = SystemRequest::ReplaceState(Ok(Term::Int(70)));
    assert_eq!(bench.system(pid, seven), "70");
    bench.send(RequestKind::Send, "p", "hello");
    assert_eq!(bench.system(pid, SystemRequest::GetState), "71");
}

#[test]
fn b01_while_it_is_suspended_it_takes_nothing_but_system_messages() {
    let (mut bench, pid) = started("counter");
    assert_eq!(bench.system(pid, SystemRequest::Suspend), "ok");
    bench.send(RequestKind::Send, "p", "hello");
    assert_eq!(bench.system(pid, SystemRequest::GetState), "5");
    assert_eq!(bench.node.inspect(pid).map(|seen| seen.queued), Some(1));
    assert_eq!(bench.system(pid, SystemRequest::Resume), "ok");
    assert_eq!(bench.system(pid, SystemRequest::GetState), "6");
}

#[test]
fn a05_it_lingers_in_its_own_receive_and_not_in_sys() {
    let (mut bench, pid) = started("counter");
    load_v2(&mut bench);
    assert_eq!(bench.node.lingering("counter"), [pid]);
    bench.system(pid, SystemRequest::Suspend);
    assert!(bench.node.lingering("counter").is_empty());
    assert!(!bench.node.purge("counter"));
    bench.system(pid, SystemRequest::Resume);
    assert_eq!(version(&bench, pid), Some(("counter", "2")));
}

#[test]
fn a07_sys_calls_it_back_in_the_version_that_is_current() {
    let (mut bench, pid) = started("counter");
    load_v2(&mut bench);
    bench.send(RequestKind::Send, "p", "hello");
    assert_eq!(version(&bench, pid), Some(("counter", "1")));
    bench.system(pid, SystemRequest::GetState);
    assert_eq!(version(&bench, pid), Some(("counter", "2")));
}

#[test]
fn b06_its_state_is_converted_or_kept() {
    let (mut bench, pid) = started("counter");
    bench.system(pid, SystemRequest::Suspend);
    let change = |extra| SystemRequest::ChangeCode {
        module: "counter".into(),
        vsn: "0".into(),
        down: false,
        extra,
    };
    assert_eq!(bench.system(pid, change(Term::Int(10))), "ok");
    let refused = bench.system(pid, change(Term::atom("none")));
    assert!(refused.starts_with("Some(Error("), "{refused}");
    assert_eq!(bench.system(pid, SystemRequest::GetState), "15");
}

#[test]
fn a05_a_process_that_hibernates_does_not_linger() {
    let (mut bench, pid) = started("counter");
    bench.send(RequestKind::Send, "p", "sleep");
    load_v2(&mut bench);
    assert!(bench.node.lingering("counter").is_empty());
    bench.send(RequestKind::Send, "p", "hello");
    assert_eq!(version(&bench, pid), Some(("counter", "2")));
    assert_eq!(bench.system(pid, SystemRequest::GetState), "6");

    let (mut bench, pid) = started("sleeper");
    let waits = |bench: &Bench| bench.node.inspect(pid).map(|seen| seen.blocked);
    assert_eq!(waits(&bench), Some(true));
    bench.send(RequestKind::Send, "p", "hello");
    assert_eq!(waits(&bench), Some(false));
}
