use upheaval_term::Term;

use super::SupervisorRestarts;
use crate::history::Carrier::Cast;
use crate::history::story::Story;
use crate::invariant::{Invariant, Judgement, Violation};
use crate::scenario::{Process, Restart, Scenario, Supervision};

mod given;

const SUP: u32 = 1;

/// Three children, in start order: `perm`, `trans` and `temp`.
fn scenario(intensity: u32) -> Scenario {
    let args: Term = "[]".parse().expect("a term");
    let process = |name: &str| Process::new(name, "counter", args.clone());
    let mut scenario = Scenario::new("test", "")
        .process(process("perm").supervised(Restart::Permanent))
        .process(process("loose"))
        .process(process("trans").supervised(Restart::Transient))
        .process(process("temp").supervised(Restart::Temporary));
    scenario.supervision = Supervision {
        name: "sup".into(),
        intensity,
        period: 5,
        ..Supervision::default()
    };
    scenario
}

/// The supervisor with `perm` (process 2), `trans` (3) and `temp` (4).
fn story() -> Story {
    let mut story = Story::new();
    tree(&mut story, SUP);
    story
}

/// A supervisor with its three children, the next process ids after its own.
fn tree(story: &mut Story, sup: u32) {
    story.spawned(sup).registered(sup, "sup");
    start(story, sup + 1, sup, "perm");
    start(story, sup + 2, sup, "trans");
    start(story, sup + 3, sup, "temp");
}

fn start<'a>(story: &'a mut Story, process: u32, sup: u32, name: &str) -> &'a mut Story {
    story
        .child(process, sup, "counter")
        .registered(process, name)
}

fn judge(intensity: u32, story: &Story) -> Judgement {
    SupervisorRestarts.judge(&scenario(intensity), story.history())
}

fn violation(intensity: u32, story: &Story) -> Violation {
    match judge(intensity, story) {
        Judgement::Violated(violation) => violation,
        other => panic!("expected a violation, got {other:?}"),
    }
}

#[track_caller]
fn assert_holds(intensity: u32, story: &Story, checked: u64) {
    assert_eq!(judge(intensity, story), Judgement::Held { checked });
}

#[test]
fn a_tree_in_which_nothing_exits_holds_and_saw_nothing() {
    let mut story = story();
    story.rested();
    assert_holds(1, &story, 0);
}

#[test]
fn a_permanent_child_that_is_restarted_after_any_exit_holds() {
    for reason in ["normal", "shutdown", "{shutdown,a}", "killed", "boom"] {
        let mut story = story();
        start(story.exited(2, reason), 5, SUP, "perm").rested();
        assert_holds(1, &story, 1);
    }
}

#[test]
fn a_permanent_child_that_stays_dead_is_a_violation() {
    for reason in ["normal", "shutdown", "killed"] {
        let mut story = story();
        story.exited(2, reason).rested();
        let violation = violation(1, &story);
        assert_eq!(
            violation.message,
            "sup (process 1) did not start perm (permanent) again after process 2 exited"
        );
        assert_eq!(violation.at, story.last());
        assert_eq!(violation.evidence, [story.last() - 1, story.last()]);
    }
}

#[test]
fn a_transient_child_stays_dead_after_a_normal_end() {
    for reason in ["normal", "shutdown", "{shutdown,a}"] {
        let mut story = story();
        story.exited(3, reason).rested();
        assert_holds(1, &story, 1);
    }
}

#[test]
fn a_transient_child_that_stays_dead_after_an_abnormal_exit_is_a_violation() {
    let mut story = story();
    story.exited(3, "killed").rested();
    assert_eq!(
        violation(1, &story).message,
        "sup (process 1) did not start trans (transient) again after process 3 exited"
    );
}

#[test]
fn a_transient_child_that_is_restarted_after_a_normal_end_is_a_violation() {
    for reason in ["normal", "shutdown", "{shutdown,a}"] {
        let mut story = story();
        start(story.exited(3, reason), 5, SUP, "trans");
        assert_eq!(
            violation(1, &story).message,
            "trans (transient) was started again as process 5 though process 3 of it ended normally"
        );
    }
}

#[test]
fn a_temporary_child_that_stays_dead_holds() {
    let mut story = story();
    story.exited(4, "killed").rested();
    assert_holds(0, &story, 1);
}

#[test]
fn a_temporary_child_that_is_restarted_is_a_violation() {
    let mut story = story();
    start(story.exited(4, "killed"), 5, SUP, "temp");
    assert_eq!(
        violation(1, &story).message,
        "temp (temporary) was started again as process 5 though process 4 of it exited"
    );
}

