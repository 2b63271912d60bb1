//! One seed, one history; and the choices of one run, made again.

use std::cell::RefCell;
use std::rc::Rc;

use crate::{RandomScheduler, RecordingScheduler, ReplayScheduler, Scheduler};

use super::probe::Bench;

/// Two probes that are sent messages at the same time; gives all that happened.
fn traffic(scheduler: impl Scheduler + 'static) -> Vec<String> {
    let mut bench = Bench::with(scheduler);
    let pids = [bench.probe("a"), bench.probe("b"), bench.probe("c")];
    for _ in 0..10 {
        for (place, pid) in pids.iter().enumerate() {
            let to = ["b", "c", "a"][place];
            bench.hand(to, &format!("{{send,{},hello}}", pid.term()));
            bench.node.step();
        }
    }
    bench.rest();
    bench.events()
}

#[test]
fn the_same_seed_gives_the_same_history() {
    assert_eq!(
        traffic(RandomScheduler::new(7)),
        traffic(RandomScheduler::new(7))
    );
}

#[test]
fn another_seed_gives_another_history() {
    assert_ne!(
        traffic(RandomScheduler::new(7)),
        traffic(RandomScheduler::new(8))
    );
}

#[test]
fn recorded_choices_give_the_same_history_again() {
    let recorder = Rc::new(RefCell::new(RecordingScheduler::new(RandomScheduler::new(
        7,
    ))));
    let recorded = traffic(Rc::clone(&recorder));
    let choices = recorder.borrow().choices().to_vec();
    let replayer = Rc::new(RefCell::new(ReplayScheduler::new(choices)));
    assert_eq!(traffic(Rc::clone(&replayer)), recorded);
    assert!(!replayer.borrow().diverged());
}

#[test]
fn choices_that_cannot_be_made_again_are_noticed() {
    let replayer = Rc::new(RefCell::new(ReplayScheduler::new(Vec::new())));
    traffic(Rc::clone(&replayer));
    assert!(replayer.borrow().diverged());
}
