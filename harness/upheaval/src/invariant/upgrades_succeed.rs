//! An upgrade succeeds.

use super::attempts::Attempt;
use super::{Invariant, Judgement, Reading, Violation, wording};
use crate::history::{Event, History};
use crate::scenario::Scenario;

/// *An upgrade that the plan asks for, and that nothing of the plan stands in the way of,
/// succeeds, and does not restart the node.*
///
/// - `install_release` of a release that is unpacked, along its relup, gives `{ok,_,_}`
///   (C10): where it fails after the point of no return, the node restarts and all states
///   are lost (C12).
/// - `upgrade_app` and `downgrade_app` give `{ok,_}`: where they fail, processes stay
///   suspended in new code (C13).
/// - So does an upgrade of one module, made of the same steps (C2).
///
/// Exceptions:
/// - What is refused before anything has been done: a release that is not unpacked, or that
///   there is no way to, an application that does not run, old code that somebody still
///   runs where the appup says `soft_purge` (C14, C15).
/// - What the plan has done may stand in the way: a process that it has suspended (C7), or
///   whose state it has replaced, a module that it has loaded or deleted by hand, or stuck
///   (A13), a supervisor that has ended; a process that it has ended, as long as somebody
///   ends or is started by that (C9).
/// - An artifact that the plan has damaged is missing, or its module is not what it should be
///   when the upgrade fails.
/// - The release handler was misled, or an upgrade has failed before: until the node
///   restarts nothing is said.
#[derive(Clone, Copy, Debug, Default)]
pub struct UpgradesSucceed;

impl Invariant for UpgradesSucceed {
    fn name(&self) -> &'static str {
        "upgrades_succeed"
    }

    fn statement(&self) -> &'static str {
        "an upgrade that nothing of the plan stands in the way of succeeds (C10), and does not restart the node (C12)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        self.judge_read(&Reading::new(scenario, history))
    }

    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        let history = reading.history;
        let mut checked = 0;
        for attempt in reading.attempts() {
            if attempt.is_obstructed || attempt.is_refused() {
                continue;
            }
            checked += 1;
            if !attempt.is_ok() {
                return Judgement::Violated(violation(history, attempt));
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

fn violation(history: &History, attempt: &Attempt) -> Violation {
    let what = wording::upgrade(history, attempt.moved, attempt.name, attempt.vsn);
    let result = &attempt.result;
    let (at, what_then) = match attempt.restarted {
        Some(restart) => (restart, ", and the node restarted: all states are lost"),
        None => (attempt.ends, ""),
    };
    // What somebody ended by meanwhile, or could not convert, is why.
    let why = |at: &usize| {
        matches!(
            history.events()[*at],
            Event::Exited { .. } | Event::CodeChanged { after: None, .. }
        )
    };
    let reasons = (attempt.begins..at).filter(why);
    let mut evidence: Vec<usize> = [attempt.begins]
        .into_iter()
        .chain(reasons.take(5))
        .chain([at, attempt.ends])
        .collect();
    evidence.dedup();
    Violation {
        message: format!("{what} gave {result}{what_then}"),
        at,
        evidence,
    }
}

#[cfg(test)]
mod tests;
