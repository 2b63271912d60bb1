//! Systems on real nodes that never come to rest: they are given up, and what there is to
//! tell of them does not grow for ever.

use properties::{lab, run_plan_on};
use upheaval::invariant::{ComesToRest, Invariant, Judgement};

use crate::needs_erlang;

/// What waits for a system goes on for so many events, and by then another part of a second
/// has gone by; there are three such waits here.
const MOST_EVENTS: usize = 1_000_000;

#[test]
fn a08_who_goes_round_in_circles_is_given_up_by_what_it_has_done() {
    needs_erlang!();
    let Some(scenario) = sample_scenarios::find("bug_old_request") else {
        panic!("there is no bug old_request");
    };
    let story = run_plan_on(
        &mut lab(scenario.clone()).target(),
        "load votes 2\n\
         client 1 casts votes {vote,<<\"ada\">>}\n\
         advance 6000 ms\n\
         advance 6000 ms",
    );
    match ComesToRest.judge(&scenario, story.history()) {
        Judgement::Violated(violation) => assert!(
            violation
                .message
                .contains("votes (process 2) goes round in circles"),
            "{}",
            violation.message
        ),
        // A machine can be so busy that what was traced outgrows what a node may tell.
        Judgement::Inconclusive { reason } if reason.contains("announced a message") => {}
        other => panic!("{other:?}"),
    }
    let events = story.history().events().len();
    assert!(events < MOST_EVENTS, "{events}");
}
