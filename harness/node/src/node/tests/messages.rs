//! Sending, and what a call comes to (E3, E7).

use super::probe::Bench;

#[test]
fn e03_a_message_to_a_name_that_nobody_has_is_badarg() {
    let mut bench = Bench::new();
    bench.probe("a");
    let answer = bench.tell("a", "{send,nobody,hello}");
    assert!(answer.starts_with("exit {badarg,"), "{answer}");
}

#[test]
fn e03_a_message_to_a_dead_pid_is_lost_in_silence() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    bench.probe("a");
    bench.tell("b", "{exit,normal}");
    let answer = bench.tell("a", &format!("{{send,{},hello}}", b.term()));
    assert_eq!(answer, "ok");
}

#[test]
fn e01_messages_of_one_sender_arrive_in_order() {
    let mut bench = Bench::new();
    let b = bench.probe("b");
    bench.probe("a");
    for n in 1..=5 {
        bench.tell("a", &format!("{{send,{},{n}}}", b.term()));
    }
    assert_eq!(bench.seen("b"), "[1,2,3,4,5]");
}

#[test]
fn e07_a_call_to_nobody_ends_with_noproc() {
    let mut bench = Bench::new();
    assert_eq!(bench.tell("nobody", "seen"), "exit noproc");
}

#[test]
fn e07_a_call_whose_server_ends_gets_its_reason() {
    let mut bench = Bench::new();
    bench.probe("a");
    assert_eq!(bench.tell("a", "{exit,crash}"), "exit crash");
}
