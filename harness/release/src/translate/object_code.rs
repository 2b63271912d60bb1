//! The reading of object code.

use upheaval_term::Atom;

use super::TranslateError;
use crate::LowLevel;

/// Puts it first, and makes one instruction of all that read the same application. A
/// module that is read by several of them stands where the last one has it.
pub(super) fn merge(before: Vec<LowLevel>) -> Result<Vec<LowLevel>, TranslateError> {
    let mut libraries: Vec<(Atom, String, Vec<Vec<Atom>>)> = Vec::new();
    let mut others = Vec::new();
    let mut conflict: Option<(usize, TranslateError)> = None;
    for instruction in before {
        let LowLevel::LoadObjectCode {
            library,
            vsn,
            modules,
        } = instruction
        else {
            others.push(instruction);
            continue;
        };
        match libraries.iter().position(|(known, ..)| *known == library) {
            None => libraries.push((library, vsn, vec![modules])),
            Some(number) if libraries[number].1 == vsn => libraries[number].2.push(modules),
            // OTP tells the last conflict of the first application that has one.
            Some(number) if conflict.as_ref().is_none_or(|(first, _)| number <= *first) => {
                let one = libraries[number].1.clone();
                let error = TranslateError::ConflictingVersions {
                    library,
                    one,
                    other: vsn,
                };
                conflict = Some((number, error));
            }
            Some(_) => {}
        }
    }
    if let Some((_, error)) = conflict {
        return Err(error);
    }
    let merged = libraries
        .into_iter()
        .map(|(library, vsn, parts)| LowLevel::LoadObjectCode {
            library,
            vsn,
            modules: union(parts),
        });
    Ok(merged.chain(others).collect())
}

/// A module that an instruction names twice stays twice, unless a later one has it.
fn union(parts: Vec<Vec<Atom>>) -> Vec<Atom> {
    let mut union: Vec<Atom> = Vec::new();
    for mut part in parts.into_iter().rev() {
        part.retain(|module| !union.contains(module));
        part.append(&mut union);
        union = part;
    }
    union
}
