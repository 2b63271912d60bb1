//! Virtual time: timers, timeouts, and a suspended server (B1, B10, E5).

use crate::{Outcome, SystemRequest};

use super::probe::Bench;

#[test]
fn time_stands_still_unless_it_is_moved() {
    let mut bench = Bench::new();
    bench.probe("a");
    assert_eq!(bench.tell("a", "now"), "0");
    bench.node.advance(1500, 1000);
    assert_eq!(bench.tell("a", "now"), "1500");
}

#[test]
fn a_timer_fires_when_it_is_due_and_not_before() {
    let mut bench = Bench::new();
    bench.probe("a");
    bench.tell("a", "{send_after,100,ding}");
    bench.node.advance(99, 1000);
    assert_eq!(bench.seen("a"), "[]");
    bench.node.advance(1, 1000);
    assert_eq!(bench.seen("a"), "[ding]");
}

#[test]
fn timers_fire_in_the_order_in_which_they_are_due() {
    let mut bench = Bench::new();
    bench.probe("a");
    bench.tell("a", "{send_after,200,late}");
    bench.tell("a", "{send_after,100,early}");
    bench.node.advance(1000, 1000);
    assert_eq!(bench.seen("a"), "[early,late]");
}

#[test]
fn a_cancelled_timer_tells_what_was_left_and_does_not_fire() {
    let mut bench = Bench::new();
    bench.probe("a");
    let timer = bench.tell("a", "{send_after,100,ding}");
    bench.node.advance(40, 1000);
    assert_eq!(bench.tell("a", &format!("{{cancel_timer,{timer}}}")), "60");
    assert_eq!(
        bench.tell("a", &format!("{{cancel_timer,{timer}}}")),
        "false"
    );
    bench.node.advance(1000, 1000);
    assert_eq!(bench.seen("a"), "[]");
}

#[test]
fn b10_a_call_that_times_out_while_its_server_is_suspended_is_executed_after_resume() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    let suspended = bench.node.system(a, SystemRequest::Suspend);
    bench.rest();
    assert!(matches!(bench.node.take(suspended), Some(Outcome::Ok(_))));
    bench.hand("a", "{send_after,0,ghost}");
    bench.rest();
    bench.node.advance(5000, 1000);
    bench.node.system(a, SystemRequest::Resume);
    bench.rest();
    bench.node.advance(1, 1000);
    assert_eq!(bench.seen("a"), "[ghost]");
    let timeouts = bench.events();
    let timeouts = timeouts.iter().filter(|event| event.contains("Timeout"));
    assert_eq!(timeouts.count(), 1, "the client had given up");
}
