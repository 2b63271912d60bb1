//! A release that runs, and that no node boots with.

use properties::{embedded, has_erlang, on_beam, run_plan_on};
use upheaval::invariant::{Judgement, default_invariants};
use upheaval::scenario::{ApplicationVersion, Scenario};

/// Release 2 has no ledger, which its supervisor starts.
fn scenario() -> Scenario {
    let Some(mut scenario) = sample_scenarios::find("releases") else {
        panic!("there is no scenario of releases");
    };
    let appup = "{\"2\", [{\"1\", [restart_emulator]}], [{\"1\", [restart_emulator]}]}.";
    let shop = &mut scenario.applications[0];
    shop.versions[1] = ApplicationVersion::new("2", [("counter", "2")]).appup(appup);
    shop.versions.truncate(2);
    scenario.releases.truncate(2);
    scenario
}

#[test]
fn c02_a_case_whose_node_does_not_boot_again_is_inconclusive_and_says_why() {
    let scenario = scenario();
    let ops = "client 1 calls counter {add,5}\n\
               unpack_release 2\n\
               install_release 2\n\
               client 1 calls counter {add,2}";
    let mut stories = vec![run_plan_on(&mut embedded(&scenario), ops)];
    if has_erlang() {
        stories.push(on_beam(&scenario, |beam| run_plan_on(beam, ops)));
    }
    for story in &stories {
        for invariant in default_invariants() {
            match invariant.judge(&scenario, story.history()) {
                Judgement::Inconclusive { reason } => {
                    assert!(
                        reason.contains("its release does not start: `shop` gives"),
                        "{reason}"
                    );
                    assert!(reason.contains("failed_to_start_child,ledger"), "{reason}");
                }
                other => panic!("{}: {other:?}", invariant.name()),
            }
        }
        // What had happened until then is told.
        assert_eq!(story.replies(), ["5"]);
    }
}
