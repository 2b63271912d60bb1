//! The embedded node against real Erlang, in one run, so that the ratios hold.
//! `cargo bench --bench beam`.

use std::time::{Duration, Instant};

use properties::{default_scenario, erl, has_erlang, lab, plan, sample};
use upheaval::history::History;
use upheaval::target::Target;
use upheaval_beam::{Agent, Node as RealNode, Runtime, Session, compile};
use upheaval_node::{Blind, Node, Outcome, Pid, RandomScheduler, Stacks, SystemRequest};
use upheaval_term::Term;

// What the command runs with is what is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PATIENCE: Duration = Duration::from_secs(120);
const ROUNDS: usize = 7;
const CALLS: i64 = 200_000;
const SERVERS: u32 = 10_000;
const OPERATIONS: u32 = 5_000;
const CASES: u32 = 100;

/// A case of module upgrades: requests around four of them, a load, and a purge.
const UPGRADES: &str = "client 1 calls counter {add,1}
    client 2 calls ledger {deposit,<<\"a\">>,5}
    upgrade counter 2
    client 1 calls counter {add,2}
    client 3 asks echo hello
    load ledger 2
    upgrade counter 3
    client 2 calls ledger {withdraw,<<\"a\">>,5}
    load stuck_loop 2
    purge stuck_loop
    upgrade counter 2
    client 1 calls counter get
    client 3 asks stuck hello
    upgrade counter 1";

fn main() {
    if !has_erlang() {
        return;
    }
    let operations = median(control_operations);
    println!(
        "control operations a second over one connection: {:.0} (aim: 5000)",
        f64::from(OPERATIONS) / operations
    );
    let (cases, nodes) = upgrade_cases();
    println!(
        "module-upgrade cases a second on a reused node: {:.0} (aim: 20), {nodes} node given up",
        f64::from(CASES) / cases
    );
    let real = Real::start();
    let (ours, theirs) = (median(embedded_calls), median(|| real.calls()));
    println!(
        "gen_server calls a second: embedded {:.2} M, real {:.2} M, ratio {:.1} (aim: 5)",
        CALLS as f64 / ours / 1e6,
        CALLS as f64 / theirs / 1e6,
        theirs / ours
    );
    let (ours, theirs) = (median(embedded_upgrade), median(|| real.upgrade()));
    println!(
        "upgrade of {SERVERS} servers: embedded {:.1} ms, real {:.1} ms, ratio {:.2} (aim: 0.25)",
        ours * 1e3,
        theirs * 1e3,
        ours / theirs
    );
}

/// The median of several rounds, in seconds.
fn median(mut round: impl FnMut() -> f64) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS).map(|_| round()).collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn timed(body: impl FnOnce()) -> f64 {
    let started = Instant::now();
    body();
    started.elapsed().as_secs_f64()
}

fn or_panic<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

fn control_operations() -> f64 {
    let runtime = or_panic(Runtime::new());
    let node = or_panic(RealNode::start(&erl()));
    let session = or_panic(Session::open(&runtime, &node));
    let modules = or_panic(Agent::compile(&session, node.folder()));
    let mut agent = or_panic(Agent::load(session, &modules));
    timed(|| {
        for _ in 0..OPERATIONS {
            or_panic(agent.ask(Term::atom("clock"), PATIENCE));
        }
    })
}

/// Seconds for all cases, and how many nodes were given up.
fn upgrade_cases() -> (f64, usize) {
    let mut beam = lab(default_scenario()).target();
    let plan = plan(UPGRADES);
    let mut history = History::new();
    // The node boots with the first case.
    or_panic(beam.run(&plan, &mut history));
    let time = timed(|| {
        for _ in 0..CASES {
            history.clear();
            or_panic(beam.run(&plan, &mut history));
        }
    });
    assert!(beam.given_up().is_empty(), "{:?}", beam.given_up());
    (time, beam.given_up().len())
}

fn node() -> Node {
    let mut node = Node::new(Stacks::new(), RandomScheduler::new(1), Blind);
    for (example, module) in [("counter_v1", "counter"), ("bench_caller", "caller")] {
        node.deploy(sample(example, module, "1"));
        or_panic(node.load(module));
    }
    node
}

fn embedded_calls() -> f64 {
    let mut node = node();
    node.start("counter", "counter", &Term::Int(0));
    while node.step() {}
    timed(|| {
        let left = Term::map([(Term::atom("left"), Term::Int(CALLS))]);
        node.spawn("caller", &left);
        while node.step() {}
    })
}

fn embedded_upgrade() -> f64 {
    let mut node = node();
    node.deploy(sample("counter_v2", "counter", "2"));
    let servers: Vec<Pid> = (0..SERVERS)
        .map(|_| node.spawn("counter", &Term::Int(0)))
        .collect();
    while node.step() {}
    timed(|| {
        ask_all(&mut node, &servers, &SystemRequest::Suspend);
        or_panic(node.load("counter"));
        let change = SystemRequest::ChangeCode {
            module: "bench".into(),
            vsn: "1".into(),
            down: false,
            extra: Term::List(Vec::new()),
        };
        ask_all(&mut node, &servers, &change);
        ask_all(&mut node, &servers, &SystemRequest::Resume);
    })
}

/// One after the other, as a release does it.
fn ask_all(node: &mut Node, servers: &[Pid], request: &SystemRequest) {
    for server in servers {
        let tag = node.system(*server, request.clone());
        while node.step() {}
        assert!(matches!(node.take(tag), Some(Outcome::Ok(_))));
    }
}

/// A real node with the benchmarks on it.
struct Real {
    session: Session,
    counters: [Vec<u8>; 2],
    // It ends when this is dropped.
    _node: RealNode,
}

impl Real {
    fn start() -> Real {
        let runtime = or_panic(Runtime::new());
        let node = or_panic(RealNode::start(&erl()));
        let session = or_panic(Session::open(&runtime, &node));
        let compiled = |path: &str| or_panic(compile(&session, &sample_scenarios::erlang(path)));
        let counters = [compiled("counter/v1.erl"), compiled("counter/v2.erl")];
        let real = Real {
            counters,
            _node: node,
            session,
        };
        let bench = or_panic(compile(
            &real.session,
            &sample_scenarios::erlang("bench/bench.erl"),
        ));
        real.load("bench", bench);
        real.load("counter", real.counters[0].clone());
        real
    }

    fn load(&self, module: &'static str, beam: Vec<u8>) {
        let args = vec![Term::atom(module), Term::string(module), Term::binary(beam)];
        let loaded = or_panic(self.session.rpc("code", "load_binary", args, PATIENCE));
        assert!(loaded.as_tuple().is_some(), "{loaded}");
    }

    fn calls(&self) -> f64 {
        self.microseconds("calls", vec![Term::Int(CALLS)])
    }

    fn upgrade(&self) -> f64 {
        let [old, new] = &self.counters;
        let args = vec![
            Term::Int(i64::from(SERVERS)),
            Term::binary(old.clone()),
            Term::binary(new.clone()),
        ];
        let time = self.microseconds("upgrade", args);
        self.load("counter", self.counters[0].clone());
        time
    }

    fn microseconds(&self, function: &'static str, args: Vec<Term>) -> f64 {
        let answer = or_panic(self.session.rpc("bench", function, args, PATIENCE));
        match answer.as_int() {
            Some(microseconds) => microseconds as f64 / 1e6,
            None => panic!("bench:{function} gave {answer}"),
        }
    }
}
