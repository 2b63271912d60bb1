//! Appups that a target cannot do are refused before anything runs.

use properties::has_erlang;
use upheaval::artifact::Artifacts;
use upheaval::plan::Plan;
use upheaval::scenario::Scenario;
use upheaval::target::{Embedded, Lab};

/// What is said of an appup with this instruction, to a plan that needs no release.
fn refusal(instruction: &str) -> String {
    match run(with(instruction)) {
        Ok(()) => panic!("{instruction} was taken"),
        Err(error) => error,
    }
}

fn with(instruction: &str) -> Scenario {
    let Some(mut scenario) = sample_scenarios::find("releases") else {
        panic!("there is no scenario of releases");
    };
    let appup = format!("{{\"2\",\n [{{\"1\", []}}],\n [{{\"1\", [{instruction}]}}]}}.");
    scenario.applications[0].versions[1].appup = Some(appup);
    scenario
}

fn run(scenario: Scenario) -> Result<(), String> {
    let plan: Plan = match "scenario releases\nseed 0x1\nkill counter".parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}"),
    };
    let artifacts = Artifacts::of(&scenario).map_err(|error| error.to_string())?;
    let mut target = Embedded::new(scenario, artifacts);
    let watched = target.watch(&plan, &[], 0);
    watched.map(drop).map_err(|error| error.to_string())
}

#[test]
fn a_function_that_the_embedded_node_has_not_is_refused_with_its_place_and_those_that_it_has() {
    assert_eq!(
        refusal("{apply, {io, format, [\"hello\"]}}"),
        "failed to use the appup of application `shop`, version 2, in scenario `releases` on the \
         embedded node: 3:10: it cannot do {apply,{io,format,[\"hello\"]}}: it has no such \
         function, only application:start, stop, load, unload and set_env/3, \
         supervisor:terminate_child, restart_child and delete_child of a name, erlang:error/1, \
         exit/1 and throw/1; apply one of these, or run the scenario with --target beam"
    );
}

#[test]
fn what_needs_other_nodes_or_another_emulator_is_refused_with_a_remedy() {
    for (instruction, remedy) in [
        (
            "{sync_nodes, now, [other@here]}",
            "it is alone; leave it out",
        ),
        ("restart_new_emulator", "write restart_emulator"),
        ("restart", "write restart_emulator"),
        ("reboot", "write restart_emulator"),
    ] {
        let said = refusal(instruction);
        assert!(said.contains("`shop`, version 2"), "{said}");
        assert!(said.contains("3:10: it cannot do"), "{said}");
        assert!(said.contains(remedy), "{said}");
    }
}

#[test]
fn a_real_node_refuses_a_new_emulator_too() {
    if !has_erlang() {
        return;
    }
    let scenario = with("restart_new_emulator");
    let said = match Lab::new(scenario, None) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    };
    assert_eq!(
        said,
        "failed to use the appup of application `shop`, version 2, in scenario `releases` on a \
         real node: 3:10: it cannot do restart_new_emulator: there is no other emulator; write \
         restart_emulator, which starts the new release at the end"
    );
}

/// erlang/otp#4395: there is no relup, so there is nothing to run.
#[test]
fn a_dependency_that_was_removed_is_refused_with_its_name() {
    let said = refusal("{update, counter, {advanced, []}, [tariff]}");
    assert_eq!(
        said,
        "failed to find the way from release 2 to 1 of scenario `releases`: undefined module \
         tariff: an instruction has it in its DepMods, and no instruction of the scripts is for \
         it; add one, or take it out of the DepMods; correct the appups"
    );
    if !has_erlang() {
        return;
    }
    let said = match Lab::new(with("{update, counter, {advanced, []}, [tariff]}"), None) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.to_string(),
    };
    assert!(said.contains("Undefined module: tariff"), "{said}");
}

#[test]
fn what_it_can_do_is_not_refused() {
    let Some(scenario) = sample_scenarios::find("releases") else {
        panic!("there is no scenario of releases");
    };
    assert_eq!(run(scenario), Ok(()));
}
