//! Low-level instructions that belong together.

use upheaval_term::Atom;

use super::TranslateError;
use crate::{Instruction, LowLevel};

/// Each module that is loaded is read, each that is suspended is resumed, each that
/// is stopped is started, and the other way round. OTP means to check as well that
/// what a `code_change` converts is suspended, and never finds that it is not.
pub(super) fn check(before: &[LowLevel], after: &[Instruction]) -> Result<(), TranslateError> {
    let low = || {
        after.iter().filter_map(|instruction| match instruction {
            Instruction::Low(low) => Some(low),
            _ => None,
        })
    };
    for instruction in low() {
        if let LowLevel::Load { module, .. } = instruction
            && !before.iter().any(|read| reads(read, module))
        {
            return Err(TranslateError::NoObjectCode(module.clone()));
        }
    }
    let (mut suspended, mut resumed) = (Vec::new(), Vec::new());
    let (mut started, mut stopped) = (Vec::new(), Vec::new());
    for instruction in low() {
        match instruction {
            LowLevel::Suspend(modules) => {
                suspended.extend(modules.iter().map(|suspend| suspend.module.clone()));
            }
            LowLevel::Resume(modules) => resumed.extend_from_slice(modules),
            LowLevel::Start(modules) => started.extend_from_slice(modules),
            LowLevel::Stop(modules) => stopped.extend_from_slice(modules),
            _ => {}
        }
    }
    within(&suspended, &resumed).map_err(TranslateError::SuspendedNotResumed)?;
    within(&resumed, &suspended).map_err(TranslateError::ResumedNotSuspended)?;
    within(&started, &stopped).map_err(TranslateError::StartNotStop)?;
    within(&stopped, &started).map_err(TranslateError::StopNotStart)
}

fn reads(instruction: &LowLevel, module: &Atom) -> bool {
    matches!(instruction, LowLevel::LoadObjectCode { modules, .. } if modules.contains(module))
}

/// Those that are not among the others are the error.
fn within(some: &[Atom], others: &[Atom]) -> Result<(), Vec<Atom>> {
    let missing: Vec<Atom> = some
        .iter()
        .filter(|module| !others.contains(module))
        .cloned()
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(missing)
    }
}