#[test]
fn a_child_that_is_started_while_it_is_alive_is_a_violation() {
    let mut story = story();
    start(&mut story, 5, SUP, "perm");
    assert_eq!(
        violation(1, &story).message,
        "perm (permanent) was started again as process 5 while process 2 of it was alive"
    );
}

#[test]
fn a_process_that_nobody_supervises_is_not_judged() {
    let mut story = story();
    story
        .spawned(5)
        .registered(5, "loose")
        .exited(5, "killed")
        .rested();
    assert_holds(1, &story, 0);
}

#[test]
fn a_child_that_is_restarted_only_when_its_supervisor_is_resumed_holds() {
    let mut story = story();
    story
        .suspended(SUP)
        .exited(2, "killed")
        .clock(9000)
        .resumed(SUP);
    start(&mut story, 5, SUP, "perm").rested();
    assert_holds(1, &story, 1);
}

#[test]
fn more_restarts_within_the_period_than_it_bears_are_a_violation() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm");
    let first = story.last() - 1;
    start(story.clock(4000).exited(5, "killed"), 6, SUP, "perm");
    let violation = violation(1, &story);
    assert_eq!(
        violation.message,
        "sup (process 1) made 2 restarts within 4000 ms, though it bears 1 in 5 s"
    );
    assert_eq!(violation.at, story.last() - 1);
    assert_eq!(violation.evidence, [first, violation.at]);
}

#[test]
fn restarts_that_rounding_may_have_put_into_two_periods_hold() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm");
    start(story.clock(4001).exited(5, "killed"), 6, SUP, "perm").rested();
    assert_holds(1, &story, 2);
}

#[test]
fn d04_a_restart_that_hangs_was_counted_when_it_began() {
    let mut story = story();
    story.exited(2, "killed").clock(6000);
    start(&mut story, 5, SUP, "perm");
    start(story.exited(5, "killed"), 6, SUP, "perm").rested();
    assert_holds(1, &story, 2);
}

#[test]
fn as_many_restarts_as_it_bears_hold() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm");
    start(story.exited(3, "killed"), 6, SUP, "trans");
    start(story.exited(5, "killed"), 7, SUP, "perm").rested();
    assert_holds(3, &story, 3);
}

#[test]
fn a_supervisor_that_gives_up_above_its_intensity_holds() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm").exited(5, "killed");
    story
        .exited(4, "shutdown")
        .exited(3, "shutdown")
        .exited(SUP, "shutdown")
        .rested();
    // The restart, the end of the temporary and the transient child, and the
    // giving up.
    assert_holds(1, &story, 4);
}

#[test]
fn what_a_supervisor_counted_before_its_children_stopped_holds() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm")
        .clock(6000)
        .exited(5, "killed")
        .clock(8000)
        .exited(4, "shutdown")
        .exited(3, "shutdown")
        .exited(SUP, "shutdown")
        .rested();
    assert_holds(1, &story, 4);
}

#[test]
fn d07_a_child_that_is_killed_as_it_takes_too_long_to_stop_is_not_the_cause_to_give_up() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm")
        .clock(6000)
        .exited(5, "killed")
        .exited(4, "shutdown")
        .clock(11_000)
        .exited(3, "killed")
        .exited(SUP, "shutdown")
        .rested();
    assert_holds(1, &story, 3);
}

#[test]
fn a_supervisor_that_gives_up_too_early_is_a_violation() {
    let mut story = story();
    story.exited(2, "killed");
    let exit = story.last();
    story
        .exited(4, "shutdown")
        .exited(3, "shutdown")
        .exited(SUP, "shutdown");
    let violation = violation(1, &story);
    assert_eq!(
        violation.message,
        "sup (process 1) gave up after 0 restarts in 6 s, with one more to make, though it \
         bears 1 in 5 s"
    );
    assert_eq!(violation.evidence, [exit, story.last()]);
}

#[test]
fn a_supervisor_that_gives_up_without_any_exit_is_a_violation() {
    let mut story = story();
    story
        .exited(4, "shutdown")
        .exited(3, "normal")
        .exited(2, "normal")
        .exited(SUP, "shutdown");
    violation(1, &story);
}

#[test]
fn a_supervisor_that_gives_up_for_restarts_long_ago_is_a_violation() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm")
        .clock(6001)
        .exited(5, "killed");
    story
        .exited(4, "shutdown")
        .exited(3, "shutdown")
        .exited(SUP, "shutdown");
    violation(1, &story);
}

#[test]
fn a_supervisor_that_gives_up_for_restarts_that_rounding_may_count_holds() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm")
        .clock(6000)
        .exited(5, "killed");
    story
        .exited(4, "shutdown")
        .exited(3, "shutdown")
        .exited(SUP, "shutdown")
        .rested();
    assert_holds(1, &story, 4);
}

