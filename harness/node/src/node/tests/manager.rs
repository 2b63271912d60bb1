//! Event managers: several handlers, requests, crashes, and `sys`.

use serde::{Deserialize, Serialize};
use upheaval_module::Context;
use upheaval_module::abi::Table;
use upheaval_module::behaviour::{
    Change, GenEvent, HandlerCallReturn, HandlerReturn, InitHandler, Swap,
};
use upheaval_term::Term;

use super::probe::Bench;
use crate::code::Artifact;
use crate::{Outcome, Pid, RequestKind, SystemRequest};

static TABLE: Table = Table::gen_event::<Log>("log", "1");
static OTHER: Table = Table::gen_event::<Log>("other", "1");

/// A handler that keeps what it is told, and does what it is told.
#[derive(Serialize, Deserialize)]
struct Log(Vec<Term>);

#[derive(Deserialize)]
enum Order {
    Note(Term),
    Remove,
    Crash,
    Swap(Term),
}

impl Log {
    fn obey(&mut self, order: Order) -> HandlerReturn {
        match order {
            Order::Note(what) => self.0.push(what),
            Order::Remove => return HandlerReturn::Remove,
            Order::Crash => upheaval_module::error(Term::atom("oops")),
            Order::Swap(handler) => {
                return HandlerReturn::Swap(Swap {
                    why: Term::atom("swapped"),
                    handler,
                    args: Term::atom("args"),
                });
            }
        }
        HandlerReturn::Ok
    }
}

impl GenEvent for Log {
    type Args = Term;
    type Event = Order;
    type Call = Order;
    type Reply = Vec<Term>;
    type Info = Term;

    fn handlers(args: Term) -> Vec<(Option<Term>, Term)> {
        match args {
            Term::List(ids) => ids.into_iter().map(|id| (Some(id.clone()), id)).collect(),
            args => vec![(None, args)],
        }
    }

    fn init(args: Term, _: &Context) -> InitHandler<Self> {
        if args.is_atom("refuse") {
            return InitHandler::Error(Term::atom("refused"));
        }
        InitHandler::Ok(Log(vec![args]))
    }

    fn init_swapped(args: Term, left: Term, _: &Context) -> InitHandler<Self> {
        InitHandler::Ok(Log(vec![args, left]))
    }

    fn handle_event(&mut self, order: Order, _: &Context) -> HandlerReturn {
        self.obey(order)
    }

    fn handle_call(&mut self, order: Order, _: &Context) -> HandlerCallReturn<Vec<Term>> {
        match self.obey(order) {
            HandlerReturn::Ok => HandlerCallReturn::Reply(self.0.clone()),
            HandlerReturn::Remove => HandlerCallReturn::Remove(Vec::new()),
            HandlerReturn::Swap(to) => HandlerCallReturn::Swap(Vec::new(), to),
        }
    }

    fn handle_info(&mut self, message: Term, _: &Context) -> HandlerReturn {
        self.0.push(message);
        HandlerReturn::Ok
    }

    fn terminate(&mut self, why: &Term, _: &Context) -> Term {
        Term::tuple([why.clone(), Term::list(self.0.iter().cloned())])
    }

    /// A state that holds `bad` cannot be changed.
    fn code_change(_: Change, state: Term, extra: Term) -> Result<Term, Term> {
        if state.to_string().contains("bad") {
            return Err(Term::atom("bad"));
        }
        Ok(Term::list([extra]))
    }
}

fn manager(args: &str) -> (Bench, Pid) {
    let mut bench = Bench::new();
    for table in [&TABLE, &OTHER] {
        bench.node.deploy(Artifact::built_in(table));
    }
    assert_eq!(bench.node.load("log"), Ok(None));
    assert_eq!(bench.node.load("other"), Ok(None));
    let args: Term = args.parse().expect("a term");
    let (pid, tag) = bench.node.start("events", "log", &args);
    bench.rest();
    assert_eq!(bench.node.take(tag), Some(Outcome::Started(pid)));
    (bench, pid)
}

fn state(bench: &mut Bench, pid: Pid) -> String {
    bench.system(pid, SystemRequest::GetState)
}

#[test]
fn every_handler_has_every_event_the_newest_first() {
    let (mut bench, pid) = manager("[a,b]");
    bench.send(RequestKind::Notify, "events", "{note,x}");
    assert_eq!(bench.manage("events", "{sync_notify,{note,y}}"), "ok");
    bench.send(RequestKind::Send, "events", "hello");
    assert_eq!(
        state(&mut bench, pid),
        "[{log,b,[b,x,y,hello]},{log,a,[a,x,y,hello]}]"
    );
}

