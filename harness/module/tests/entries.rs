//! A module's table, driven through its function pointers as a node does it, but
//! without a shared object: Miri can look on.

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr;

use upheaval_module::abi::{
    ABI_VERSION, Answer, Bytes, Call, Entry, Host, MAGIC, Outcome, Table, Trap, answer, behaviour,
    outcome, trap,
};
use upheaval_module::prelude::*;
use upheaval_module::{error, exit, throw};

/// A server that does what it is asked to.
#[derive(Serialize, Deserialize)]
struct Obedient {
    count: i64,
    log: Vec<String>,
}

#[derive(Deserialize)]
enum Args {
    From(i64),
    Ignore,
    Stop,
    Panic,
}

#[derive(Deserialize)]
enum Request {
    Add(i64),
    Panic,
    Error,
    Exit,
    Throw,
    Stop,
    Later,
    /// Sends to somebody.
    Send,
    /// Waits for the answer of somebody.
    Wait,
}

/// Notes its drop, and asks the node for something meanwhile.
struct Guard<'a, 'b>(&'a Context<'b>);

impl Drop for Guard<'_, '_> {
    fn drop(&mut self) {
        self.0.now();
        DROPS.with_borrow_mut(|drops| *drops += 1);
    }
}

thread_local! {
    static DROPS: RefCell<u32> = const { RefCell::new(0) };
}

impl GenServer for Obedient {
    type Args = Args;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(args: Args, _: &Context) -> Init<Self> {
        match args {
            Args::From(count) => Init::Ok(Obedient {
                count,
                log: vec!["started".into()],
            }),
            Args::Ignore => Init::Ignore,
            Args::Stop => Init::Stop(Term::atom("no_start")),
            Args::Panic => panic!("no init of {}", "mine"),
        }
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        match request {
            Request::Add(n) => self.count += n,
            Request::Panic => panic!("no answer"),
            Request::Error => error(Term::atom("e")),
            Request::Exit => exit(Term::atom("r")),
            Request::Throw => throw(Term::atom("v")),
            Request::Stop => return CallReturn::StopReply(Term::atom("done"), self.count),
            Request::Later => return CallReturn::NoReply,
            Request::Send => context.send("somebody", &(1, 2)),
            Request::Wait => {
                let _guard = Guard(context);
                self.count = context.call("somebody", &3);
            }
        }
        CallReturn::Reply(self.count)
    }

    fn code_change(change: Change, state: Term, extra: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } => Ok(Term::tuple([Term::binary(from), state, extra])),
            Change::Down { to } => Err(Term::binary(to)),
        }
    }
}

static TABLE: Table = Table::gen_server::<Obedient>("obedient", "7");

/// A node that answers every trap with the same, and keeps what it was asked.
struct FakeNode {
    status: u32,
    data: Vec<u8>,
    asked: RefCell<Vec<String>>,
}

impl FakeNode {
    fn answering(status: u32, data: &str) -> FakeNode {
        FakeNode {
            status,
            data: encoded(data),
            asked: RefCell::default(),
        }
    }
}

unsafe extern "C" fn trapped(context: *mut c_void, trap: *const Trap, answer: *mut Answer) {
    // SAFETY: the context is the node of `enter`, which outlives the entry; the
    // module hands over a valid trap with valid bytes.
    let (node, trap, name, data) = unsafe {
        let trap = &*trap;
        let node = &*context.cast::<FakeNode>();
        (node, trap, trap.name.as_slice(), trap.data.as_slice())
    };
    let name = String::from_utf8_lossy(name);
    let data = upheaval_term::decode(data).map_or("nothing".into(), |data| data.to_string());
    node.asked
        .borrow_mut()
        .push(format!("{} {name} {data}", trap.op));
    let given = Answer {
        data: Bytes::of(&node.data),
        ..Answer::of(node.status)
    };
    // SAFETY: the module hands over an answer for writing.
    unsafe { *answer = given };
}

fn encoded(text: &str) -> Vec<u8> {
    let term: Term = text.parse().expect("a term");
    upheaval_term::encode(&term)
}

fn text(bytes: Bytes) -> String {
    // SAFETY: the bytes of an outcome stay until the module is entered again,
    // which every caller of this does only afterwards.
    let bytes = unsafe { bytes.as_slice() };
    upheaval_term::decode(bytes).expect("a term").to_string()
}

/// Runs an entry on a node.
fn enter_on(node: &FakeNode, entry: Entry, state: *mut c_void, data: &str, down: bool) -> Outcome {
    let host = Host {
        context: ptr::from_ref(node).cast_mut().cast(),
        trap: trapped,
        process: 5,
    };
    let (data, extra) = (encoded(data), encoded("extra"));
    let call = Call {
        state,
        data: Bytes::of(&data),
        extra: Bytes::of(&extra),
        vsn: Bytes::of(b"6"),
        down,
        from: 9,
        reference: 1,
        event: 0,
        mode: 0,
    };
    let mut out = Outcome::of(0);
    // SAFETY: all pointers are valid, and every caller gives a state that this
    // table made and that was not dropped, where the entry needs one.
    unsafe { entry(&host, &call, &mut out) };
    out
}