#[test]
fn d04_an_exit_before_the_last_restart_is_counted_right_after_it() {
    let mut story = story();
    story.exited(2, "killed");
    start(&mut story, 5, SUP, "perm");
    story.clock(5000).exited(3, "killed").exited(5, "killed");
    // It is giving up by now, and has not come to stop anybody.
    start(&mut story, 6, SUP, "trans").clock(6001);
    story.exited(4, "shutdown").exited(6, "shutdown");
    story.exited(SUP, "shutdown").rested();
    assert!(matches!(judge(2, &story), Judgement::Held { .. }));
    assert!(violation(3, &story).message.contains("gave up after 2"));
}

#[test]
fn a_temporary_exit_is_no_cause_to_give_up() {
    let mut story = story();
    story
        .exited(4, "killed")
        .exited(3, "normal")
        .exited(2, "shutdown")
        .exited(SUP, "shutdown");
    violation(1, &story);
}

#[test]
fn a_supervisor_that_leaves_a_child_alive_when_it_gives_up_is_a_violation() {
    let mut story = story();
    story
        .exited(2, "killed")
        .exited(4, "shutdown")
        .exited(SUP, "shutdown");
    assert_eq!(
        violation(0, &story).message,
        "sup (process 1) gave up and left trans (transient) alive as process 3"
    );
}

#[test]
fn children_that_are_stopped_in_start_order_are_a_violation() {
    let mut story = story();
    story
        .exited(2, "killed")
        .exited(3, "shutdown")
        .exited(4, "shutdown")
        .exited(SUP, "shutdown");
    let violation = violation(0, &story);
    assert_eq!(
        violation.message,
        "sup (process 1) gave up and stopped trans (transient) before temp (temporary), which \
         started later"
    );
    assert_eq!(violation.at, story.last() - 1);
}

#[test]
fn a_child_that_ended_shutdown_before_the_cause_to_give_up_is_not_out_of_order() {
    let mut story = story();
    story
        .exited(3, "shutdown")
        .exited(2, "killed")
        .exited(4, "shutdown")
        .exited(SUP, "shutdown");
    story.rested();
    assert_holds(0, &story, 3);
}

#[test]
fn a_child_that_made_the_supervisor_give_up_by_ending_shutdown_is_not_out_of_order() {
    let mut story = story();
    story
        .exited(2, "shutdown")
        .exited(4, "shutdown")
        .exited(3, "shutdown");
    story.exited(SUP, "shutdown").rested();
    assert_holds(0, &story, 3);
}

#[test]
fn a_child_that_ended_shutdown_while_the_supervisor_was_suspended_is_not_out_of_order() {
    let mut story = story();
    story
        .suspended(SUP)
        .exited(2, "killed")
        .exited(3, "shutdown")
        .resumed(SUP);
    story.exited(4, "shutdown").exited(SUP, "shutdown").rested();
    assert_holds(0, &story, 3);
}

#[test]
fn a_child_that_handled_a_message_meanwhile_may_have_ended_out_of_turn() {
    let mut story = story();
    story
        .spawned(9)
        .sent(Cast, 1, 9, 3, "stop")
        .exited(2, "killed");
    story
        .received(1, 3)
        .exited(3, "shutdown")
        .exited(4, "shutdown");
    story.exited(SUP, "shutdown").rested();
    assert_holds(0, &story, 3);
}

#[test]
fn a_child_that_exits_after_its_supervisor_is_not_judged() {
    let mut story = story();
    story
        .exited(SUP, "killed")
        .exited(2, "killed")
        .exited(4, "killed")
        .rested();
    assert_holds(1, &story, 0);
}

#[test]
fn a_supervisor_at_its_limit_may_wait_at_rest_for_a_child_to_end() {
    let mut story = story();
    story
        .exited(2, "killed")
        .exited(4, "shutdown")
        .rested()
        .alive(3, 1);
    assert_holds(0, &story, 1);
}

#[test]
fn a_supervisor_below_its_limit_has_no_child_to_wait_for() {
    let mut story = story();
    story
        .exited(2, "killed")
        .exited(4, "shutdown")
        .rested()
        .alive(3, 1);
    violation(1, &story);
}

#[test]
fn a_supervisor_whose_restarts_are_long_ago_has_no_child_to_wait_for() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm")
        .clock(6001)
        .exited(5, "killed");
    story.rested().alive(4, 1);
    violation(1, &story);
}

#[test]
fn a_supervisor_does_not_wait_for_a_child_with_an_empty_mailbox() {
    let mut story = story();
    story
        .exited(2, "killed")
        .exited(4, "shutdown")
        .rested()
        .alive(3, 0)
        .alive(SUP, 1);
    violation(0, &story);
}

