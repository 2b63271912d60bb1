//! The low-level script of one component.

use upheaval_term::{Atom, Term};

use super::TranslateError;
use crate::{
    Application, Change, Direction, Instruction, LowLevel, ModType, Purge, Suspend, Timeout,
};

/// What a component comes to.
pub(super) struct Group {
    /// What is read before the point of no return.
    pub(super) object_code: Vec<LowLevel>,
    /// What is done after it.
    pub(super) script: Vec<LowLevel>,
}

/// Its processes are suspended together; on the way up what is needed is loaded
/// first, on the way down last.
pub(super) fn translate(
    direction: Direction,
    members: &[&Instruction],
    to: &[Application],
) -> Result<Group, TranslateError> {
    let suspended: Vec<Suspend> = members
        .iter()
        .filter_map(|member| suspend(member))
        .collect();
    let mut script = Vec::new();
    if !suspended.is_empty() {
        script.push(LowLevel::Suspend(suspended.clone()));
    }
    match direction {
        Direction::Up => {
            script.extend(members.iter().rev().flat_map(|member| exchange(member)));
            script.extend(code_change(direction, members, |_| true));
        }
        Direction::Down => {
            let is = |wanted: ModType| move |mod_type: ModType| mod_type == wanted;
            script.extend(code_change(direction, members, is(ModType::Dynamic)));
            script.extend(members.iter().flat_map(|member| exchange(member)));
            script.extend(code_change(direction, members, is(ModType::Static)));
        }
    }
    if !suspended.is_empty() {
        let resumed = suspended.into_iter().rev().map(|suspend| suspend.module);
        script.push(LowLevel::Resume(resumed.collect()));
    }
    let loaded = members.iter().flat_map(|member| exchange(member));
    let object_code = loaded.filter_map(|step| match step {
        LowLevel::Load { module, .. } => Some(object_code(module, to)),
        _ => None,
    });
    Ok(Group {
        object_code: object_code.collect::<Result<_, _>>()?,
        script,
    })
}

fn suspend(instruction: &Instruction) -> Option<Suspend> {
    match instruction {
        Instruction::Update {
            module, timeout, ..
        } => Some(Suspend {
            module: module.clone(),
            timeout: Some(*timeout).filter(|timeout| *timeout != Timeout::Default),
        }),
        _ => None,
    }
}

/// What changes the code of an instruction's module.
fn exchange(instruction: &Instruction) -> Vec<LowLevel> {
    match instruction {
        Instruction::Update {
            module,
            pre_purge,
            post_purge,
            ..
        }
        | Instruction::LoadModule {
            module,
            pre_purge,
            post_purge,
            ..
        } => vec![LowLevel::Load {
            module: module.clone(),
            pre_purge: *pre_purge,
            post_purge: *post_purge,
        }],
        Instruction::AddModule { module, .. } => vec![LowLevel::Load {
            module: module.clone(),
            pre_purge: Purge::Brutal,
            post_purge: Purge::Brutal,
        }],
        Instruction::DeleteModule { module, .. } => vec![
            LowLevel::Remove {
                module: module.clone(),
                pre_purge: Purge::Brutal,
                post_purge: Purge::Brutal,
            },
            LowLevel::Purge(vec![module.clone()]),
        ],
        Instruction::AddApplication { .. }
        | Instruction::RemoveApplication { .. }
        | Instruction::RestartApplication { .. }
        | Instruction::Low(_) => Vec::new(),
    }
}

fn code_change(
    direction: Direction,
    members: &[&Instruction],
    is_meant: impl Fn(ModType) -> bool,
) -> Option<LowLevel> {
    let modules: Vec<(Atom, Term)> = members
        .iter()
        .filter_map(|member| match member {
            Instruction::Update {
                module,
                mod_type,
                change: Change::Advanced(extra),
                ..
            } if is_meant(*mod_type) => Some((module.clone(), extra.clone())),
            _ => None,
        })
        .collect();
    (!modules.is_empty()).then_some(LowLevel::CodeChange {
        direction: Some(direction),
        modules,
    })
}

fn object_code(module: Atom, to: &[Application]) -> Result<LowLevel, TranslateError> {
    let has = |application: &&Application| application.modules.contains(&module);
    match to.iter().find(has) {
        Some(Application { name, vsn, .. }) => Ok(LowLevel::LoadObjectCode {
            library: name.clone(),
            vsn: vsn.clone(),
            modules: vec![module],
        }),
        None => Err(TranslateError::NoSuchModule(module)),
    }
}
