use crate::history::story::Story;
use crate::history::{Data, Event, History, Moved, ProcessId};

#[test]
fn every_kind_of_event_prints_as_one_line() {
    let story = Story::of_every_kind();
    let expected = "    0  loaded counter 1
    1  process<1> spawned
    2  process<1> registered as sup
    3  process<2> spawned by sup<1> to run counter
    4  process<2> registered as counter
    5  counter<2> entered counter 1
    6  process<3> spawned
    7  op 1 begins
    8  process<3> called counter<2>: #1 {add,5}
    9  op 1 ends: ok
   10  counter<2> received #1 {add,5} in counter 1
   11  counter<2> replied to #1 {add,5}
   12  process<3> got 5 for #1 {add,5}
   13  op 2 begins
   14  loaded counter 2
   15  counter<2> suspended
   16  counter<2> code_change from counter 1 to 2: {count,5} became {total,5}
   17  counter<2> entered counter 2
   18  counter<2> resumed
   19  purged counter 1, 0 killed
   20  op 2 ends: ok
   21  clock 5000 ms
   22  process<3> cast to nobody: #2 reset
   23  counter<2> sent to process<3>: #3 tick
   24  process<3> received #3 tick
   25  process<3> asked counter<2>: #4 get
   26  process<3> got a timeout for #4 get
   27  counter<2> code_change from counter 2 to 1: {total,5} failed to convert
   28  counter<2> met in counter 1 a state of 2 that it cannot read: {total,5}
   29  counter<2> exited killed
   30  process<3> called nobody: #5 get
   31  process<3> got exit noproc for #5 get
   32  at rest
   33  process<3> is alive, 0 queued
   34  process<4> spawned by sup<1> to run counter
   35  process<4> is alive in counter 1, state {count,0}, 0 queued
   36  process<4> has two timers of its own that send tick
   37  process<4> monitors counter twice
   38  process<5> registered as other
   39  other<5> is registered as other no more
   40  abandoned: too_long
";
    assert_eq!(story.history().print(), expected);
}

#[test]
fn a_process_has_its_name_from_when_it_takes_it() {
    let mut story = Story::new();
    story
        .spawned(1)
        .suspended(1)
        .registered(1, "counter")
        .resumed(1);
    let text = story.history().print();
    assert!(text.contains("process<1> suspended"), "{text}");
    assert!(text.contains("counter<1> resumed"), "{text}");
}

#[test]
fn bytes_that_are_no_term_print_as_bytes() {
    let mut history = History::new();
    let reason: Data = history.data(&[255, 0]);
    let process = ProcessId(1);
    history.push(Event::Exited { process, reason });
    assert_eq!(history.print(), "    0  process<1> exited [255, 0]\n");
}

#[test]
fn a_message_that_nobody_sent_prints_by_its_number() {
    let mut story = Story::new();
    story.received(9, 1).replied(9).timed_out(9);
    assert_eq!(
        story.history().print(),
        "    0  process<1> received #9\n    1  nobody replied to #9\n    2  nobody got a timeout for #9\n"
    );
}

#[test]
fn logical_times_of_a_long_history_stay_in_line() {
    let mut history = History::new();
    for ms in 0..10_001 {
        history.push(Event::Clock { ms });
    }
    let text = history.print();
    assert!(text.starts_with("     0  clock 0 ms\n"));
    assert!(text.ends_with(" 10000  clock 10000 ms\n"));
}

#[test]
fn what_is_for_a_machine_or_a_manager_prints_in_words_of_its_own() {
    use crate::history::Carrier::{Manage, Notify};
    let mut story = Story::new();
    story.sent(Notify, 1, 1, 2, "tick").postponed(1, 2);
    story.sent(Manage, 2, 1, 2, "which_handlers");
    assert_eq!(
        story.history().print(),
        "    0  process<1> notified process<2>: #1 tick\n    \
         1  process<2> postponed #1 tick\n    \
         2  process<1> requested of process<2>: #2 which_handlers\n"
    );
}

#[test]
fn what_an_op_is_prints_under_it() {
    let mut story = Story::new();
    story.spawned(1).registered(1, "counter");
    story.upgrades(Moved::Module, "counter", "2");
    story.upgrades(Moved::Application, "shop", "2");
    story.upgrades(Moved::Release, "shop", "2");
    story.upgrades(Moved::Nothing, "shop", "2");
    story.fault(1).fault(None).damaged("counter", "2");
    let text = story.history().print();
    let lines: Vec<&str> = text.lines().skip(2).map(|line| &line[7..]).collect();
    assert_eq!(
        lines,
        [
            "module counter is moved to 2",
            "application shop is moved to 2",
            "release 2 of shop is installed",
            "release 2 of shop is made permanent",
            "the plan makes a fault at counter<1>",
            "the plan makes a fault",
            "the artifact of counter 2 is damaged",
        ]
    );
}

#[test]
fn a_name_at_rest_prints_only_where_it_is_another_than_was_taken() {
    let mut story = Story::new();
    story.registered(1, "counter");
    story
        .alive(1, 0)
        .alive_as(1, None)
        .alive_as(1, Some("till"));
    let text = story.history().print();
    let lines: Vec<&str> = text.lines().skip(1).map(|line| &line[7..]).collect();
    assert_eq!(
        lines,
        [
            "counter<1> is alive, 0 queued",
            "counter<1> is alive, 0 queued, registered no more",
            "counter<1> is alive, 0 queued, registered as till",
        ]
    );
}