#[test]
fn a_killed_supervisor_owes_no_restart() {
    let mut story = story();
    story
        .exited(2, "killed")
        .exited(SUP, "killed")
        .exited(3, "killed")
        .rested();
    assert_holds(1, &story, 0);
}

#[test]
fn a_supervisor_started_by_hand_begins_with_no_restarts_to_its_account() {
    let mut story = story();
    start(story.exited(2, "killed"), 5, SUP, "perm");
    story
        .exited(SUP, "killed")
        .exited(5, "killed")
        .exited(3, "killed")
        .exited(4, "killed");
    tree(&mut story, 10);
    start(story.exited(11, "killed"), 14, 10, "perm").rested();
    assert_holds(1, &story, 2);
}

#[test]
fn a_supervisor_started_by_hand_owes_restarts_like_the_first() {
    let mut story = story();
    story.exited(SUP, "killed");
    tree(&mut story, 10);
    story.exited(11, "killed").rested();
    assert_eq!(
        violation(1, &story).message,
        "sup (process 10) did not start perm (permanent) again after process 11 exited"
    );
}

#[test]
fn every_attempt_to_restart_counts() {
    let mut story = story();
    story
        .exited(2, "killed")
        .child(5, SUP, "counter")
        .exited(5, "boom");
    start(&mut story, 6, SUP, "perm");
    assert_eq!(
        violation(1, &story).message,
        "sup (process 1) made 2 restarts within 0 ms, though it bears 1 in 5 s"
    );
    story.rested();
    assert_holds(2, &story, 2);
}

#[test]
fn a_supervisor_that_gives_up_over_failed_attempts_holds() {
    let mut story = story();
    story
        .exited(2, "killed")
        .child(5, SUP, "counter")
        .exited(5, "boom");
    story
        .exited(4, "shutdown")
        .exited(3, "shutdown")
        .exited(SUP, "shutdown")
        .rested();
    assert_holds(1, &story, 4);
}

/// A supervisor that bears one restart ends with so many notes to itself.
fn gives_up_after_notes(notes: u32) -> Story {
    let mut story = story();
    story.exited(2, "killed");
    for note in 1..=notes {
        story
            .sent(Cast, note, SUP, SUP, "{try_again_restart,perm}")
            .received(note, SUP);
    }
    story
        .exited(4, "shutdown")
        .exited(3, "shutdown")
        .exited(SUP, "shutdown")
        .rested();
    story
}

#[test]
fn d04_a_restart_that_starts_no_process_counts_by_the_note_to_try_again() {
    assert_holds(1, &gives_up_after_notes(1), 3);
}

#[test]
fn d04_a_supervisor_that_gives_up_after_too_few_notes_to_try_again_is_a_violation() {
    assert_eq!(
        violation(1, &gives_up_after_notes(0)).message,
        "sup (process 1) gave up after 0 restarts in 6 s, with one more to make, though it \
         bears 1 in 5 s"
    );
}

#[test]
fn a_failed_attempt_that_is_not_tried_again_is_a_violation() {
    let mut story = story();
    story
        .exited(2, "killed")
        .child(5, SUP, "counter")
        .exited(5, "boom")
        .rested();
    violation(1, &story);
}

#[test]
fn an_attempt_that_ends_normally_without_a_name_may_have_been_ignored() {
    let mut story = story();
    story
        .exited(2, "killed")
        .child(5, SUP, "counter")
        .exited(5, "normal")
        .rested();
    assert_holds(1, &story, 2);
}

#[test]
fn a_child_that_never_takes_a_name_stands_for_the_missing_one() {
    let mut story = story();
    story.exited(2, "killed").child(5, SUP, "counter").rested();
    assert_holds(1, &story, 1);
}

#[test]
fn a_history_that_did_not_come_to_rest_is_inconclusive() {
    let mut story = story();
    story.exited(2, "killed");
    let reason = "the run never came to rest".into();
    assert_eq!(judge(1, &story), Judgement::Inconclusive { reason });
}

#[test]
fn a_wrong_restart_is_a_violation_even_in_an_abandoned_history() {
    let mut story = story();
    start(story.exited(4, "killed"), 5, SUP, "temp").abandoned("too_long");
    violation(1, &story);
}

#[test]
fn c12_a_supervisor_that_ends_with_its_node_owes_no_restart() {
    let mut story = story();
    story.exited(2, "oops").restarted();
    for process in [SUP, 3, 4] {
        story.exited(process, "killed");
    }
    tree(&mut story, 5);
    story.rested();
    assert!(matches!(judge(1, &story), Judgement::Held { .. }));
}
