//! An application that is stopped by an appup, with messages to its processes on the way.

use properties::{embedded, run_plan_on};
use upheaval::history::Event;

#[test]
fn c02_an_application_that_is_stopped_has_ended_before_its_code_is_changed() {
    let Some(gateway) = sample_scenarios::find("gateway") else {
        panic!("there is no gateway");
    };
    let mut target = embedded(&gateway);
    for seed in 0..64 {
        let ops = format!(
            "unpack_release 3\n\
             upgrade_app audit 2\n\
             client 1 notifies log {{note,1}}\n\
             client 2 notifies log {{note,2}}\n\
             downgrade_app audit 1 | seed {seed}"
        );
        let story = run_plan_on(&mut target, &ops);
        let (history, top) = (story.history(), story.named("audit_sup")[0]);
        let mut events = history.events().iter();
        let ended = events
            .position(|event| matches!(event, Event::Exited { process, .. } if *process == top));
        let is_of_log = |event: &&Event| match event {
            Event::Loaded { code } => history.name(code.module) == "event_log",
            _ => false,
        };
        let loads = history.events().iter().filter(is_of_log).count();
        assert_eq!(loads, 3, "{}", history.print());
        assert!(
            ended.is_some() && events.any(|event| is_of_log(&event)),
            "{}",
            history.print()
        );
    }
}
