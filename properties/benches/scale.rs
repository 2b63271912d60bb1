//! How the embedded node scales with the number of its processes.
//! `cargo bench --bench scale`.

use std::time::Instant;

use properties::sample;
use upheaval_node::{Blind, Node, Outcome, Pid, RandomScheduler, Stacks, SystemRequest};
use upheaval_term::Term;

// What the command runs with is what is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 4] = [1, 100, 10_000, 100_000];
const MANY: usize = 100_000;
const ROUNDS: usize = 5;
/// Of small numbers several are upgraded, so that there is something to measure.
const LEAST: usize = 10_000;

fn main() {
    // First, while the heap is untouched.
    println!(
        "memory of an idle server: {:.2} KB (aim: 2.7)",
        memory_of_an_idle_server() / 1024.0
    );
    println!("suspend, load, code_change and resume, one after the other as a release does:");
    println!("{:>9} {:>12} {:>14}", "servers", "ms", "ns a server");
    for size in SIZES {
        let time = median(|| upgrade(size));
        println!(
            "{size:>9} {:>12.3} {:>14.0}",
            time * 1e3,
            time * 1e9 / size as f64
        );
    }
    println!("(aim: 10000 servers in 30 ms)");
    println!(
        "purge with {MANY} idle processes, nobody lingering: {:.3} ms",
        median(purge) * 1e3
    );
    println!(
        "spawn and exit of a process: {:.0} ns",
        median(spawn_and_exit) * 1e9 / MANY as f64
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

fn node() -> Node {
    let mut node = Node::new(Stacks::new(), RandomScheduler::new(1), Blind);
    deploy(&mut node, "counter_v1", "1");
    load(&mut node);
    node
}

fn deploy(node: &mut Node, example: &str, vsn: &str) {
    node.deploy(sample(example, "counter", vsn));
}

fn load(node: &mut Node) {
    if let Err(error) = node.load("counter") {
        panic!("{error}");
    }
}

fn servers(node: &mut Node, how_many: usize) -> Vec<Pid> {
    let servers = (0..how_many)
        .map(|_| node.spawn("counter", &Term::Int(0)))
        .collect();
    while node.step() {}
    servers
}

/// The seconds that one upgrade takes.
fn upgrade(size: usize) -> f64 {
    let rounds = (LEAST / size).max(1);
    let change = SystemRequest::ChangeCode {
        module: "counter".into(),
        vsn: "1".into(),
        down: false,
        extra: Term::List(Vec::new()),
    };
    let round = || {
        let mut node = node();
        let servers = servers(&mut node, size);
        deploy(&mut node, "counter_v2", "2");
        timed(|| {
            ask_all(&mut node, &servers, &SystemRequest::Suspend);
            load(&mut node);
            ask_all(&mut node, &servers, &change);
            ask_all(&mut node, &servers, &SystemRequest::Resume);
        })
    };
    (0..rounds).map(|_| round()).sum::<f64>() / rounds as f64
}

fn ask_all(node: &mut Node, servers: &[Pid], request: &SystemRequest) {
    for server in servers {
        let tag = node.system(*server, request.clone());
        while node.step() {}
        assert!(matches!(node.take(tag), Some(Outcome::Ok(_))));
    }
}

fn purge() -> f64 {
    let mut node = node();
    servers(&mut node, MANY);
    deploy(&mut node, "counter_v2", "2");
    load(&mut node);
    timed(|| assert!(!node.purge("counter"), "nobody lingers"))
}

fn spawn_and_exit() -> f64 {
    let mut node = node();
    timed(|| {
        for _ in 0..MANY {
            let server = node.spawn("counter", &Term::Int(0));
            while node.step() {}
            node.exit_signal(server, &Term::atom("shutdown"));
            while node.step() {}
            assert!(!node.is_alive(server));
        }
    })
}

/// By what the process takes of the machine, so that what the module itself allocates
/// is counted, too.
fn memory_of_an_idle_server() -> f64 {
    let mut node = node();
    // What is allocated once is there already.
    servers(&mut node, 1_000);
    let before = resident();
    servers(&mut node, MANY);
    (resident() - before) / MANY as f64
}

/// Bytes of this process that lie in memory.
fn resident() -> f64 {
    let statm = match std::fs::read_to_string("/proc/self/statm") {
        Ok(statm) => statm,
        Err(error) => panic!("failed to read /proc/self/statm: {error}"),
    };
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    let pages: f64 = pages.unwrap_or_else(|| panic!("/proc/self/statm holds {statm:?}"));
    pages * 4096.0
}
