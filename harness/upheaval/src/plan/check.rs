//! Whether a plan fits a scenario: plans outlive what they were drawn for.

use super::words::nearest;
use super::{ChildRequest, Damage, Fault, Op, Plan, SystemMessage, Way, moved_by};
use crate::scenario::{ChildRef, Scenario};
use upheaval_term::Term;

/// Why a plan cannot be run on a scenario.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to use the plan with scenario `{scenario}`: {problem}")]
pub struct PlanMismatch {
    scenario: String,
    problem: String,
}

impl Plan {
    /// Checks that the scenario has all that the plan names.
    ///
    /// ```
    /// use upheaval::plan::Plan;
    /// use upheaval::scenario::{Process, Scenario};
    /// use upheaval_term::Term;
    ///
    /// let scenario = Scenario::new("default", "one process")
    ///     .process(Process::new("counter", "counter", Term::from(0)));
    /// let plan: Plan = "scenario default\nseed 0x7\nkill countr".parse()?;
    /// assert_eq!(
    ///     plan.check_against(&scenario).unwrap_err().to_string(),
    ///     "failed to use the plan with scenario `default`: step 1 (kill countr) names process \
    ///      `countr`, which the scenario does not have; did you mean `counter`?"
    /// );
    /// # Ok::<(), upheaval::plan::PlanError>(())
    /// ```
    ///
    /// # Errors
    /// Names the step and, where there is one, the name that was meant.
    pub fn check_against(&self, scenario: &Scenario) -> Result<(), PlanMismatch> {
        let problem = if self.scenario == scenario.name {
            let mut steps = (1..).zip(&self.steps);
            steps.find_map(|(number, step)| {
                let problem = problem(&step.op, scenario)?;
                Some(format!("step {number} ({}) {problem}", step.op))
            })
        } else {
            Some(format!(
                "the plan was drawn for scenario `{}`; run it there",
                self.scenario
            ))
        };
        problem.map_or(Ok(()), |problem| {
            Err(PlanMismatch {
                scenario: scenario.name.clone(),
                problem,
            })
        })
    }
}

fn problem(op: &Op, scenario: &Scenario) -> Option<String> {
    let modules = || scenario.modules.iter().map(|module| module.name.as_str());
    let supervisor = scenario
        .has_supervisor()
        .then_some(scenario.supervision.name.as_str());
    // The scenario's own supervisor is told what its children are told.
    let processes = || scenario.names().chain(supervisor);
    match op {
        Op::Request { client, .. } if *client == 0 || *client > scenario.clients => {
            let clients = scenario.clients;
            Some(format!(
                "names a client that does not exist; clients go from 1 to {clients}"
            ))
        }
        Op::Request { request, .. } => missing("process", &request.to, processes()),
        Op::Child {
            supervisor,
            request,
        } => missing("supervisor", supervisor, processes()).or_else(|| match request {
            ChildRequest::Terminate(ChildRef::Whereis(name))
            | ChildRequest::GetSpec(ChildRef::Whereis(name)) => {
                missing("process", name, processes())
            }
            _ => None,
        }),
        Op::Load { module, vsn }
        | Op::LoadBinary { module, vsn }
        | Op::Reload { module, vsn }
        | Op::Upgrade { module, vsn } => missing_version(scenario, module, vsn),
        Op::Faulty {
            way,
            module,
            vsn,
            fault,
        } => missing_version(scenario, module, vsn).or_else(|| match fault {
            Fault::Artifact(damage) => no_such_damage(scenario, *way, module, *damage),
            Fault::ArtifactOf { damage, .. } => Some(format!(
                "says twice of which module the artifact is; write `{}` alone",
                damage.name()
            )),
            Fault::Meanwhile { .. } if *way != Way::Upgrade => Some(
                "has no instructions that something could happen between; only `upgrade` has"
                    .into(),
            ),
            Fault::Meanwhile { process, .. } => missing("process", process, processes()),
        }),
        Op::FaultyRelease { of, fault } => {
            problem(of, scenario).or_else(|| no_such_fault(scenario, of, fault))
        }
        Op::Purge { module }
        | Op::SoftPurge { module }
        | Op::Delete { module }
        | Op::Stick { module }
        | Op::Unstick { module } => missing("module", module, modules()),
        Op::Kill { process }
        | Op::Exit { process, .. }
        | Op::Storm { process, .. }
        | Op::Freeze { process }
        | Op::Thaw { process } => missing("process", process, processes()),
        Op::Crash { process } => missing("process", process, processes()).or_else(|| {
            let is_known = scenario.crash_of(process).is_some();
            (!is_known).then(|| {
                format!(
                    "crashes `{process}`, and its module does not say what no clause of it \
                     takes; say it with Module::crashes_on"
                )
            })
        }),
        Op::System {
            process, message, ..
        } => missing("process", process, processes()).or_else(|| not_plain(message)),
        Op::Start { process } => missing("process", process, processes()),
        Op::Release { vsn, .. } => {
            let releases = scenario.releases.iter();
            missing("release", vsn, releases.map(|release| release.vsn.as_str()))
        }
        Op::Application {
            application, vsn, ..
        } => {
            let names = scenario.applications.iter();
            let names = names.map(|application| application.name.as_str());
            missing("application", application, names).or_else(|| {
                let versions = &scenario.find_application(application)?.versions;
                missing(
                    "version",
                    vsn,
                    versions.iter().map(|version| version.vsn.as_str()),
                )
            })
        }
        Op::Advance { .. } => None,
    }
}

