//! What a plan does to a system on purpose, beside what operators do.

use upheaval_term::Term;

use super::TargetError;
use super::control::{Control, Whom};
use super::ops::error;
use crate::plan::{Damage, Fault, Mischief, Stage};
use crate::scenario::{Scenario, Switch};

/// Another module, and the version of it whose artifact is put in the place of a module's.
pub(super) fn swapped<'a>(scenario: &'a Scenario, module: &str) -> Option<(&'a str, &'a str)> {
    let mut others = scenario.modules.iter().filter(|other| other.name != module);
    let other = others.next()?;
    Some((&other.name, &other.versions.first()?.vsn))
}

/// The version whose artifact lies there stale, where another one was to be copied: the one
/// before it in the scenario's list, or the one behind the first. A module with one version has
/// no other.
pub(super) fn stale<'a>(scenario: &'a Scenario, module: &str, vsn: &'a str) -> &'a str {
    let versions = scenario.find_module(module).map(|m| &m.versions[..]);
    let versions = versions.unwrap_or_default();
    let place = versions.iter().position(|version| version.vsn == vsn);
    let other = match place {
        Some(0) => versions.get(1),
        Some(place) => versions.get(place - 1),
        None => None,
    };
    other.map_or(vsn, |version| &version.vsn)
}

/// The version that an upgrade leads to in which what lies there is stale, where it is a whole
/// one all the same: on the way up, an older version than the one that was to come, but a
/// newer one than runs, converts the states as if it had been meant.
pub(super) fn stale_upgrade<'a>(
    scenario: &'a Scenario,
    module: &str,
    (from, vsn): (&str, &'a str),
) -> Option<&'a str> {
    let found = scenario.find_module(module)?;
    let place = |vsn: &str| found.versions.iter().position(|v| v.vsn == vsn);
    let stale = stale(scenario, module, vsn);
    let is_up = place(from)? < place(stale)? && place(from)? < place(vsn)?;
    (is_up && found.switch != Switch::Load).then_some(stale)
}

/// How often it is looked whether a process has been started again.
const MOST_LOOKS: u32 = 30;

/// A fault in the middle of an op, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faults<'a>(pub(super) Option<&'a Fault>);

impl Faults<'_> {
    /// Damages the artifact that has been copied, if the fault is that.
    pub(super) fn damage(
        self,
        scenario: &Scenario,
        system: &mut impl Control,
        (module, vsn): (&str, &str),
    ) -> Result<(), TargetError> {
        let Some(Fault::Artifact(damage)) = self.0 else {
            return Ok(());
        };
        if *damage == Damage::Stale {
            return system.deploy(module, stale(scenario, module, vsn));
        }
        match (damage, swapped(scenario, module)) {
            (Damage::Swapped, Some((other, vsn))) => system.swap(module, other, vsn),
            (Damage::Swapped, None) => Ok(()),
            (damage, _) => system.damage(module, *damage),
        }
    }

    /// An upgrade whose load has failed for that, or has loaded what was not expected,
    /// converts states in the code that stays, or to another version than runs: for those
    /// the plan answers.
    pub(super) fn answer_for_unconverted(
        self,
        scenario: &Scenario,
        system: &mut impl Control,
        (module, from, vsn): (&str, &str, &str),
        suspended: &[Term],
    ) -> Result<(), TargetError> {
        let is_spoilt = match self.0 {
            Some(Fault::Artifact(Damage::Stale)) => {
                stale_upgrade(scenario, module, (from, vsn)).is_none()
            }
            Some(Fault::Artifact(_)) => true,
            _ => false,
        };
        if is_spoilt {
            for pid in suspended {
                system.interfere(Whom::Pid(pid))?;
            }
        }
        Ok(())
    }

    /// Lets a whole artifact lie there again.
    pub(super) fn mend(
        self,
        system: &mut impl Control,
        module: &str,
        vsn: &str,
    ) -> Result<(), TargetError> {
        match self.0 {
            Some(Fault::Artifact(_)) => system.deploy(module, vsn),
            _ => Ok(()),
        }
    }

    /// Does what is to be done to a process at this stage of an upgrade. `loaded` is
    /// whether the version is loaded by then, and `in_old_code` whether the states are
    /// converted before it is.
    ///
    /// Who is started in the place of another before the load runs on in its state
    /// unconverted, in Erlang as here: the plan answers for that. Likewise who converts
    /// its state too late, in code that knows nothing of it any more.
    pub(super) fn strike(
        self,
        system: &mut impl Control,
        stage: Stage,
        (loaded, in_old_code): (bool, bool),
    ) -> Result<(), TargetError> {
        let Some(Fault::Meanwhile {
            what,
            process,
            once,
        }) = self.0
        else {
            return Ok(());
        };
        if *once != stage {
            return Ok(());
        }
        let is_led_astray = match what {
            Mischief::Kill => !loaded,
            Mischief::Freeze => !loaded && in_old_code,
        };
        if is_led_astray {
            system.mislead()?;
        }
        match what {
            Mischief::Kill => kill_and_wait(system, process)?,
            Mischief::Freeze => system.freeze(process)?,
        };
        Ok(())
    }

    /// Lets who was frozen by [`strike`](Faults::strike) go on.
    pub(super) fn relent(self, system: &mut impl Control) -> Result<(), TargetError> {
        if let Some(Fault::Meanwhile {
            what: Mischief::Freeze,
            process,
            ..
        }) = self.0
        {
            system.thaw(process)?;
        }
        Ok(())
    }
}

/// Kills a process again and again; gives `{ok,Kills}`, how often it was there to be killed.
pub(super) fn storm(
    system: &mut impl Control,
    process: &str,
    kills: u32,
) -> Result<Term, TargetError> {
    for killed in 0..kills {
        let result = kill_and_wait(system, process)?;
        if result.as_bool() != Some(true) {
            return Ok(match killed {
                0 => result,
                killed => ok(Term::Int(i64::from(killed))),
            });
        }
    }
    Ok(ok(Term::Int(i64::from(kills))))
}

/// Kills a process, and lets the system run on until there is another one of that name,
/// or for a while.
fn kill_and_wait(system: &mut impl Control, process: &str) -> Result<Term, TargetError> {
    let result = system.kill(process)?;
    for _ in 0..MOST_LOOKS {
        if system.whereis(process)?.as_pid().is_some() {
            break;
        }
        system.run_on(1)?;
    }
    Ok(result)
}

/// Calls a process with what no clause of it takes; gives `{ok,Reason}`, what it exited
/// with, or why it has not.
pub(super) fn crash(
    scenario: &Scenario,
    system: &mut impl Control,
    process: &str,
) -> Result<Term, TargetError> {
    match scenario.crash_of(process) {
        Some(request) => {
            system.interfere(Whom::Name(process))?;
            let result = system.call(process, request)?;
            let why = result.as_tuple().and_then(|parts| parts.get(1));
            Ok(match why {
                Some(why) if !why.is_atom("timeout") && !why.is_atom("noproc") => ok(why.clone()),
                _ => result,
            })
        }
        None => Ok(error(Term::atom("undef"))),
    }
}

fn ok(what: Term) -> Term {
    Term::tuple([Term::atom("ok"), what])
}
