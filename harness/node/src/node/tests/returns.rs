//! What a server's callback can want to happen next: timeout, hibernate, continue.

use crate::SystemRequest;

use super::probe::Bench;

/// A probe that waits for 100 ms, and has waited for 60 of them.
fn waiting() -> (Bench, crate::Pid) {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    bench.tell("a", "{timeout,100}");
    bench.node.advance(60, 1000);
    (bench, a)
}

#[test]
fn b09_a_timeout_comes_when_no_message_did_and_only_once() {
    let (mut bench, _) = waiting();
    bench.node.advance(39, 1000);
    bench.node.advance(1, 1000);
    bench.node.advance(1000, 1000);
    assert_eq!(bench.seen("a"), "[timeout]");
}

#[test]
fn b09_a_message_ends_the_wait_for_a_timeout() {
    let (mut bench, _) = waiting();
    assert_eq!(bench.seen("a"), "[]");
    bench.node.advance(1000, 1000);
    assert_eq!(bench.seen("a"), "[]");
}

#[test]
fn b09_a_system_message_starts_the_whole_timeout_anew() {
    let (mut bench, a) = waiting();
    bench.system(a, SystemRequest::GetState);
    bench.node.advance(99, 1000);
    assert_eq!(bench.system(a, SystemRequest::GetState), "#{seen => []}");
    bench.node.advance(100, 1000);
    assert_eq!(bench.seen("a"), "[timeout]");
}

#[test]
fn b09_no_timeout_comes_while_the_server_is_suspended_and_a_whole_one_after() {
    let (mut bench, a) = waiting();
    bench.system(a, SystemRequest::Suspend);
    bench.node.advance(10_000, 1000);
    bench.system(a, SystemRequest::Resume);
    bench.node.advance(99, 1000);
    bench.system(a, SystemRequest::Suspend);
    assert_eq!(bench.system(a, SystemRequest::GetState), "#{seen => []}");
    bench.system(a, SystemRequest::Resume);
    bench.node.advance(100, 1000);
    assert_eq!(bench.seen("a"), "[timeout]");
}

#[test]
fn b09_a_timeout_of_nothing_comes_at_once_but_not_before_what_is_in_the_mailbox() {
    let mut bench = Bench::new();
    bench.probe("a");
    bench.tell("a", "{timeout,0}");
    assert_eq!(bench.seen("a"), "[timeout]");
    bench.tell("a", "{send_and_timeout,hello,0}");
    assert_eq!(bench.seen("a"), "[timeout,hello]");
}

#[test]
fn a_server_that_hibernates_goes_on_with_the_next_message() {
    let mut bench = Bench::new();
    let a = bench.probe("a");
    assert_eq!(bench.tell("a", "hibernate"), "ok");
    let seen = bench.node.inspect(a).expect("it is there");
    assert!(!seen.blocked, "it has no stack (A5)");
    bench.system(a, SystemRequest::Suspend);
    bench.system(a, SystemRequest::Resume);
    assert_eq!(bench.seen("a"), "[]");
}

#[test]
fn a_continue_runs_before_what_is_in_the_mailbox() {
    let mut bench = Bench::new();
    bench.probe_with("a", "{continue,first}");
    assert_eq!(bench.seen("a"), "[{continued,first},sent_in_init]");
}

#[test]
fn a_continue_can_continue() {
    let mut bench = Bench::new();
    bench.probe("a");
    bench.tell("a", "{continue,2}");
    assert_eq!(
        bench.seen("a"),
        "[{continued,2},{continued,1},{continued,0},2,1]"
    );
}
