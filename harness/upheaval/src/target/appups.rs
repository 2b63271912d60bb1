//! The appups of a scenario, and what of them a target refuses before it runs anything.

use std::collections::BTreeMap;

use upheaval_release::{Appup, Clause, Instruction, LowLevel, Step};

use super::TargetError;
use crate::scenario::Scenario;

/// Appups by application and version.
pub(super) type Appups = BTreeMap<(String, String), Appup>;

/// Reads the appups of all versions of all applications.
///
/// # Errors
/// One is no appup, or has an instruction that the target refuses: `refused` says what to
/// do about it.
pub(super) fn read(
    scenario: &Scenario,
    target: &'static str,
    refused: impl Fn(&LowLevel) -> Option<String>,
) -> Result<Appups, TargetError> {
    let mut appups = BTreeMap::new();
    for application in &scenario.applications {
        for version in &application.versions {
            let Some(text) = &version.appup else {
                continue;
            };
            let (scenario, application) = (scenario.name.clone(), application.name.clone());
            let vsn = version.vsn.clone();
            let appup = match Appup::parse(text) {
                Ok(appup) => appup,
                Err(error) => {
                    return Err(TargetError::Appup {
                        scenario,
                        application,
                        vsn,
                        problem: error.to_string(),
                    });
                }
            };
            let clauses = appup.up.iter().chain(&appup.down);
            if let Some(problem) = problem(clauses, &refused) {
                return Err(TargetError::Refused {
                    scenario,
                    application,
                    vsn,
                    target,
                    problem,
                });
            }
            appups.insert((application, vsn), appup);
        }
    }
    Ok(appups)
}

fn problem<'a>(
    clauses: impl Iterator<Item = &'a Clause>,
    refused: &impl Fn(&LowLevel) -> Option<String>,
) -> Option<String> {
    let mut steps = clauses.flat_map(|clause| &clause.steps);
    steps.find_map(|Step { instruction, place }| {
        let Instruction::Low(low) = instruction else {
            return None;
        };
        let remedy = refused_anywhere(low).or_else(|| refused(low))?;
        let place = place.map_or(String::new(), |place| format!("{place}: "));
        Some(format!("{place}it cannot do {instruction}: {remedy}"))
    })
}

/// A new emulator is started in the middle of an install, which goes on while the system
/// boots: nobody would see what happens there.
fn refused_anywhere(instruction: &LowLevel) -> Option<String> {
    (*instruction == LowLevel::RestartNewEmulator).then(|| {
        "there is no other emulator; write restart_emulator, which starts the new release at the \
         end"
        .into()
    })
}