/// What is wrong with the version that a module is moved to.
fn missing_version(scenario: &Scenario, module: &str, vsn: &str) -> Option<String> {
    let modules = scenario.modules.iter().map(|module| module.name.as_str());
    missing("module", module, modules).or_else(|| {
        let module = scenario.find_module(module)?;
        let versions = module.versions.iter().map(|version| version.vsn.as_str());
        missing("version", vsn, versions)
    })
}

/// Why an artifact cannot be damaged so.
fn no_such_damage(scenario: &Scenario, way: Way, module: &str, damage: Damage) -> Option<String> {
    match damage {
        Damage::Missing if way == Way::LoadBinary => {
            Some("loads a binary that is missing; write `load`".into())
        }
        damage => impossible(scenario, module, damage),
    }
}

/// Why the artifact of a module cannot come to that harm, whatever loads it.
fn impossible(scenario: &Scenario, module: &str, damage: Damage) -> Option<String> {
    let versions = scenario.find_module(module).map_or(0, |m| m.versions.len());
    match damage {
        Damage::Stale if versions < 2 => Some(format!(
            "leaves the artifact of another version of {module} there, and it has no other"
        )),
        Damage::Swapped if scenario.modules.len() < 2 => {
            Some("swaps the artifact for another module's, and there is none".into())
        }
        _ => None,
    }
}

/// Why that cannot go wrong in a function of the release handler.
fn no_such_fault(scenario: &Scenario, of: &Op, fault: &Fault) -> Option<String> {
    let Some(moved) = moved_by(scenario, of) else {
        return Some(
            "reads no artifact; only `check_install_release`, `install_release`, `upgrade_app` \
             and `downgrade_app` do"
                .into(),
        );
    };
    match fault {
        Fault::ArtifactOf { damage, module } => {
            let modules = moved.iter().map(|(_, module, _)| *module);
            let is_moved = modules.clone().any(|name| name == module);
            let remedy = || match nearest(module, modules.clone()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("it has {}", Vec::from_iter(modules.clone()).join(", ")),
            };
            match is_moved {
                true => impossible(scenario, module, *damage),
                false => Some(format!(
                    "names module `{module}`, which what is to come does not have; {}",
                    remedy()
                )),
            }
        }
        Fault::Artifact(damage) => Some(format!(
            "does not say of which module the artifact is; write `{} <module>`",
            damage.name()
        )),
        Fault::Meanwhile { .. } => Some(
            "has no instructions that the harness could do something between; only `upgrade` has"
                .into(),
        ),
    }
}

/// What is wrong with a message that both targets do not take as it is.
fn not_plain(message: &SystemMessage) -> Option<String> {
    let SystemMessage::Other(message) = message else {
        return None;
    };
    let (name, argument) = match message {
        Term::Atom(name) => (name.as_str(), None),
        other => match other.as_tuple() {
            Some([Term::Atom(name), argument, ..]) => (name.as_str(), Some(argument)),
            _ => return None,
        },
    };
    match name {
        "suspend" | "resume" | "get_state" | "replace_state" | "get_status" | "change_code"
        | "terminate" => Some(format!("sends what is an op of its own; write `{name}`")),
        "debug" if !is_switch(argument) => Some(
            "reads or keeps debugging records, which the embedded node has not; it can switch \
             `trace` and `statistics` on and off"
                .into(),
        ),
        _ => None,
    }
}

