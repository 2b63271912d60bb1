//! Whom cells are told apart by: a scenario's modules, and its supervisors, each with a
//! number.

use std::collections::BTreeSet;

use super::Concerned;
use crate::scenario::{Process, Scenario};

/// The number of a module among the scenario's; of a supervisor, as they all run one
/// module, the number behind those that stands for the process.
pub(crate) fn subject(
    scenario: &Scenario,
    module: &str,
    is_process: impl Fn(&Process) -> bool,
) -> u8 {
    let modules = scenario.modules.iter();
    let place = modules.map(|m| &m.name).position(|name| name == module);
    let place = place.unwrap_or_else(|| {
        let place = scenario.processes.iter().position(is_process);
        // One that is none of them is the one over all.
        scenario.modules.len() + place.unwrap_or(scenario.processes.len())
    });
    u8::try_from(place).unwrap_or(u8::MAX)
}

/// The numbers of those that an op may concern; none where that is everybody.
pub(crate) fn subjects(scenario: &Scenario, whom: Concerned<'_>) -> Vec<u8> {
    let of_process = |process: &Process| match scenario.is_supervisor(process) {
        true => subject(scenario, "supervisor", |one| one.name == process.name),
        false => subject(scenario, &process.module, |_| false),
    };
    let of_modules = |modules: &BTreeSet<&str>| {
        let processes = scenario.processes.iter();
        let those = processes.filter(|process| modules.contains(process.module.as_str()));
        // Those of children that come and go.
        let others = modules
            .iter()
            .map(|module| subject(scenario, module, |_| false));
        those.map(of_process).chain(others).collect()
    };
    match whom {
        Concerned::Process(name) => match scenario.find_process(name) {
            Some(process) => vec![of_process(process)],
            None if name == scenario.supervision.name => {
                vec![subject(scenario, "supervisor", |_| false)]
            }
            None => Vec::new(),
        },
        Concerned::Module(module) => of_modules(&BTreeSet::from([module])),
        Concerned::Application(name) => of_modules(&modules_of(scenario, name)),
        Concerned::Everybody => Vec::new(),
    }
}

/// The modules that any version of an application has.
pub(crate) fn modules_of<'a>(scenario: &'a Scenario, application: &str) -> BTreeSet<&'a str> {
    let application = scenario.find_application(application);
    let versions = application.map_or(&[][..], |application| &application.versions);
    let modules = versions.iter().flat_map(|version| &version.modules);
    modules.map(|(module, _)| module.as_str()).collect()
}
