//! A real node takes time for an op, and the embedded one follows its clock.

use properties::embedded;
use upheaval::conformance::moments;
use upheaval::plan::Plan;
use upheaval::scenario::Scenario;

fn gateway() -> Scenario {
    match sample_scenarios::find("gateway") {
        Some(scenario) => scenario,
        None => panic!("there is no gateway"),
    }
}

/// How the session is on some schedules after an op that took 950 ms, begun right after a
/// login that ends by itself after 900 ms.
fn sessions(schedules: impl Iterator<Item = u32>) -> Vec<String> {
    let scenario = gateway();
    let ops = "client 1 calls session login\nunpack_release 2";
    let plan: Plan = match format!("scenario gateway\nseed 0x1\n{ops}").parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    };
    let mut target = embedded(&scenario);
    let session = |schedule| {
        let watched = match target.watch(&plan, &[0, 0, 0, 0, 950], schedule) {
            Ok(watched) => watched,
            Err(error) => panic!("{error}"),
        };
        let moments = moments(&watched);
        let mut lines = moments[1].lines.iter();
        match lines.find(|line| line.what == "session#1") {
            Some(line) => line.value.clone(),
            None => panic!("there is no session"),
        }
    };
    schedules.map(session).collect()
}

#[test]
fn what_falls_due_while_an_op_takes_its_time_has_happened_at_the_look_after_it() {
    assert_eq!(
        sessions(0..1),
        ["session 1, registered as session, state {waiting,#{served => 0}}, 0 queued"]
    );
}

#[test]
fn on_some_schedules_it_is_just_about_to_happen() {
    let sessions = sessions(1..64);
    let active = sessions.iter().filter(|s| s.contains("state {active,"));
    let active = active.count();
    assert!((1..63).contains(&active), "on {active} of 63");
}
