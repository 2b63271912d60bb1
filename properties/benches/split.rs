//! Where the time of a case goes, and how fast a scheduler step is beside shuttle's.
//! `cargo bench --bench split`.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use properties::sample;
use shuttle::scheduler::{RandomScheduler as ShuttleRandom, Schedule, Task, TaskId};
use shuttle::sync::mpsc::channel;
use upheaval::artifact::Artifacts;
use upheaval::history::{Answer, Event, History};
use upheaval::invariant::default_invariants;
use upheaval::plan::case_seed;
use upheaval::run::Runner;
use upheaval::target::{Embedded, Target};
use upheaval::verdict::judge_all;
use upheaval_node::{Blind, Node, RandomScheduler, Stacks};
use upheaval_term::Term;

// What the command runs with is what is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CASES: u64 = 5_000;
const TASKS: u64 = 5;
const HANDOVERS: u64 = 100;
const ROUNDS: u64 = 5_000;

fn main() {
    split();
    steps();
}

/// A case on one thread, by what is done.
fn split() {
    let Some(scenario) = sample_scenarios::find(sample_scenarios::DEFAULT) else {
        panic!("there is no default scenario");
    };
    let artifacts = match Artifacts::of(&scenario) {
        Ok(artifacts) => artifacts,
        Err(error) => panic!("{error}"),
    };
    let mut target = Embedded::new(scenario.clone(), artifacts);
    let runner = Runner::new(scenario.clone());
    let invariants = default_invariants();
    let mut history = History::new();
    let mut again = History::new();
    let [
        mut drawing,
        mut running,
        mut writing,
        mut hashing,
        mut checking,
    ] = [Duration::ZERO; 5];
    let mut of_each = vec![Duration::ZERO; invariants.len()];
    for case in 0..CASES {
        let seed = case_seed(0, case);
        let mut plan = None;
        drawing += timed(|| plan = Some(runner.plan(seed)));
        let Some(plan) = plan else { return };
        history.clear();
        running += timed(|| {
            if let Err(error) = target.run(&plan, &mut history) {
                panic!("{error}");
            }
        });
        again.clear();
        writing += timed(|| write_again(&history, &mut again));
        hashing += timed(|| {
            black_box(history.digest());
        });
        checking += timed(|| {
            black_box(judge_all(&invariants, &scenario, &history));
        });
        for (invariant, spent) in invariants.iter().zip(&mut of_each) {
            *spent += timed(|| {
                black_box(invariant.judge(&scenario, &history));
            });
        }
    }
    let whole = drawing + running + hashing + checking;
    let line = |what: &str, spent: Duration| {
        println!(
            "{what:>28} {:>8.2} {:>6.1} %",
            spent.as_secs_f64() * 1e6 / CASES as f64,
            100.0 * spent.as_secs_f64() / whole.as_secs_f64()
        );
    };
    println!(
        "default cases on one thread: {:.0} a second (aim: 10000), microseconds each:",
        CASES as f64 / whole.as_secs_f64()
    );
    line("drawing the plan", drawing);
    line("running", running.saturating_sub(writing));
    line("recording", writing);
    line("digest", hashing);
    line("checking (aim: half at most)", checking);
    for (invariant, spent) in invariants.iter().zip(&of_each) {
        line(invariant.name(), *spent);
    }
}

/// Appends a history's events and its longest terms to another: what it costs to record.
fn write_again(history: &History, again: &mut History) {
    for event in history.events() {
        let data = match *event {
            Event::Sent { payload, .. } => Some(payload),
            Event::OpEnds { result } => Some(result),
            Event::Answered {
                answer: Answer::Reply(data) | Answer::Exit(data),
                ..
            } => Some(data),
            _ => None,
        };
        if let Some(data) = data {
            black_box(again.data(history.bytes(data)));
        }
        again.push(*event);
    }
}

/// Five tasks that hand a number on in a circle, a hundred times.
fn steps() {
    let (ours, our_steps) = ours();
    let (theirs, their_steps) = theirs();
    let rate = |what: u64, spent: Duration| what as f64 / spent.as_secs_f64();
    println!("{TASKS} tasks, {HANDOVERS} hand-overs:");
    for (name, spent, steps) in [
        ("upheaval", ours, our_steps),
        ("shuttle", theirs, their_steps),
    ] {
        println!(
            "{name:>10}: {:>10.0} steps a second, {:>9.0} hand-overs a second, {:.1} steps each",
            rate(steps, spent),
            rate(ROUNDS * HANDOVERS, spent),
            steps as f64 / (ROUNDS * HANDOVERS) as f64,
        );
    }
    println!(
        "{:.1} times shuttle's steps (aim: 2), {:.1} times its hand-overs",
        rate(our_steps, ours) / rate(their_steps, theirs),
        theirs.as_secs_f64() / ours.as_secs_f64(),
    );
}

/// A fresh node for each round, as shuttle has fresh tasks.
fn ours() -> (Duration, u64) {
    let ring = sample("bench_ring", "ring", "1");
    let stacks = Stacks::new();
    let args = Term::map([
        (Term::atom("tasks"), Term::Int(TASKS as i64)),
        (Term::atom("left"), Term::Int(HANDOVERS as i64)),
        (Term::atom("next"), Term::atom("undefined")),
    ]);
    let mut steps = 0;
    let spent = timed(|| {
        for round in 0..ROUNDS {
            let mut node = Node::new(stacks.clone(), RandomScheduler::new(round), Blind);
            node.deploy(ring);
            if let Err(error) = node.load("ring") {
                panic!("{error}");
            }
            node.spawn("ring", &args);
            while node.step() {
                steps += 1;
            }
        }
    });
    assert!(steps >= ROUNDS * HANDOVERS, "the ring went round");
    (spent, steps)
}

fn theirs() -> (Duration, u64) {
    let steps = Arc::new(AtomicU64::new(0));
    let scheduler = Counting {
        inner: ShuttleRandom::new_from_seed(1, ROUNDS as usize),
        steps: Arc::clone(&steps),
    };
    let runner = shuttle::Runner::new(scheduler, shuttle::Config::default());
    let spent = timed(|| {
        runner.run(|| {
            let (senders, receivers): (Vec<_>, Vec<_>) = (0..TASKS).map(|_| channel()).unzip();
            let first = senders[0].clone();
            let tasks: Vec<_> = (receivers.into_iter().enumerate())
                .map(|(place, receiver)| {
                    let next = senders[(place + 1) % TASKS as usize].clone();
                    shuttle::thread::spawn(move || {
                        while let Ok(left) = receiver.recv() {
                            if left > 0 {
                                // The last round finds the receivers gone.
                                let _ = next.send(left - 1);
                            }
                            if left < TASKS {
                                break;
                            }
                        }
                    })
                })
                .collect();
            let _ = first.send(HANDOVERS);
            for task in tasks {
                let _ = task.join();
            }
        });
    });
    (spent, steps.load(Ordering::Relaxed))
}

/// Counts the choices of a scheduler.
struct Counting {
    inner: ShuttleRandom,
    steps: Arc<AtomicU64>,
}

impl shuttle::scheduler::Scheduler for Counting {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.inner.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.steps.fetch_add(1, Ordering::Relaxed);
        self.inner.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}

fn timed(body: impl FnOnce()) -> Duration {
    let started = Instant::now();
    body();
    started.elapsed()
}
