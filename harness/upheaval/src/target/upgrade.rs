//! A whole upgrade of one module, as a release makes it (C2).

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::SplitMix64;
use upheaval_term::Term;

use super::TargetError;
use super::control::{Child, Control, System, Whom};
use super::fault::Faults;
use super::ops::error;
use crate::plan::Stage;
use crate::scenario::{Scenario, Switch};

/// How often it is looked again for the processes of a module where a supervisor ends
/// meanwhile. OTP's release handler looks once, and overlooks that supervisor's
/// children (C5).
const MOST_LOOKS: u32 = 100;

/// The most scheduler steps between two instructions of an upgrade.
const MOST_STEPS: u32 = 6;

/// Copies the artifact, purges, suspends every process of the module, loads,
/// converts and resumes; on a downgrade it converts before it loads. Between two
/// instructions the traffic goes on.
///
/// A process that does not answer is left out (C8). One that cannot convert its
/// state makes the upgrade fail, and is resumed all the same, as whoever repairs a
/// failed upgrade would do.
pub(super) fn upgrade(
    scenario: &Scenario,
    system: &mut impl Control,
    (module, vsn): (&str, &str),
    faults: Faults<'_>,
    seed: u32,
) -> Result<Term, TargetError> {
    let mut pauses = Pauses::new(seed);
    let Some(from) = system.current_vsn(module)? else {
        // Nobody runs it: there is nothing to convert.
        system.deploy(module, vsn)?;
        faults.damage(scenario, system, (module, vsn))?;
        return system.load_file(module);
    };
    system.deploy(module, vsn)?;
    faults.damage(scenario, system, (module, vsn))?;
    system.purge(module)?;
    pauses.next(system)?;
    let mut suspended = Vec::new();
    let mut found = supervised(scenario, system, module)?;
    for _ in 0..MOST_LOOKS {
        match found {
            // A supervisor ended, or is being started again: it will have other children.
            Found::Changing(_) => system.run_on(1)?,
            _ => break,
        }
        found = supervised(scenario, system, module)?;
    }
    let (Found::All(found) | Found::Changing(found)) = found else {
        return Ok(error(Term::atom("suspended_supervisor")));
    };
    for pid in found {
        match system.system(Whom::Pid(&pid), &System::Suspend)? {
            Ok(_) => suspended.push(pid),
            // It is told to go on should it be suspended later, and nobody minds how that
            // ends.
            Err(_) => drop(system.system(Whom::Pid(&pid), &System::Resume)?),
        }
        pauses.next(system)?;
    }
    let down = is_downgrade(scenario, module, &from, vsn);
    let found = scenario.find_module(module);
    // A supervisor's `init` is asked in the version that is to come, up and down.
    let is_static = found.is_some_and(|module| module.switch == Switch::Supervisor);
    let mut failure = None;
    let in_old_code = down && !is_static;
    faults.strike(system, Stage::Suspended, (false, in_old_code))?;
    if in_old_code {
        failure = convert(system, &suspended, (module, vsn), true)?;
        faults.strike(system, Stage::Converted, (false, in_old_code))?;
        pauses.next(system)?;
    }
    let loaded = system.load_file(module)?;
    if !is_static {
        faults.answer_for_unconverted(scenario, system, (module, &from, vsn), &suspended)?;
    }
    faults.strike(system, Stage::Loaded, (true, in_old_code))?;
    pauses.next(system)?;
    if down && is_static {
        failure = convert(system, &suspended, (module, vsn), true)?;
        pauses.next(system)?;
    } else if !down && from != vsn {
        failure = convert(system, &suspended, (module, &from), false)?;
        pauses.next(system)?;
    }
    if !in_old_code {
        faults.strike(system, Stage::Converted, (true, in_old_code))?;
    }
    faults.relent(system)?;
    for pid in suspended.iter().rev() {
        // One that has died since is nobody to resume.
        let _ = system.system(Whom::Pid(pid), &System::Resume)?;
        pauses.next(system)?;
    }
    let is_loaded = loaded
        .as_tuple()
        .is_some_and(|parts| parts[0].is_atom("module"));
    Ok(match failure {
        Some(why) => error(why),
        None if is_loaded => Term::atom("ok"),
        None => loaded,
    })
}

