//! What each op does, to whatever system, and what it returns.

use upheaval_term::{Atom, Term};

use super::TargetError;
use super::control::{Control, System, Whom};
use super::upgrade::{self, Pauses};
use crate::plan::{Op, Step};
use crate::scenario::Scenario;

/// Does what an op says; gives what the function that it stands for returns. Where
/// that exits, it is `{error,Reason}`.
pub(super) fn perform(
    scenario: &Scenario,
    system: &mut impl Control,
    step: &Step,
) -> Result<Term, TargetError> {
    match &step.op {
        Op::Request { client, request } => system.request(*client, request),
        Op::Load { module, vsn } => {
            system.deploy(module, vsn)?;
            system.load_file(module)
        }
        Op::LoadBinary { module, vsn } => {
            system.deploy(module, vsn)?;
            purge_lingerers(system, module)?;
            system.load_binary(module, vsn)
        }
        Op::Reload { module, vsn } => {
            system.deploy(module, vsn)?;
            purge_lingerers(system, module)?;
            match system.reload(module)? {
                Some(result) => Ok(result),
                // What the purge killed may be restarted before the load.
                None => {
                    system.purge(module)?;
                    Pauses::new(step.seed).next(system)?;
                    system.load_file(module)
                }
            }
        }
        Op::Upgrade { module, vsn } => upgrade::upgrade(scenario, system, module, vsn, step.seed),
        Op::Purge { module } => system.purge(module),
        Op::SoftPurge { module } => system.soft_purge(module),
        Op::Suspend { process } => by_name(system, process, &System::Suspend),
        Op::Resume { process } => by_name(system, process, &System::Resume),
        Op::Kill { process } => system.kill(process),
        Op::Start { process } => system.start(process),
        Op::Advance { ms } => {
            system.advance(*ms)?;
            Ok(Term::atom("ok"))
        }
    }
}

/// Whether what the purge within a load kills is restarted before or after the new
/// code is there is a race that a system at rest must not have: so whoever lingers is
/// purged before. Old code that nobody lingers in is left to the load itself.
fn purge_lingerers(system: &mut impl Control, module: &str) -> Result<(), TargetError> {
    if system.at_rest() && system.lingers(module)? {
        system.purge(module)?;
        system.run_on(0)?;
    }
    Ok(())
}

fn by_name(
    system: &mut impl Control,
    process: &str,
    message: &System<'_>,
) -> Result<Term, TargetError> {
    let answer = system.system(Whom::Name(process), message)?;
    Ok(answer.unwrap_or_else(error))
}

/// `{error,Reason}`.
pub(super) fn error(why: Term) -> Term {
    Term::tuple([Term::atom("error"), why])
}

/// A name as an atom; `Scenario::validate` has seen to it that it is one.
pub(super) fn name(name: &str) -> Term {
    Atom::new(name).map_or(Term::atom("undefined"), Term::Atom)
}
