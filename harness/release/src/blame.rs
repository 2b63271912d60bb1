//! Which instruction of an appup an error is about.

use upheaval_term::Atom;
use upheaval_term::text::Place;

use crate::{Clause, Instruction, LowLevel, TranslateError};

impl Clause {
    /// Where the instruction stands that an error is about, if it is one of these.
    pub fn place_of(&self, error: &TranslateError) -> Option<Place> {
        let nth = |number: usize, is_meant: &dyn Fn(&Instruction) -> bool| {
            let mut meant = (self.steps.iter()).filter(|step| is_meant(&step.instruction));
            meant.nth(number)?.place
        };
        match error {
            TranslateError::UndefModule(module) => nth(0, &|i| {
                i.dependencies()
                    .is_some_and(|(_, needs)| needs.contains(module))
            }),
            TranslateError::MuldefModule(module) => {
                nth(1, &|i| changes(i, module)).or_else(|| nth(0, &|i| changes(i, module)))
            }
            TranslateError::NoSuchModule(module) => nth(0, &|i| changes(i, module)),
            TranslateError::NoSuchApplication(name)
            | TranslateError::RemovedApplicationPresent(name) => {
                nth(0, &|i| application(i) == Some(name))
            }
            TranslateError::ConflictingVersions { library, .. } => nth(
                1,
                &|i| matches!(low(i), Some(LowLevel::LoadObjectCode { library: read, .. }) if read == library),
            ),
            TranslateError::BadOpBeforePointOfNoReturn(bad) => nth(0, &|i| *i == **bad),
            TranslateError::TooManyPointOfNoReturn => {
                nth(1, &|i| low(i) == Some(&LowLevel::PointOfNoReturn))
            }
            TranslateError::NoObjectCode(module) => nth(
                0,
                &|i| matches!(low(i), Some(LowLevel::Load { module: loaded, .. }) if loaded == module),
            ),
            TranslateError::SuspendedNotResumed(modules) => nth(0, &|i| match low(i) {
                Some(LowLevel::Suspend(suspended)) => {
                    suspended.iter().any(|s| modules.contains(&s.module))
                }
                _ => false,
            }),
            TranslateError::ResumedNotSuspended(modules) => nth(
                0,
                &|i| matches!(low(i), Some(LowLevel::Resume(names)) if share(names, modules)),
            ),
            TranslateError::StartNotStop(modules) => nth(
                0,
                &|i| matches!(low(i), Some(LowLevel::Start(names)) if share(names, modules)),
            ),
            TranslateError::StopNotStart(modules) => nth(
                0,
                &|i| matches!(low(i), Some(LowLevel::Stop(names)) if share(names, modules)),
            ),
        }
    }
}

fn changes(instruction: &Instruction, module: &Atom) -> bool {
    let dependencies = instruction.dependencies();
    dependencies.is_some_and(|(changed, _)| changed == module)
}

fn application(instruction: &Instruction) -> Option<&Atom> {
    match instruction {
        Instruction::AddApplication { application, .. }
        | Instruction::RemoveApplication { application }
        | Instruction::RestartApplication { application } => Some(application),
        _ => None,
    }
}

fn low(instruction: &Instruction) -> Option<&LowLevel> {
    match instruction {
        Instruction::Low(low) => Some(low),
        _ => None,
    }
}

fn share(some: &[Atom], others: &[Atom]) -> bool {
    some.iter().any(|name| others.contains(name))
}
