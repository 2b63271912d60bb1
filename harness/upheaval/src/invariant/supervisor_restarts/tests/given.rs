//! What its callback module gave, and what it is asked.

use super::*;

/// A supervisor that was told what it supervises: `a`, `b` and a temporary `c`.
fn told(flags: &str) -> Story {
    let spec = |name: &str, rest: &str| {
        format!("#{{id => {name},start => {{counter,start_link,[{name},0]}}{rest}}}")
    };
    let specs = [
        spec("a", ""),
        spec("b", ",restart => transient"),
        spec("c", ",restart => temporary"),
    ];
    let mut story = Story::new();
    story
        .spawned(SUP)
        .registered(SUP, "top")
        .supervises(SUP, &format!("{{ok,{{{flags},[{}]}}}}", specs.join(",")));
    start(&mut story, 2, SUP, "a");
    start(&mut story, 3, SUP, "b");
    start(&mut story, 4, SUP, "c");
    story
}

const ONE_FOR_ALL: &str = "#{strategy => one_for_all}";

#[test]
fn what_a_callback_module_gave_is_what_a_supervisor_is_judged_by() {
    let mut story = told("#{}");
    story.exited(2, "killed").rested();
    assert_eq!(
        violation(1, &story).message,
        "top (process 1) did not start a (permanent) again after process 2 exited"
    );
}

#[test]
fn d05_a_restart_of_all_children_counts_once() {
    let mut story = told(ONE_FOR_ALL);
    story
        .exited(2, "killed")
        .exited(4, "shutdown")
        .exited(3, "shutdown");
    start(&mut story, 5, SUP, "a");
    start(&mut story, 6, SUP, "b").rested();
    assert!(matches!(judge(1, &story), Judgement::Held { .. }));
}

#[test]
fn d05_two_restarts_of_all_children_are_two() {
    let mut story = told(ONE_FOR_ALL);
    story.exited(2, "killed").exited(3, "shutdown");
    start(&mut story, 5, SUP, "a");
    start(&mut story, 6, SUP, "b");
    story.exited(5, "killed").exited(6, "shutdown");
    start(&mut story, 7, SUP, "a").rested();
    assert_eq!(
        violation(1, &story).message,
        "top (process 1) made 2 restarts within 0 ms, though it bears 1 in 5 s"
    );
}

#[test]
fn d05_a_temporary_sibling_that_comes_back_is_a_violation() {
    let mut story = told(ONE_FOR_ALL);
    story.exited(2, "killed").exited(4, "shutdown");
    start(&mut story, 5, SUP, "a");
    start(&mut story, 6, SUP, "c");
    assert_eq!(
        violation(1, &story).message,
        "c (temporary) was started again as process 6 though process 4 of it ended normally"
    );
}

/// The harness tells the supervisor something, which it begins to do.
fn asks<'a>(story: &'a mut Story, message: u32, request: &str) -> &'a mut Story {
    story
        .sent(crate::history::Carrier::Call, message, 0, SUP, request)
        .received(message, SUP)
}

#[test]
fn a_child_that_is_terminated_by_request_stays_dead() {
    let mut story = told("#{}");
    asks(&mut story, 1, "{terminate_child,a}").exited(2, "shutdown");
    story.replied(1).rested();
    assert!(matches!(judge(1, &story), Judgement::Held { .. }));
}

#[test]
fn one_that_exits_while_another_is_terminated_is_owed_a_restart() {
    let mut story = told("#{}");
    asks(&mut story, 1, "{terminate_child,b}")
        .exited(2, "killed")
        .exited(3, "shutdown");
    story.replied(1).rested();
    assert_eq!(
        violation(1, &story).message,
        "top (process 1) did not start a (permanent) again after process 2 exited"
    );
}

#[test]
fn a_terminated_child_that_comes_back_unasked_is_a_violation() {
    let mut story = told("#{}");
    asks(&mut story, 1, "{terminate_child,a}").exited(2, "shutdown");
    story.replied(1);
    start(&mut story, 5, SUP, "a");
    assert!(matches!(judge(1, &story), Judgement::Violated(_)));
}

#[test]
fn what_a_request_starts_is_no_restart() {
    let mut story = told("#{intensity => 0}");
    asks(&mut story, 1, "{terminate_child,a}").exited(2, "shutdown");
    story.replied(1);
    asks(&mut story, 2, "{restart_child,a}");
    start(&mut story, 5, SUP, "a").replied(2).rested();
    assert!(matches!(judge(1, &story), Judgement::Held { .. }));
}

#[test]
fn what_a_request_has_not_started_may_end_after_the_answer() {
    let restart = |reply: &str| {
        let mut story = told("#{}");
        asks(&mut story, 1, "{terminate_child,a}").exited(2, "shutdown");
        story.replied(1);
        asks(&mut story, 2, "{restart_child,a}");
        start(&mut story, 5, SUP, "a")
            .replied(2)
            .got_reply(2, reply);
        story.exited(5, "killed").rested();
        story
    };
    let refused = restart("{error,killed}");
    assert!(matches!(judge(1, &refused), Judgement::Held { .. }));
    assert_eq!(
        violation(1, &restart("{ok,<0.5.0>}")).message,
        "top (process 1) did not start a (permanent) again after process 5 exited"
    );
}

#[test]
fn a_child_that_was_added_is_judged_like_the_others() {
    let mut story = told("#{}");
    asks(
        &mut story,
        1,
        "{start_child,#{id => d,start => {counter,start_link,[d,0]}}}",
    );
    start(&mut story, 5, SUP, "d").replied(1);
    story.exited(5, "killed").rested();
    assert_eq!(
        violation(1, &story).message,
        "top (process 1) did not start d (permanent) again after process 5 exited"
    );
}

#[test]
fn d06_a_supervisor_may_end_with_a_significant_child_and_only_then() {
    let spec = "#{id => s,start => {m,start_link,[s,0]},restart => transient,significant => true}";
    for (flags, reason, holds) in [
        ("#{auto_shutdown => any_significant}", "normal", true),
        ("#{auto_shutdown => any_significant}", "killed", false),
        ("#{}", "normal", false),
    ] {
        let mut story = Story::new();
        story
            .spawned(SUP)
            .supervises(SUP, &format!("{{ok,{{{flags},[{spec}]}}}}"));
        start(&mut story, 2, SUP, "s");
        story.exited(2, reason).exited(SUP, "shutdown").rested();
        let held = matches!(judge(1, &story), Judgement::Held { .. });
        assert_eq!(held, holds, "{flags} {reason}");
    }
}

#[test]
fn b13_a_child_that_is_no_longer_named_is_still_supervised() {
    let mut story = told("#{}");
    story.supervises(
        SUP,
        "{ok,{#{},[#{id => b,start => {counter,start_link,[b,0]}}]}}",
    );
    story.exited(2, "killed").rested();
    assert_eq!(
        violation(1, &story).message,
        "top (process 1) did not start a (permanent) again after process 2 exited"
    );
}

#[test]
fn a_supervisor_under_another_is_judged_on_its_own() {
    let mut story = told("#{}");
    story.child(5, SUP, "x").registered(5, "inner").supervises(
        5,
        "{ok,{#{},[#{id => e,start => {counter,start_link,[e,0]}}]}}",
    );
    start(&mut story, 6, 5, "e");
    story.exited(6, "killed").rested();
    assert_eq!(
        violation(1, &story).message,
        "inner (process 5) did not start e (permanent) again after process 6 exited"
    );
}
