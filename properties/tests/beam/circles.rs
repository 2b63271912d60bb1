//! Systems on real nodes that never come to rest: they are given up, and what there is to
//! tell of them does not grow for ever.

use properties::{lab, run_plan_on};
use upheaval::invariant::{ComesToRest, Invariant, Judgement};

use crate::needs_erlang;

/// Of a case no more events are kept on the node; each makes two in the history at most.
const MOST_EVENTS: usize = 200_000;

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
    let Judgement::Violated(violation) = ComesToRest.judge(&scenario, story.history()) else {
        panic!("nobody goes round in circles");
    };
    let circles = "votes (process 2) goes round in circles";
    assert!(violation.message.contains(circles), "{}", violation.message);
    let events = story.history().events().len();
    assert!(events < MOST_EVENTS, "{events}");
}