/// The processes of a module, as OTP's release handler finds them: all trees, by the
/// modules of the child specs, newest child first (C5), and those under a supervisor
/// behind its siblings. The supervisors are asked, so what they have yet to restart is
/// restarted first.
fn supervised(
    scenario: &Scenario,
    system: &mut impl Control,
    module: &str,
) -> Result<Found, TargetError> {
    let mut found = Vec::new();
    let mut is_changing = false;
    for name in scenario.started_by_hand() {
        let process = scenario.find_process(name);
        // One that is alone is no part of a tree, unless it is the top of one.
        if process.is_some_and(|process| !scenario.is_supervisor(process)) {
            continue;
        }
        let top = system.whereis(name)?;
        if top.as_pid().is_none() {
            continue;
        }
        if process.is_some_and(|process| process.module == module) {
            found.push(top.clone());
        }
        let mut supervisors = vec![top];
        while let Some(supervisor) = supervisors.pop() {
            let children = match system.which_children(&supervisor)? {
                Ok(children) => children,
                Err(why) if why.is_atom("timeout") => return Ok(Found::Suspended),
                Err(_) => {
                    is_changing = true;
                    continue;
                }
            };
            is_changing |= Child::is_restarting(&children);
            let children = Child::all(&children);
            let is_of = |child: &&Child| child.modules.iter().any(|name| name == module);
            found.extend(children.iter().filter(is_of).map(|child| child.pid.clone()));
            let below = children.into_iter().filter(|child| child.is_supervisor);
            supervisors.extend(below.map(|child| child.pid));
        }
    }
    Ok(match is_changing {
        true => Found::Changing(found),
        false => Found::All(found),
    })
}

/// The processes of a module.
enum Found {
    All(Vec<Term>),
    /// A supervisor was not there any more, or a child is being started again.
    Changing(Vec<Term>),
    /// A supervisor does not answer: it is suspended (C7).
    Suspended,
}

/// Tells each process to convert its state; gives the first error.
fn convert(
    system: &mut impl Control,
    pids: &[Term],
    (module, vsn): (&str, &str),
    down: bool,
) -> Result<Option<Term>, TargetError> {
    let change = System::ChangeCode { module, vsn, down };
    let mut failure = None;
    for pid in pids {
        match system.system(Whom::Pid(pid), &change)? {
            Ok(answer) if answer.is_atom("ok") => {}
            // `{error,Reason}`.
            Ok(answer) => {
                let why = match answer {
                    Term::Tuple(mut parts) if parts.len() == 2 => parts.pop(),
                    other => Some(other),
                };
                failure = failure.or(why);
            }
            Err(why) => failure = failure.or(Some(why)),
        }
    }
    Ok(failure)
}

fn is_downgrade(scenario: &Scenario, module: &str, from: &str, to: &str) -> bool {
    let place = |vsn: &str| {
        let module = scenario.find_module(module)?;
        module
            .versions
            .iter()
            .position(|version| version.vsn == vsn)
    };
    place(to) < place(from)
}

/// How long the system runs on between two instructions.
pub(super) struct Pauses(SplitMix64);

impl Pauses {
    /// Pauses that follow from an op's seed.
    pub(super) fn new(seed: u32) -> Pauses {
        Pauses(SplitMix64::seed_from_u64(u64::from(seed)))
    }

    /// Yes or no, one as likely as the other.
    pub(super) fn coin(&mut self) -> bool {
        self.0.next_u32() & 1 == 1
    }

    /// A number below this.
    pub(super) fn below(&mut self, most: u32) -> u32 {
        self.0.next_u32() % most
    }

    pub(super) fn next(&mut self, system: &mut impl Control) -> Result<(), TargetError> {
        system.run_on(self.0.next_u32() % (MOST_STEPS + 1))
    }
}
