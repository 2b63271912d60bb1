//! Supervisors and their children, as both targets start them.

use upheaval_node::{ChildSpec, ChildType, Flags, Shutdown};
use upheaval_term::{Term, to_term};

use crate::scenario::{GIVEN, Process, Scenario, Strategy, Supervision};

/// How something is started by hand: `Module:start_link(Name, Args)`.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) module: String,
    pub(super) args: Term,
}

/// The start of what a plan can start by hand: the scenario's own supervisor with its
/// tree, or a process that nobody supervises.
pub(super) fn start_of(scenario: &Scenario, name: &str) -> Option<Start> {
    let supervision = Some(&scenario.supervision).filter(|s| s.name == name);
    if let Some(supervision) = supervision.filter(|_| scenario.has_supervisor()) {
        return Some(Start {
            module: GIVEN.into(),
            args: given(scenario, supervision),
        });
    }
    let process = scenario.find_process(name)?;
    Some(Start {
        module: process.module.clone(),
        args: args_of(scenario, process),
    })
}

fn args_of(scenario: &Scenario, process: &Process) -> Term {
    match &process.supervises {
        Some(supervision) => given(scenario, supervision),
        None => process.args.clone(),
    }
}

/// `{Flags,Specs}`, which the callback module of described supervisors gives back.
fn given(scenario: &Scenario, supervision: &Supervision) -> Term {
    let flags = Flags {
        strategy: supervision.strategy,
        intensity: supervision.intensity,
        period: supervision.period,
        auto_shutdown: supervision.auto_shutdown,
    };
    let template = (supervision.template.as_ref())
        .filter(|_| supervision.strategy == Strategy::SimpleOneForOne);
    let specs: Vec<ChildSpec> = match template {
        Some(template) => vec![ChildSpec {
            significant: template.significant,
            ..ChildSpec::template(&template.module, &template.module)
                .restart(template.restart)
                .shutdown(template.shutdown)
        }],
        None => scenario
            .children_of(&supervision.name)
            .map(|process| spec(scenario, process))
            .collect(),
    };
    match to_term(&(flags, specs)) {
        Ok(given) => given,
        Err(error) => unreachable!("flags and specs are terms: {error}"),
    }
}

fn spec(scenario: &Scenario, process: &Process) -> ChildSpec {
    let args = args_of(scenario, process);
    let spec = ChildSpec::worker(&process.name, &process.module, args);
    let (child_type, shutdown) = match scenario.is_supervisor(process) {
        true => (ChildType::Supervisor, Shutdown::INFINITY),
        false => (ChildType::Worker, spec.shutdown),
    };
    ChildSpec {
        restart: process.restart.unwrap_or(spec.restart),
        significant: process.significant,
        shutdown: process.shutdown.unwrap_or(shutdown),
        child_type,
        ..spec
    }
}