/// Whether a debug operation only switches records on or off, or is none.
fn is_switch(operation: Option<&Term>) -> bool {
    let Some(operation) = operation else {
        return true;
    };
    match operation.as_tuple() {
        Some([what, value]) if what.is_atom("trace") || what.is_atom("statistics") => {
            value.as_bool().is_some()
        }
        Some([what, ..]) => {
            !(what.is_atom("log")
                || what.is_atom("log_to_file")
                || what.is_atom("install")
                || what.is_atom("remove"))
        }
        _ => true,
    }
}

/// What is wrong with a name that is none of those that exist.
fn missing<'a>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<String> {
    if known.clone().any(|k| k == name) {
        return None;
    }
    let remedy = match nearest(name, known.clone()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.clone().next().is_none() => "it has none".into(),
        None => format!("it has {}", known.collect::<Vec<_>>().join(", ")),
    };
    Some(format!(
        "names {what} `{name}`, which the scenario does not have; {remedy}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::test_plans::{at, calls, kill, one_of_each_op, scenario, system, upgrade};
    use crate::plan::{PlanStrategy, Schedule};

    fn complaint(op: Op) -> String {
        let plan = Plan {
            scenario: "default".into(),
            seed: 0,
            schedule: Schedule::Random,
            steps: vec![at(0, 0, kill("counter")), at(0, 0, op)],
        };
        plan.check_against(&scenario()).unwrap_err().problem
    }

    #[test]
    fn what_is_drawn_for_a_scenario_fits_it() {
        let scenario = scenario();
        let strategy = PlanStrategy::new(&scenario);
        for seed in 0..50 {
            assert_eq!(strategy.draw(seed).check_against(&scenario), Ok(()));
        }
        assert_eq!(one_of_each_op().check_against(&scenario), Ok(()));
    }

    #[test]
    fn a_plan_for_another_scenario_is_refused() {
        let plan = Plan {
            scenario: "bank".into(),
            ..one_of_each_op()
        };
        assert_eq!(
            plan.check_against(&scenario()).unwrap_err().to_string(),
            "failed to use the plan with scenario `default`: \
             the plan was drawn for scenario `bank`; run it there"
        );
    }

    #[test]
    fn a_step_that_names_what_does_not_exist_is_refused_with_what_was_meant() {
        assert_eq!(
            complaint(kill("stary")),
            "step 2 (kill stary) names process `stary`, which the scenario does not have; \
             did you mean `stray`?"
        );
        assert_eq!(
            complaint(upgrade("cuonter", "2")),
            "step 2 (upgrade cuonter 2) names module `cuonter`, \
             which the scenario does not have; did you mean `counter`?"
        );
        assert_eq!(
            complaint(upgrade("counter", "3")),
            "step 2 (upgrade counter 3) names version `3`, \
             which the scenario does not have; it has 1, 2"
        );
        assert!(complaint(calls(1, "nobody", "hello")).contains("names process `nobody`"));
        assert!(complaint(Op::Purge { module: "x".into() }).contains("names module `x`"));
    }

    #[test]
    fn a_client_outside_the_scenarios_is_refused() {
        for client in [0, 6] {
            assert_eq!(
                complaint(calls(client, "counter", "read")),
                format!(
                    "step 2 (client {client} calls counter read) names a client that does not \
                     exist; clients go from 1 to 5"
                )
            );
        }
    }

    #[test]
    fn a_raw_system_message_is_none_that_has_an_op_of_its_own() {
        let sends = |message: &str| {
            let message = message.parse().expect("the test's own message is a term");
            problem(&system(SystemMessage::Other(message)), &scenario())
        };
        for plain in [
            "hello",
            "{hello,1}",
            "17",
            "{debug,{trace,true}}",
            "{debug,no_debug}",
        ] {
            assert_eq!(sends(plain), None, "{plain}");
        }
        for own in ["suspend", "{replace_state,f}", "{change_code,m,v,e}"] {
            let complaint = sends(own).unwrap_or_default();
            assert!(
                complaint.contains("an op of its own; write `"),
                "{own}: {complaint}"
            );
        }
        for debug in ["{debug,{log,true}}", "{debug,{statistics,get}}"] {
            let complaint = sends(debug).unwrap_or_default();
            assert!(
                complaint.contains("debugging records"),
                "{debug}: {complaint}"
            );
        }
    }

    #[test]
    fn the_supervisor_is_a_process_like_any_other_if_it_is_there() {
        let start = Op::Start {
            process: "sup".into(),
        };
        assert_eq!(problem(&start, &scenario()), None);
        assert_eq!(problem(&kill("sup"), &scenario()), None);
        let mut alone = scenario();
        alone.processes.retain(|process| process.restart.is_none());
        let complaint = problem(&kill("sup"), &alone).unwrap_or_default();
        assert!(complaint.contains("names process `sup`"), "{complaint}");
    }

    #[test]
    fn only_a_process_that_some_call_crashes_can_be_crashed() {
        let crash = |process: &str| {
            let process = process.into();
            problem(&Op::Crash { process }, &scenario()).unwrap_or_default()
        };
        assert_eq!(crash("counter"), "");
        assert_eq!(
            crash("stray"),
            "crashes `stray`, and its module does not say what no clause of it takes; say it \
             with Module::crashes_on"
        );
        assert!(crash("cuonter").contains("did you mean `counter`?"));
    }

    #[test]
    fn a_fault_is_one_that_the_op_can_have() {
        let faulty = |way, fault| {
            let (module, vsn) = ("counter".into(), "2".into());
            let op = Op::Faulty {
                way,
                module,
                vsn,
                fault,
            };
            problem(&op, &scenario()).unwrap_or_default()
        };
        let killing = |process: &str| Fault::Meanwhile {
            what: crate::plan::Mischief::Kill,
            process: process.into(),
            once: crate::plan::Stage::Loaded,
        };
        assert_eq!(faulty(Way::Upgrade, killing("counter")), "");
        assert_eq!(faulty(Way::Load, Fault::Artifact(Damage::Missing)), "");
        assert_eq!(
            faulty(Way::Load, killing("counter")),
            "has no instructions that something could happen between; only `upgrade` has"
        );
        assert!(faulty(Way::Upgrade, killing("stary")).contains("did you mean `stray`?"));
        assert_eq!(
            faulty(Way::LoadBinary, Fault::Artifact(Damage::Missing)),
            "loads a binary that is missing; write `load`"
        );
    }

    #[test]
    fn a_fault_in_a_release_is_one_of_what_it_is_to_move() {
        let complains = |of: &str, fault: &str| {
            let text = format!("scenario default\nseed 0x1\n{of}, {fault}");
            let plan: Plan = text.parse().expect("the test's own plan");
            problem(&plan.steps[0].op, &scenario()).unwrap_or_default()
        };
        assert_eq!(complains("install_release 2", "missing counter"), "");
        assert_eq!(complains("downgrade_app shop 1", "swapped counter"), "");
        assert_eq!(
            complains("install_release 2", "missing conuter"),
            "names module `conuter`, which what is to come does not have; did you mean `counter`?"
        );
        assert_eq!(
            complains("make_permanent 2", "missing counter"),
            "reads no artifact; only `check_install_release`, `install_release`, `upgrade_app` \
             and `downgrade_app` do"
        );
        assert_eq!(
            complains("install_release 2", "stale"),
            "does not say of which module the artifact is; write `stale <module>`"
        );
        assert_eq!(
            complains("upgrade counter 2", "stale counter"),
            "says twice of which module the artifact is; write `stale` alone"
        );
        assert!(complains("install_release 3", "stale counter").contains("names release `3`"));
    }

    #[test]
    fn a_child_request_names_a_supervisor_and_a_process_that_exist() {
        let terminate = |supervisor: &str, child: ChildRef| {
            let op = Op::Child {
                supervisor: supervisor.into(),
                request: ChildRequest::Terminate(child),
            };
            problem(&op, &scenario()).unwrap_or_default()
        };
        let id = ChildRef::Id(Term::atom("whatever"));
        assert_eq!(terminate("sup", id.clone()), "");
        assert!(terminate("spu", id).contains("did you mean `sup`?"));
        let by_name = ChildRef::Whereis("conuter".into());
        assert!(terminate("sup", by_name).contains("did you mean `counter`?"));
    }
}