/// Runs an entry on a node that is asked for nothing.
fn enter(entry: Entry, state: *mut c_void, data: &str) -> Outcome {
    let node = FakeNode::answering(answer::OK, "ok");
    let out = enter_on(&node, entry, state, data, false);
    assert_eq!(*node.asked.borrow(), Vec::<String>::new());
    out
}

/// A server that has counted to 5, dropped at the end.
struct Live(*mut c_void);

impl Live {
    fn new() -> Live {
        let out = enter(TABLE.start, ptr::null_mut(), "{from,5}");
        assert_eq!(out.kind, outcome::STATE);
        Live(out.state)
    }

    fn call(&self, request: &str) -> (u32, String) {
        let out = enter(TABLE.handle_call, self.0, request);
        (out.kind, text(out.data))
    }

    fn call_on(&self, node: &FakeNode, request: &str) -> Outcome {
        enter_on(node, TABLE.handle_call, self.0, request, false)
    }

    fn dump(&self) -> String {
        let out = enter(TABLE.dump_state, self.0, "ok");
        assert_eq!(out.kind, outcome::TERM);
        text(out.data)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        assert_eq!(enter(TABLE.drop_state, self.0, "ok").kind, outcome::DONE);
    }
}

#[test]
fn a_table_says_what_it_is() {
    assert_eq!(TABLE.magic, MAGIC);
    assert_eq!(TABLE.abi_version, ABI_VERSION);
    assert_eq!(TABLE.size as usize, size_of::<Table>());
    assert_eq!(TABLE.behaviour, behaviour::GEN_SERVER);
    // SAFETY: the table holds the bytes of two `&'static str`.
    let (name, vsn) = unsafe { (TABLE.name.as_slice(), TABLE.vsn.as_slice()) };
    assert_eq!((name, vsn), (&b"obedient"[..], &b"7"[..]));
}

#[test]
fn init_makes_a_state_or_says_why_not() {
    assert_eq!(Live::new().dump(), "#{count => 5,log => [<<\"started\">>]}");
    let init = |args| enter(TABLE.start, ptr::null_mut(), args);
    assert_eq!(init("ignore").kind, outcome::IGNORE);
    let stop = init("stop");
    assert_eq!(stop.kind, outcome::STOP);
    assert_eq!(text(stop.data), "no_start");
}

#[test]
fn a_call_is_answered_out_of_the_state_that_it_changes() {
    let live = Live::new();
    assert_eq!(live.call("{add,2}"), (outcome::TERM, "7".into()));
    assert_eq!(live.call("{add,2}"), (outcome::TERM, "9".into()));
    assert_eq!(live.dump(), "#{count => 9,log => [<<\"started\">>]}");
    let stop = enter(TABLE.handle_call, live.0, "stop");
    assert_eq!(stop.kind, outcome::STOP_REPLY);
    assert_eq!(
        (text(stop.data), text(stop.second)),
        ("done".into(), "9".into())
    );
    let later = enter(TABLE.handle_call, live.0, "later");
    assert_eq!((later.kind, later.data.len), (outcome::NOREPLY, 0));
}

#[test]
fn a_state_that_was_read_is_the_one_that_was_dumped() {
    let dumped = Live::new().dump();
    let out = enter(TABLE.read_state, ptr::null_mut(), &dumped);
    assert_eq!(out.kind, outcome::STATE);
    let read = Live(out.state);
    assert_eq!(read.dump(), dumped);
    assert_eq!(read.call("{add,1}"), (outcome::TERM, "6".into()));
}

#[test]
fn a_state_of_another_shape_is_a_function_clause() {
    let out = enter(TABLE.read_state, ptr::null_mut(), "#{total => 5}");
    assert_eq!(out.kind, outcome::ERROR);
    assert!(out.state.is_null());
    let why = text(out.data);
    assert!(why.starts_with("{function_clause,"), "{why}");
    assert!(why.contains("total"), "{why}");
}

#[test]
fn a_panic_is_an_error_with_its_message() {
    let out = enter(TABLE.start, ptr::null_mut(), "panic");
    assert_eq!(out.kind, outcome::ERROR);
    assert_eq!(text(out.data), "{panic,<<\"no init of mine\">>}");
    let live = Live::new();
    let panic = "{panic,<<\"no answer\">>}".to_owned();
    assert_eq!(live.call("panic"), (outcome::ERROR, panic));
    assert_eq!(live.call("{add,0}"), (outcome::TERM, "5".into()));
}

