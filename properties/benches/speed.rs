//! How fast the node and the harness are. `cargo bench`.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use properties::sample;
use upheaval::artifact::Artifacts;
use upheaval::run::{Recheck, Runner};
use upheaval::target::Embedded;
use upheaval_module::abi::{Answer, Bytes, Call, Host, Outcome, Trap};
use upheaval_node::{Blind, Node, RandomScheduler, Stacks};
use upheaval_term::Term;

// What the command runs with is what is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CALLS: i64 = 100_000;
const CASES: u64 = 500;

fn main() {
    divan::main();
}

/// A server, called by a process of another module.
#[divan::bench(sample_count = 20)]
fn calls(bencher: Bencher) {
    let mut node = node();
    node.start("counter", "counter", &Term::Int(0));
    while node.step() {}
    bencher
        .counter(ItemsCount::new(CALLS as u64))
        .bench_local(|| {
            node.spawn(
                "caller",
                &Term::map([(Term::atom("left"), Term::Int(CALLS))]),
            );
            while node.step() {}
        });
}

/// Two processes of a module, sending each other messages.
#[divan::bench(sample_count = 20)]
fn messages(bencher: Bencher) {
    let mut node = node();
    bencher
        .counter(ItemsCount::new(CALLS as u64))
        .bench_local(|| {
            node.spawn(
                "pinger",
                &Term::map([(Term::atom("left"), Term::Int(CALLS))]),
            );
            while node.step() {}
        });
}

/// The limit: the server's callback, called through its function pointer.
#[divan::bench(sample_count = 20)]
fn callback_alone(bencher: Bencher) {
    let table = sample("counter_v1", "counter", "1").table();
    let host = Host {
        context: std::ptr::null_mut(),
        trap: no_trap,
        process: 1,
    };
    let zero = upheaval_term::encode(&Term::Int(0));
    let add = upheaval_term::encode(&Term::tuple([Term::atom("add"), Term::Int(1)]));
    let call = |state, data: &[u8]| Call {
        state,
        data: Bytes::of(data),
        extra: Bytes::EMPTY,
        vsn: Bytes::EMPTY,
        down: false,
        from: 1,
        reference: 1,
        event: 0,
        mode: 0,
    };
    let mut outcome = Outcome::of(0);
    // SAFETY: all three pointers are to live values, and `start` takes no state.
    unsafe { (table.start)(&host, &call(std::ptr::null_mut(), &zero), &mut outcome) };
    let add = call(outcome.state, &add);
    bencher
        .counter(ItemsCount::new(CALLS as u64))
        .bench_local(|| {
            for _ in 0..CALLS {
                // SAFETY: as above, and the state is the one that `start` made.
                unsafe { (table.handle_call)(&host, black_box(&add), &mut outcome) };
            }
        });
}

/// Cases of the default scenario, with history, digest and invariants.
/// On one thread, and on two.
#[divan::bench(sample_count = 20, args = [1, 2])]
fn default_cases(bencher: Bencher, threads: usize) {
    let Some(scenario) = sample_scenarios::find(sample_scenarios::DEFAULT) else {
        panic!("there is no default scenario");
    };
    let artifacts = match Artifacts::of(&scenario) {
        Ok(artifacts) => artifacts,
        Err(error) => panic!("{error}"),
    };
    let target = || Embedded::new(scenario.clone(), artifacts.clone());
    // Each case once: what is measured is a case.
    let runner = Runner::new(scenario.clone()).recheck(Recheck::percent(0));
    bencher.counter(ItemsCount::new(CASES)).bench_local(|| {
        if let Err(error) = runner.run_on_threads(threads, target, 0, CASES, |_| ()) {
            panic!("{error}");
        }
    });
}

fn node() -> Node {
    let mut node = Node::new(Stacks::new(), RandomScheduler::new(1), Blind);
    for (example, module) in [
        ("counter_v1", "counter"),
        ("bench_caller", "caller"),
        ("bench_pinger", "pinger"),
    ] {
        node.deploy(sample(example, module, "1"));
        if let Err(error) = node.load(module) {
            panic!("{error}");
        }
    }
    node
}

unsafe extern "C" fn no_trap(_: *mut std::ffi::c_void, _: *const Trap, answer: *mut Answer) {
    // SAFETY: the ABI demands a valid pointer for writing.
    unsafe { *answer = Answer::of(upheaval_module::abi::answer::NOTHING) };
}
