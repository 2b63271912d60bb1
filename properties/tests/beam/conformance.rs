//! The embedded node against real Erlang, one test for each difference that was
//! found on the way; and whether what is not compared has to be left out.

use properties::{artifacts, default_scenario, embedded, lab, on_beam, plan};
use upheaval::conformance::{Conformance, as_compared, compare, moments};
use upheaval::history::Event;
use upheaval::scenario::Scenario;
use upheaval::target::Watched;
use upheaval_node::Flaw;

use crate::needs_erlang;

fn scenario() -> Scenario {
    as_compared(&default_scenario())
}

pub(crate) fn both() -> Conformance {
    let scenario = scenario();
    let artifacts = artifacts(&scenario);
    Conformance::new(scenario.clone(), artifacts, lab(scenario))
}

fn agree(ops: &str) {
    match both().difference(&plan(ops)) {
        Ok(None) => {}
        Ok(Some(difference)) => panic!("{difference}"),
        Err(error) => panic!("{error}"),
    }
}

/// A plan on both targets, the embedded one by the other's clock.
fn watch(ops: &str) -> (Watched, Watched) {
    let scenario = scenario();
    let plan = plan(ops);
    let real = match on_beam(&scenario, |beam| beam.watch(&plan)) {
        Ok(real) => real,
        Err(error) => panic!("{error}"),
    };
    match embedded(&scenario).watch(&plan, &real.clock, 0) {
        Ok(embedded) => (embedded, real),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_server_that_runs_is_not_spawned_a_second_time_to_find_that_out() {
    needs_erlang!();
    agree("start sup\nstart stray\nkill stray\nstart stray");
}

#[test]
fn a_call_with_the_default_timeout_does_not_name_it_in_its_exit() {
    needs_erlang!();
    agree(
        "suspend counter\n\
         client 1 calls ledger {deposit,<<\"a\">>,1}\n\
         advance 6000 ms",
    );
}

#[test]
fn a02_what_a_load_that_purges_kills_is_restarted() {
    needs_erlang!();
    agree(
        "load stuck_loop 2\nreload stuck_loop 1\n\
         load stuck_loop 2\nload_binary stuck_loop 1\n\
         load_binary echo_loop 1\nload_binary echo_loop 1",
    );
}

#[test]
fn b01_a_suspended_server_keeps_its_messages_and_handles_them_in_order() {
    needs_erlang!();
    agree(
        "suspend counter\n\
         client 1 calls counter {add,1}\n\
         client 2 casts counter {add,2}\n\
         client 3 calls ledger {deposit,<<\"a\">>,3}\n\
         suspend counter\n\
         upgrade counter 2\n\
         client 1 calls counter get\n\
         resume counter\n\
         resume counter",
    );
}

#[test]
fn b05_a_plain_process_answers_no_system_message() {
    needs_erlang!();
    agree("suspend stuck\nresume echo\nkill stuck\nsuspend stuck");
}

#[test]
fn d04_a_supervisor_gives_up_and_is_started_again_by_hand() {
    needs_erlang!();
    agree(
        "kill counter\nkill counter\nkill counter\nkill counter\n\
         client 1 calls counter get\n\
         kill counter\nsuspend counter\nupgrade counter 2\n\
         start sup\n\
         client 1 calls counter get",
    );
}

#[test]
fn e07_a_crash_in_a_callback_has_the_same_reason() {
    needs_erlang!();
    agree(
        "client 1 calls counter {frobnicate,1}\n\
         client 2 calls counter get\n\
         client 3 casts counter {frobnicate,1}\n\
         client 2 calls counter get",
    );
}

#[test]
fn e01_whether_a_caller_or_its_supervisor_hears_first_is_left_open() {
    needs_erlang!();
    // The ledger waits for the counter, whose end is one restart too many: it hears
    // of that end, or is stopped by its supervisor first.
    agree(
        "kill counter\nkill stuck\nkill counter\nsuspend counter\n\
         client 1 calls ledger {deposit,<<\"c\">>,1}\n\
         kill counter",
    );
}

#[test]
fn e01_the_order_of_signals_decides_and_so_other_schedules_have_to_be_tried() {
    let fates = fates_of_the_ledger(
        "kill counter\nkill stuck\nkill counter\nsuspend counter\n\
         client 1 calls ledger {deposit,<<\"c\">>,1}\n\
         kill counter",
    );
    // On its own schedule the caller hears first; on others the supervisor does.
    assert!(fates[0].starts_with("{killed,"), "{}", fates[0]);
    assert!(fates.iter().any(|fate| fate == "shutdown"), "{fates:?}");
}

#[test]
fn e01_one_may_be_late_by_all_the_steps_that_others_take() {
    // Before the supervisor stops the ledger, it stops two others.
    let text = "kill counter\nkill stuck\nsuspend counter\n\
                load_binary echo_loop 1\nload_binary echo_loop 1\n\
                client 1 calls ledger {deposit,<<\"c\">>,0}\n\
                kill counter | seed 0x6ef5e95b";
    let fates = fates_of_the_ledger(text);
    assert!(
        fates.iter().any(|fate| fate.starts_with("{killed,")),
        "{fates:?}"
    );
    assert!(fates.iter().any(|fate| fate == "shutdown"), "{fates:?}");
}

/// How the ledger ends in the last op, on each schedule of the embedded node.
fn fates_of_the_ledger(text: &str) -> Vec<String> {
    let scenario = scenario();
    let plan = plan(text);
    let mut embedded = embedded(&scenario);
    let mut fates: Vec<String> = Vec::new();
    for schedule in 0..64 {
        let watched = match embedded.watch(&plan, &[], schedule) {
            Ok(watched) => watched,
            Err(error) => panic!("{error}"),
        };
        let moments = moments(&watched);
        let last = moments
            .last()
            .map(|moment| &moment.lines[..])
            .unwrap_or_default();
        let fate = last.iter().find(|line| line.what == "exit of ledger#1");
        fates.extend(fate.map(|line| line.value.clone()));
    }
    fates
}

#[test]
fn a02_a_load_that_purges_takes_old_code_away_in_which_nobody_lingers() {
    needs_erlang!();
    agree(
        "load ledger 2\nload_binary ledger 1\nload ledger 2\nreload ledger 1\n\
         reload spare 1\nload_binary spare 2\npurge spare\nload spare 1",
    );
}

#[test]
fn the_frames_of_a_stack_differ_and_are_not_compared() {
    needs_erlang!();
    let (embedded, real) = watch("client 1 calls counter {frobnicate,1}");
    let reason = |watched: &Watched| {
        let history = &watched.history;
        let reason = history.events().iter().find_map(|event| match event {
            Event::Exited { reason, .. } => Some(history.term(*reason).to_string()),
            _ => None,
        });
        reason.unwrap_or_default()
    };
    assert!(
        reason(&embedded).contains("function_clause"),
        "{}",
        reason(&embedded)
    );
    assert!(
        reason(&real).contains("function_clause"),
        "{}",
        reason(&real)
    );
    assert_ne!(reason(&embedded), reason(&real));
    assert_eq!(compare(&embedded, &real), None);
}

#[test]
fn the_times_differ_and_are_not_compared() {
    needs_erlang!();
    let (embedded, real) = watch("client 1 calls counter get\nsuspend stuck\nadvance 20 ms");
    let clock = |watched: &Watched| {
        let events = watched.history.events().iter();
        events
            .filter(|event| matches!(event, Event::Clock { .. }))
            .copied()
            .collect::<Vec<_>>()
    };
    assert_ne!(clock(&embedded), clock(&real));
    assert_eq!(compare(&embedded, &real), None);
}

#[test]
fn the_order_in_which_one_purge_kills_is_left_open_and_not_compared() {
    needs_erlang!();
    let (embedded, mut real) = watch("load stuck_loop 2\npurge stuck_loop");
    let exits: Vec<usize> = (0..real.history.events().len())
        .filter(|at| matches!(real.history.events()[*at], Event::Exited { .. }))
        .collect();
    assert_eq!(exits.len(), 2, "the stuck one and the stray");
    // The other order is as good (A10).
    let before = real.history.clone();
    real.history.clear();
    let mut events = before.events().to_vec();
    events.swap(exits[0], exits[1]);
    let mut swapped = upheaval::history::History::new();
    for name in before.names() {
        swapped.symbol(name);
    }
    for event in events {
        let event = match event {
            Event::Exited { process, reason } => Event::Exited {
                process,
                reason: swapped.data(before.bytes(reason)),
            },
            Event::OpEnds { result } => Event::OpEnds {
                result: swapped.data(before.bytes(result)),
            },
            Event::OpBegins { .. } | Event::Registered { .. } | Event::Spawned { .. } => event,
            _ => continue,
        };
        swapped.push(event);
    }
    let order = |history: &upheaval::history::History| -> Vec<u32> {
        history
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::Exited { process, .. } => Some(process.0),
                _ => None,
            })
            .collect()
    };
    assert_ne!(order(&swapped), order(&before));
    real.history = swapped;
    assert_eq!(compare(&embedded, &real), None);
}

#[test]
fn a_pid_in_a_result_is_the_name_of_whom_it_stands_for() {
    needs_erlang!();
    let (embedded, _) = watch("kill stray\nstart stray");
    let moments = moments(&embedded);
    let result = moments[1].lines.iter().find(|line| line.what == "result");
    assert_eq!(
        result.map(|line| line.value.as_str()),
        Some("{ok,'stray#2'}")
    );
}

#[test]
fn a01_a_node_that_loads_over_old_code_is_found_out() {
    needs_erlang!();
    let difference = both()
        .with_flaw(Flaw::LoadsOverOldCode)
        .difference(&plan("load ledger 1\nload ledger 2"));
    match difference {
        Ok(Some(difference)) => {
            let text = difference.to_string();
            assert!(text.contains("embedded: {module,ledger}"), "{text}");
            assert!(text.contains("real:     {error,not_purged}"), "{text}");
        }
        Ok(None) => panic!("nobody noticed"),
        Err(error) => panic!("{error}"),
    }
}
