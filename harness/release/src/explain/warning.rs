//! What goes wrong without a word: no error, and a system that is not what it should
//! be.

use upheaval_term::{Atom, Term};

use super::Upgrade;
use super::effect::{is_suspended, limit};
use super::words::{by_count, either, list};
use crate::translate::circles;
use crate::{Change, Instruction, LowLevel, ModType, Purge, Suspend};

/// Something that goes wrong without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The rule of `docs/otp-rules.md` that says so.
    pub rule: &'static str,
    /// What happens.
    pub message: String,
}

fn warning(rule: &'static str, message: String) -> Warning {
    Warning { rule, message }
}

/// What is to be known of the instruction of this number.
pub(super) fn of_line(upgrade: &Upgrade, script: &[LowLevel], number: usize) -> Vec<Warning> {
    let before = &script[..number];
    match &script[number] {
        LowLevel::PointOfNoReturn => vec![warning(
            "C11",
            "if an install fails before this line, the environment of the applications has its \
             new values all the same"
                .into(),
        )],
        LowLevel::Apply(_) => of_apply(&script[number..]),
        LowLevel::Suspend(modules) => of_suspend(modules),
        LowLevel::Load {
            module,
            pre_purge,
            post_purge,
        } if runs(upgrade, before, module) => {
            vec![warning("C14", purges(module, *pre_purge, *post_purge))]
        }
        LowLevel::Remove { module, .. } => vec![warning(
            "A5",
            format!(
                "a behaviour's process of {module} that waits for a message runs no code of it, so \
                 no purge kills it; it fails with undef at that message"
            ),
        )],
        LowLevel::CodeChange { modules, .. } => of_code_change(upgrade, before, modules),
        LowLevel::SyncNodes { .. } => vec![warning(
            "C16",
            "it has no limit: a node that never comes holds this one, with all that is suspended"
                .into(),
        )],
        LowLevel::Restart | LowLevel::Reboot => vec![warning(
            "C10",
            format!(
                "systools takes {}, and each install then fails with \
                 {{illegal_instruction_after_point_of_no_return,{0}}}",
                script[number]
            ),
        )],
        _ => Vec::new(),
    }
}

/// What is to be known of the script as a whole.
pub(super) fn of_script(upgrade: &Upgrade) -> Vec<Warning> {
    let instructions = upgrade.clause.instructions();
    let circles = circles(&instructions).unwrap_or_default();
    let circle = |circle: Vec<Atom>| {
        warning(
            "C4",
            format!(
                "{} need each other, so none of them can be first: on the way up the last one of \
                 the appup is loaded first, on the way down the first one",
                list(&circle)
            ),
        )
    };
    circles.into_iter().map(circle).collect()
}

/// Whether processes may run code of a module: it is no new one.
fn runs(upgrade: &Upgrade, before: &[LowLevel], module: &Atom) -> bool {
    let removed = before
        .iter()
        .any(|step| matches!(step, LowLevel::Remove { module: removed, .. } if removed == module));
    let mut old = upgrade.from.iter();
    !removed && old.any(|application| application.modules.contains(module))
}

fn of_apply(rest: &[LowLevel]) -> Vec<Warning> {
    let mut warnings = vec![warning(
        "C11",
        "what it returns is ignored, an {error,_} as well".into(),
    )];
    if rest.contains(&LowLevel::PointOfNoReturn) {
        warnings.push(warning(
            "C11",
            "it stands before the point of no return, so check_install_release calls it, too, \
             and a failed install has called it"
                .into(),
        ));
    }
    warnings
}

fn of_suspend(modules: &[Suspend]) -> Vec<Warning> {
    let names: Vec<&Atom> = modules.iter().map(|suspend| &suspend.module).collect();
    let found = format!(
        "only what a supervisor has, and whose child spec lists the module, is found; any other \
         process of {} runs on, and takes its old state into the new code",
        either(&names)
    );
    let mut warnings = vec![warning("C5", found)];
    let limited: Vec<&Suspend> = modules
        .iter()
        .filter(|suspend| suspend.timeout != Some(crate::Timeout::Infinity))
        .collect();
    if let Some(longest) = limited.first() {
        let limits = if limited.iter().all(|one| one.timeout == longest.timeout) {
            limit(longest.timeout)
        } else {
            "its time".into()
        };
        warnings.push(warning(
            "C8",
            format!(
                "a process that does not answer within {limits} is left out: it runs on, no \
                 code_change converts its state, and the install still says ok"
            ),
        ));
    }
    warnings
}

fn purges(module: &Atom, pre: Purge, post: Purge) -> String {
    let pre = match pre {
        Purge::Soft => format!(
            "soft_purge is only a check before the script begins: a process that runs old code of \
             {module} then fails the install, and one that does when this line comes is killed"
        ),
        Purge::Brutal => {
            format!("a process that still runs old code of {module} is killed by this line")
        }
    };
    let post = match post {
        Purge::Soft => "one that stays in the code that becomes old here is left there",
        Purge::Brutal => {
            "one that stays in the code that becomes old here is killed when the release is made \
             permanent"
        }
    };
    format!("{pre}; {post}")
}

fn of_code_change(
    upgrade: &Upgrade,
    before: &[LowLevel],
    modules: &[(Atom, Term)],
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let missed: Vec<&Atom> = modules
        .iter()
        .map(|(module, _)| module)
        .filter(|module| !is_suspended(before, module))
        .collect();
    if !missed.is_empty() {
        warnings.push(warning(
            "C8",
            format!(
                "no process is suspended for {}, so this converts none of {}",
                list(&missed),
                by_count(&missed, "its states", "their states")
            ),
        ));
    }
    let supervisors: Vec<&Atom> = modules
        .iter()
        .map(|(module, _)| module)
        .filter(|module| is_supervisor(upgrade, module))
        .collect();
    if !supervisors.is_empty() {
        warnings.push(warning(
            "B13",
            format!(
                "of {} the new init is called: children that are new in it are present and not \
                 started, those that are not in it any more run on, and those that stay keep \
                 their processes; a later restart of all starts both",
                list(&supervisors)
            ),
        ));
    }
    warnings
}

/// Whether a module is updated as `{update,M,supervisor}` is.
fn is_supervisor(upgrade: &Upgrade, module: &Atom) -> bool {
    let nothing = Term::List(Vec::new());
    upgrade.clause.steps.iter().any(|step| {
        matches!(
            &step.instruction,
            Instruction::Update {
                module: updated,
                mod_type: ModType::Static,
                change: Change::Advanced(extra),
                ..
            } if updated == module && *extra == nothing
        )
    })
}
