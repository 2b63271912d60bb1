//! Processes that stall.

use upheaval_term::Term;

use super::probe::Bench;
use crate::SystemRequest;

#[test]
fn a_frozen_process_takes_its_messages_in_order_once_it_is_thawed() {
    let mut bench = Bench::new();
    let (a, b) = (bench.probe("a"), bench.probe("b"));
    assert!(bench.node.freeze(a));
    for n in 1..=3 {
        bench.tell("b", &format!("{{send,a,{n}}}"));
    }
    bench.rest();
    let seen = bench.node.inspect(a).unwrap();
    assert!(seen.frozen);
    assert_eq!((seen.queued, bench.node.state(a)), (3, None));
    assert!(bench.node.thaw(a));
    assert_eq!(bench.seen("a"), "[1,2,3]");
    assert!(bench.node.is_alive(b));
}

#[test]
fn to_freeze_the_frozen_and_to_thaw_the_others_changes_nothing() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    assert!(!bench.node.thaw(a));
    assert!(bench.node.freeze(a));
    assert!(!bench.node.freeze(a));
    assert!(bench.node.thaw(a));
    bench.node.exit_signal(a, &Term::atom("kill"));
    bench.rest();
    assert!(!bench.node.freeze(a));
}

#[test]
fn e02_an_exit_signal_ends_a_frozen_process_unless_it_traps_exits() {
    let mut bench = Bench::new();
    let (a, b) = (bench.probe("a"), bench.probe("b"));
    bench.tell("b", "{trap_exit,true}");
    for pid in [a, b] {
        bench.node.freeze(pid);
        bench.node.exit_signal(pid, &Term::atom("normal"));
        bench.node.exit_signal(pid, &Term::atom("bye"));
    }
    bench.rest();
    assert!(!bench.node.is_alive(a));
    assert_eq!(bench.node.inspect(b).map(|seen| seen.queued), Some(2));
    bench.node.exit_signal(b, &Term::atom("kill"));
    bench.rest();
    assert!(!bench.node.is_alive(b));
}

#[test]
fn b05_what_sys_asks_of_a_frozen_process_takes_effect_once_it_is_thawed() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    bench.node.freeze(a);
    let tag = bench.node.system(a, SystemRequest::Suspend);
    bench.rest();
    assert_eq!(bench.node.take(tag), None);
    assert!(!bench.node.inspect(a).unwrap().suspended);
    bench.node.thaw(a);
    bench.rest();
    assert!(bench.node.inspect(a).unwrap().suspended);
}

#[test]
fn a_timer_of_a_frozen_process_goes_off_once_it_is_thawed() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    bench.tell("a", "{send_after,50,ring}");
    bench.node.freeze(a);
    bench.node.advance(100, 100);
    assert_eq!(bench.node.inspect(a).map(|seen| seen.queued), Some(1));
    bench.node.thaw(a);
    assert_eq!(bench.seen("a"), "[ring]");
}

#[test]
fn a_wait_that_is_over_while_frozen_is_over_whatever_has_come_meanwhile() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    bench.probe("b");
    bench.tell("a", "{timeout,50}");
    bench.node.freeze(a);
    bench.tell("b", "{send,a,late}");
    bench.node.advance(100, 100);
    bench.node.thaw(a);
    assert_eq!(bench.seen("a"), "[timeout,late]");
}
