//! Instructions for whole applications.

use upheaval_term::{Atom, Term};

use super::TranslateError;
use crate::{Application, Instruction, LowLevel, Mfa, Purge, StartType};

/// Puts in place of each what is done to its modules and to itself (C2).
pub(super) fn expand(
    instructions: Vec<Instruction>,
    from: &[Application],
    to: &[Application],
) -> Result<Vec<Instruction>, TranslateError> {
    let mut expanded = Vec::new();
    for instruction in instructions {
        match instruction {
            Instruction::AddApplication { application, start } => {
                let new = find(to, &application)?;
                expanded.extend(added(new, start));
            }
            Instruction::RemoveApplication { application } => {
                if find(to, &application).is_ok() {
                    return Err(TranslateError::RemovedApplicationPresent(application));
                }
                expanded.extend(removed(find(from, &application)?));
                expanded.push(apply("unload", vec![Term::Atom(application)]));
            }
            Instruction::RestartApplication { application } => {
                let (old, new) = (find(from, &application)?, find(to, &application)?);
                expanded.extend(removed(old));
                expanded.extend(added(new, new.start));
            }
            other => expanded.push(other),
        }
    }
    Ok(expanded)
}

fn find<'a>(
    applications: &'a [Application],
    name: &Atom,
) -> Result<&'a Application, TranslateError> {
    applications
        .iter()
        .find(|application| application.name == *name)
        .ok_or_else(|| TranslateError::NoSuchApplication(name.clone()))
}

/// Loads all modules, and starts the application.
fn added(application: &Application, start: StartType) -> impl Iterator<Item = Instruction> {
    let name = Term::Atom(application.name.clone());
    let start = match start {
        StartType::None => None,
        StartType::Load => Some(apply("load", vec![name])),
        start => Some(apply("start", vec![name, Term::atom(start.name())])),
    };
    let load = |module: &Atom| Instruction::AddModule {
        module: module.clone(),
        dep_mods: Vec::new(),
    };
    application.modules.iter().map(load).chain(start)
}

/// Stops the application, and takes its modules out.
fn removed(application: &Application) -> impl Iterator<Item = Instruction> {
    let stop = apply("stop", vec![Term::Atom(application.name.clone())]);
    let remove = |module: &Atom| {
        Instruction::Low(LowLevel::Remove {
            module: module.clone(),
            pre_purge: Purge::Brutal,
            post_purge: Purge::Brutal,
        })
    };
    let purge = Instruction::Low(LowLevel::Purge(application.modules.clone()));
    std::iter::once(stop)
        .chain(application.modules.iter().map(remove))
        .chain([purge])
}

fn apply(function: &'static str, args: Vec<Term>) -> Instruction {
    Instruction::Low(LowLevel::Apply(Mfa::of_application(function, args)))
}
