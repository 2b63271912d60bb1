//! What servers hold twice, of what they begin without being asked for it.

use upheaval_term::Term;

use super::probe::Bench;
use crate::{Pid, SystemRequest, Twice};

fn timer(message: &'static str) -> Twice {
    Twice::Timer(upheaval_term::encode(&Term::atom(message)))
}

/// A probe that has begun in `init` what it holds.
fn bench(begins: &str) -> (Bench, Pid) {
    let mut bench = Bench::new();
    let a = bench.probe_with("a", &format!("{{hold,{begins}}}"));
    (bench, a)
}

#[test]
fn two_timers_that_were_asked_for_are_not_held_twice() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    bench.tell("a", "{send_after,100,ding}");
    bench.tell("a", "{send_after,200,ding}");
    assert_eq!(bench.node.held_twice(a), []);
}

#[test]
fn a_timer_that_runs_since_init_and_is_begun_again_is_held_twice() {
    let (mut bench, a) = bench("tick");
    assert_eq!(bench.node.held_twice(a), []);
    bench.tell("a", "{send_after,200,tick}");
    assert_eq!(bench.node.held_twice(a), [timer("tick")]);
}

#[test]
fn timers_with_other_messages_are_others() {
    let (mut bench, a) = bench("tick");
    bench.tell("a", "{send_after,200,tock}");
    assert_eq!(bench.node.held_twice(a), []);
}

#[test]
fn a_timer_that_was_cancelled_or_has_fired_is_held_no_more() {
    let (mut bench, a) = bench("tick");
    let timer = bench.tell("a", "{send_after,2000,tick}");
    bench.tell("a", &format!("{{cancel_timer,{timer}}}"));
    assert_eq!(bench.node.held_twice(a), []);
    bench.tell("a", "{send_after,2000,tick}");
    // The one of init comes first, and is not begun anew.
    bench.node.advance(1000, 1000);
    assert_eq!(bench.seen("a"), "[tick]");
    assert_eq!(bench.node.held_twice(a), []);
}

#[test]
fn a_timer_that_is_begun_again_as_its_message_is_handled_is_still_that_of_init() {
    let (mut bench, a) = bench("{again,5000}");
    bench.node.advance(1000, 1000);
    assert_eq!(bench.seen("a"), "[{again,5000}]");
    assert_eq!(bench.node.held_twice(a), []);
    bench.tell("a", "{send_after,9000,{again,5000}}");
    let [Twice::Timer(_)] = bench.node.held_twice(a)[..] else {
        panic!("{:?}", bench.node.held_twice(a));
    };
    // That it is suspended meanwhile changes nothing.
    bench.system(a, SystemRequest::Suspend);
    assert_eq!(bench.node.held_twice(a).len(), 1);
}

#[test]
fn a_timer_for_each_request_may_be_begun_again_and_again() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    for _ in 0..2 {
        bench.tell("a", "{send_after,100,{again,5000}}");
    }
    bench.node.advance(100, 1000);
    assert_eq!(bench.seen("a"), "[{again,5000},{again,5000}]");
    assert_eq!(bench.node.held_twice(a), []);
}

#[test]
fn a_timer_for_somebody_else_is_another() {
    let (mut bench, a) = bench("tick");
    let b = bench.probe("b");
    bench.tell("a", &format!("{{send_to_after,100,{},tick}}", b.term()));
    assert_eq!(bench.node.held_twice(a), []);
    assert_eq!(bench.node.held_twice(b), []);
    // Nor is somebody else's for it one of its own.
    bench.tell("b", &format!("{{send_to_after,100,{},tick}}", a.term()));
    assert_eq!(bench.node.held_twice(a), []);
    assert_eq!(bench.node.held_twice(b), []);
}

#[test]
fn two_monitors_that_were_asked_for_are_not_held_twice() {
    let mut bench = Bench::new();
    let (a, b) = (bench.probe("a"), bench.probe("b"));
    for _ in 0..2 {
        bench.tell("a", &format!("{{monitor,{}}}", b.term()));
    }
    assert_eq!(bench.node.held_twice(a), []);
}

#[test]
fn a_monitor_that_is_there_since_init_and_is_begun_again_is_held_twice() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    let a = bench.probe_with("a", &format!("{{hold,{}}}", b.term()));
    let monitor = bench.tell("a", &format!("{{monitor,{}}}", b.term()));
    assert_eq!(bench.node.held_twice(a), [Twice::Monitor(b)]);
    bench.tell("a", &format!("{{demonitor,{monitor}}}"));
    assert_eq!(bench.node.held_twice(a), []);
    bench.tell("a", &format!("{{monitor,{}}}", b.term()));
    bench.tell("b", "{exit,normal}");
    assert_eq!(bench.node.held_twice(a), [], "who has ended is not watched");
}