#[test]
fn handlers_are_added_deleted_and_listed() {
    let (mut bench, _) = manager("none");
    assert_eq!(bench.manage("events", "{add_handler,{other,1},x}"), "ok");
    assert_eq!(
        bench.manage("events", "{add_handler,log,refuse}"),
        "{error,refused}"
    );
    assert_eq!(bench.manage("events", "which_handlers"), "[{other,1},log]");
    assert_eq!(
        bench.manage("events", "{delete_handler,{other,1},why}"),
        "{why,[x]}"
    );
    assert_eq!(
        bench.manage("events", "{delete_handler,{other,1},why}"),
        "{error,module_not_found}"
    );
    assert_eq!(bench.manage("events", "which_handlers"), "[log]");
}

#[test]
fn a_handler_that_takes_anothers_place_is_given_what_that_left() {
    let (mut bench, pid) = manager("a");
    assert_eq!(
        bench.manage("events", "{swap_handler,log,bye,other,hi}"),
        "ok"
    );
    assert_eq!(state(&mut bench, pid), "[{other,false,[hi,{bye,[a]}]}]");
    assert_eq!(
        bench.manage("events", "{swap_handler,log,bye,{other,2},hi}"),
        "ok"
    );
    assert_eq!(
        state(&mut bench, pid),
        "[{other,2,[hi,error]},{other,false,[hi,{bye,[a]}]}]"
    );
}

#[test]
fn a_handler_can_let_another_take_its_place_in_an_event_and_in_a_call() {
    let (mut bench, pid) = manager("[a,b]");
    bench.send(RequestKind::Notify, "events", "{swap,other}");
    assert_eq!(
        state(&mut bench, pid),
        "[{other,false,[args,{swapped,[b]}]},{other,false,[args,{swapped,[a]}]}]"
    );
    assert_eq!(bench.manage("events", "{call,other,{swap,log}}"), "[]");
    assert_eq!(bench.manage("events", "which_handlers"), "[log,other]");
}

#[test]
fn a_handler_that_crashes_is_removed_and_the_manager_lives() {
    let (mut bench, pid) = manager("[a,b]");
    let answer = bench.manage("events", "{call,{log,a},crash}");
    assert!(
        answer.starts_with("{error,{'EXIT',{oops,[{log,handle_event,2,"),
        "{answer}"
    );
    assert_eq!(bench.manage("events", "which_handlers"), "[{log,b}]");
    bench.send(RequestKind::Notify, "events", "crash");
    assert_eq!(bench.manage("events", "which_handlers"), "[]");
    assert_eq!(
        bench.manage("events", "{call,log,remove}"),
        "{error,bad_module}"
    );
    assert!(bench.node.is_alive(pid));
}

#[test]
fn a_handler_that_is_no_longer_wanted_leaves_the_others() {
    let (mut bench, _) = manager("[a,b,c]");
    assert_eq!(bench.manage("events", "{call,{log,b},remove}"), "[]");
    assert_eq!(
        bench.manage("events", "which_handlers"),
        "[{log,c},{log,a}]"
    );
}

fn change(module: &str) -> SystemRequest {
    SystemRequest::ChangeCode {
        module: module.into(),
        vsn: "0".into(),
        down: false,
        extra: Term::atom("new"),
    }
}

#[test]
fn b07_every_handler_of_the_module_is_changed_and_no_match_is_ok() {
    let (mut bench, pid) = manager("[a,b]");
    bench.manage("events", "{add_handler,other,x}");
    bench.system(pid, SystemRequest::Suspend);
    assert_eq!(bench.system(pid, change("log")), "ok");
    assert_eq!(bench.system(pid, change("nobody")), "ok");
    assert_eq!(
        state(&mut bench, pid),
        "[{other,false,[x]},{log,b,[new]},{log,a,[new]}]"
    );
}

#[test]
fn b07_one_bad_handler_fails_it_all() {
    let (mut bench, pid) = manager("[a,bad]");
    bench.system(pid, SystemRequest::Suspend);
    let answer = bench.node.system(pid, change("log"));
    bench.rest();
    let Some(Outcome::Error(why)) = bench.node.take(answer) else {
        panic!("it was changed");
    };
    let why = crate::signal::term(&why).to_string();
    assert!(
        why.starts_with("{'EXIT',{{badmatch,{error,bad}},[{log,code_change,3"),
        "{why}"
    );
    assert_eq!(state(&mut bench, pid), "[{log,bad,[bad]},{log,a,[a]}]");
}

#[test]
fn c06_a_manager_answers_get_modules() {
    let (mut bench, _) = manager("[a,b]");
    bench.manage("events", "{add_handler,other,x}");
    assert_eq!(bench.manage("events", "get_modules"), "[log,other]");
}