#[test]
fn each_class_of_exception_has_an_outcome() {
    let live = Live::new();
    assert_eq!(live.call("error"), (outcome::ERROR, "e".into()));
    assert_eq!(live.call("exit"), (outcome::EXIT, "r".into()));
    assert_eq!(live.call("throw"), (outcome::THROW, "v".into()));
}

#[test]
fn a_request_that_no_clause_takes_is_a_function_clause() {
    let live = Live::new();
    for request in ["{subtract,1}", "{add,one}", "[]", "{add,1,2}"] {
        let (kind, why) = live.call(request);
        assert_eq!(kind, outcome::ERROR, "{request}");
        assert!(why.starts_with("{function_clause,<<\""), "{why}");
    }
    let cast = enter(TABLE.handle_cast, live.0, "{add,1}");
    assert_eq!(cast.kind, outcome::ERROR);
    assert!(text(cast.data).starts_with("{function_clause,"));
    let info = enter(TABLE.handle_info, live.0, "whatever");
    assert_eq!(info.kind, outcome::NOREPLY);
    assert_eq!(live.call("{add,0}"), (outcome::TERM, "5".into()));
}

#[test]
fn code_change_is_told_the_way_and_the_other_version() {
    let node = FakeNode::answering(answer::OK, "ok");
    let change = |down| {
        let out = enter_on(&node, TABLE.code_change, ptr::null_mut(), "state", down);
        (out.kind, text(out.data))
    };
    let up = "{<<\"6\">>,state,extra}".to_owned();
    assert_eq!(change(false), (outcome::TERM, up));
    assert_eq!(change(true), (outcome::FAILED, "<<\"6\">>".into()));
}

#[test]
fn a_trap_reaches_the_node_and_its_answer_the_callback() {
    let live = Live::new();
    let node = FakeNode::answering(answer::OK, "42");
    assert_eq!(text(live.call_on(&node, "send").data), "5");
    assert_eq!(text(live.call_on(&node, "wait").data), "42");
    let asked = [
        format!("{} somebody {{1,2}}", trap::SEND),
        format!("{} somebody 3", trap::CALL),
        format!("{}  nothing", trap::NOW),
    ];
    assert_eq!(*node.asked.borrow(), asked);
}

#[test]
fn a_trap_that_fails_raises_in_the_callback() {
    let live = Live::new();
    let out = live.call_on(&FakeNode::answering(answer::ERROR, "badarg"), "send");
    assert_eq!(
        (out.kind, text(out.data)),
        (outcome::ERROR, "badarg".into())
    );
}

#[test]
fn a_call_that_fails_exits_with_what_it_was() {
    let live = Live::new();
    let out = live.call_on(&FakeNode::answering(answer::EXIT, "noproc"), "wait");
    let why = "{noproc,{gen_server,call,[somebody,3]}}";
    assert_eq!((out.kind, text(out.data)), (outcome::EXIT, why.into()));
}

#[test]
fn a_kill_unwinds_to_the_entry_and_asks_nothing_more_of_the_node() {
    let live = Live::new();
    let drops = DROPS.with_borrow(|drops| *drops);
    let node = FakeNode::answering(answer::KILL, "ok");
    let out = live.call_on(&node, "wait");
    assert_eq!((out.kind, out.data.len), (outcome::KILLED, 0));
    assert_eq!(DROPS.with_borrow(|drops| *drops), drops + 1);
    assert_eq!(node.asked.borrow().len(), 1);
    assert_eq!(live.call_on(&node, "send").kind, outcome::KILLED);
}

/// A plain process that answers one message, and then goes on or not.
#[derive(Serialize, Deserialize)]
struct Loop {
    seen: i64,
}

impl upheaval_module::behaviour::Process for Loop {
    fn run(self, context: &Context) -> Continuation<Self> {
        match context.receive::<i64>() {
            0 => Continuation::Done,
            n => Continuation::Qualified(Loop {
                seen: self.seen + n,
            }),
        }
    }
}

#[test]
fn a_plain_process_goes_on_with_its_state_or_is_done() {
    static LOOP: Table = Table::process::<Loop>("loop", "1");
    assert_eq!(LOOP.behaviour, behaviour::PROCESS);
    let run = |status, message| {
        let node = FakeNode::answering(status, message);
        enter_on(&node, LOOP.run, ptr::null_mut(), "#{seen => 1}", false)
    };
    let on = run(answer::OK, "4");
    assert_eq!(on.kind, outcome::QUALIFIED);
    assert_eq!(text(on.data), "#{seen => 5}");
    assert_eq!(run(answer::OK, "0").kind, outcome::DONE);
    assert_eq!(run(answer::KILL, "4").kind, outcome::KILLED);
    let undef = enter(LOOP.handle_call, ptr::null_mut(), "get");
    assert_eq!(
        (undef.kind, text(undef.data)),
        (outcome::ERROR, "undef".into())
    );
}
