//! What comes before the point of no return, and what after it.

use super::TranslateError;
use crate::{Instruction, LowLevel};

/// The two parts of all scripts together. Whatever reads object code comes before.
pub(super) fn merge(
    scripts: &[Vec<Instruction>],
) -> Result<(Vec<LowLevel>, Vec<Instruction>), TranslateError> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for script in scripts {
        let (first, rest) = split(script)?;
        for instruction in first {
            match instruction {
                Instruction::Low(
                    low @ (LowLevel::LoadObjectCode { .. } | LowLevel::Apply { .. }),
                ) => before.push(low.clone()),
                other => {
                    let other = Box::new(other.clone());
                    return Err(TranslateError::BadOpBeforePointOfNoReturn(other));
                }
            }
        }
        for instruction in rest {
            match instruction {
                Instruction::Low(low @ LowLevel::LoadObjectCode { .. }) => before.push(low.clone()),
                other => after.push(other.clone()),
            }
        }
    }
    Ok((before, after))
}

/// A script that does not say where it returns from nowhere does so at once.
fn split(script: &[Instruction]) -> Result<(&[Instruction], &[Instruction]), TranslateError> {
    let is_point =
        |instruction: &Instruction| *instruction == Instruction::Low(LowLevel::PointOfNoReturn);
    let Some(point) = script.iter().position(is_point) else {
        return Ok((&[], script));
    };
    let (before, after) = (&script[..point], &script[point + 1..]);
    if after.iter().any(is_point) {
        return Err(TranslateError::TooManyPointOfNoReturn);
    }
    Ok((before, after))
}
