//! An upgrade kills nobody.

use upheaval_term::Term;

use super::attempts::Attempt;
use super::dense::entry;
use super::{Invariant, Judgement, Reading, Violation, wording};
use crate::history::{Event, History, Moved, ProcessId};
use crate::scenario::Scenario;

/// *What an install, or the move of an application, purges, nobody runs any more; and no
/// supervisor gives up meanwhile.*
///
/// - A release handler purges hard what it replaces, whatever the appup says of the purge
///   before (C14), and what it was told to purge brutally as soon as the release is made
///   permanent: whoever lingers there is killed (A5, A9), and so is the request that it was
///   at.
/// - Each of them counts as a restart: beyond its intensity a supervisor gives up (D3, D4).
///
/// Exceptions:
/// - Who lingers in a module that the plan has loaded or deleted by hand, lingers by that.
/// - What the plan purges by an op of its own is its own doing; so is an upgrade of one
///   module, which begins with a purge.
/// - Whom the plan holds up, by whatever it did to a process, may linger by that, and a
///   supervisor may have counted what the plan has ended: nothing is said then. Nor once
///   the release handler was misled.
/// - Nor of an upgrade that lacked a module since its artifact was damaged.
/// - A node that restarts ends everybody (C12).
#[derive(Clone, Copy, Debug, Default)]
pub struct UpgradesKillNobody;

impl Invariant for UpgradesKillNobody {
    fn name(&self) -> &'static str {
        "upgrades_kill_nobody"
    }

    fn statement(&self) -> &'static str {
        "no purge of an upgrade kills a process (A9, C14), and no supervisor gives up by one (D3)"
    }

    fn applies(&self, scenario: &Scenario) -> bool {
        !scenario.releases.is_empty()
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        self.judge_read(&Reading::new(scenario, history))
    }

    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        let history = reading.history;
        let mut checked = 0;
        for attempt in reading.attempts() {
            if attempt.moved == Moved::Module || attempt.is_obstructed || attempt.is_spoilt {
                continue;
            }
            match judge(history, attempt) {
                Ok(looked) => checked += looked,
                Err(violation) => return Judgement::Violated(violation),
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

/// Judges what happened within one upgrade; gives how many purges and supervisors there
/// were to look at.
fn judge(history: &History, attempt: &Attempt) -> Result<u64, Violation> {
    let end = attempt.restarted.unwrap_or(attempt.ends);
    let mut checked = 0;
    let mut fallen: Vec<(usize, ProcessId)> = Vec::new();
    for (at, event) in history.besides_traffic_in(attempt.begins..end) {
        match *event {
            Event::Purged { code, killed } if !attempt.by_hand.contains(&code.module) => {
                checked += 1;
                if killed > 0 {
                    let evidence = (fallen.iter().map(|(at, _)| *at)).chain([at]);
                    return Err(Violation {
                        message: format!(
                            "{} was purged by an upgrade, and {killed} that still ran it \
                             {} killed",
                            wording::code(history, code),
                            if killed == 1 { "was" } else { "were" },
                        ),
                        at,
                        evidence: [attempt.begins].into_iter().chain(evidence).collect(),
                    });
                }
            }
            Event::Exited { process, reason } => {
                let reason = history.term(reason);
                if reason.is_atom("shutdown") && !fallen.is_empty() {
                    checked += 1;
                    gave_up(history, attempt, (at, process), &fallen)?;
                } else if !is_an_end(&reason) {
                    fallen.push((at, process));
                }
            }
            _ => {}
        }
    }
    Ok(checked)
}

/// Whether a supervisor gave up for the children of it that had ended before it.
fn gave_up(
    history: &History,
    attempt: &Attempt,
    (at, process): (usize, ProcessId),
    fallen: &[(usize, ProcessId)],
) -> Result<(), Violation> {
    let mut parents: Vec<Option<ProcessId>> = Vec::new();
    let mut is_supervisor = false;
    for (_, event) in history.besides_traffic_in(0..at) {
        match *event {
            Event::Spawned {
                process, parent, ..
            } => *entry(&mut parents, process.0) = parent,
            Event::Supervises { process: p, .. } => is_supervisor |= p == process,
            // A script stops supervisors, and says so.
            Event::Interfered { process: p } if p == process => return Ok(()),
            _ => {}
        }
    }
    let of_it = |(_, child): &&(usize, ProcessId)| {
        parents.get(child.0 as usize).copied().flatten() == Some(process)
    };
    let own: Vec<usize> = fallen.iter().filter(of_it).map(|(at, _)| *at).collect();
    // One that is told to stop stops its children first, and they end well; brutally
    // killed they are at once.
    let broke = |at: &usize| match history.events()[*at] {
        Event::Exited { reason, .. } => !history.term(reason).is_atom("killed"),
        _ => false,
    };
    if !is_supervisor || !own.iter().any(broke) {
        return Ok(());
    }
    Err(Violation {
        message: format!(
            "{} gave up within an upgrade, after {} of its children had ended",
            history.describe(process),
            own.len(),
        ),
        at,
        evidence: [attempt.begins]
            .into_iter()
            .chain(own)
            .chain([at])
            .collect(),
    })
}

/// Whether it is an end that a supervisor does not mind (D2).
fn is_an_end(reason: &Term) -> bool {
    let tag = reason.as_tuple().and_then(|parts| parts.first());
    let tag = tag.unwrap_or(reason);
    tag.is_atom("normal") || tag.is_atom("shutdown")
}

#[cfg(test)]
mod tests;
