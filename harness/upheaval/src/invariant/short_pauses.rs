//! An upgrade of a release suspends nobody for long.

use super::attempts::Attempt;
use super::dense::entry;
use super::{Invariant, Judgement, Reading, Violation, wording};
use crate::history::{Event, History, Moved};
use crate::scenario::Scenario;

/// The most that somebody may be suspended for, in milliseconds: who does not answer is
/// waited for twice, for its suspend and for its resume, for five seconds each (C3, C8). The
/// rest is what a second one may have been late by.
const MOST: u64 = 15_000;

/// *An upgrade of a release suspends nobody for as long as it takes to wait for two others
/// that do not answer.*
///
/// Suspends are sequential, and who does not answer is waited for (C8): so where several of
/// those that an upgrade suspends are busy, the others pause for all of them together, and
/// whoever calls them has given up long before. One may be busy by chance; two are by how
/// they are made, and should work somewhere else, or be waited for less.
///
/// How long anybody can pause at all is judged [elsewhere](super::BoundedPause).
///
/// Exceptions:
/// - What the plan has done may hold somebody up: nothing is said where it stands in the
///   way of the upgrade.
/// - Who is not resumed by the upgrade is [suspended still](super::NobodySuspended).
#[derive(Clone, Copy, Debug, Default)]
pub struct ShortPauses;

impl Invariant for ShortPauses {
    fn name(&self) -> &'static str {
        "short_pauses"
    }

    fn statement(&self) -> &'static str {
        "an upgrade of a release suspends nobody for as long as it waits for two that do not answer (C8)"
    }

    fn applies(&self, scenario: &Scenario) -> bool {
        !scenario.releases.is_empty()
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        self.judge_read(&Reading::new(scenario, history))
    }

    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        let history = reading.history;
        let mut judged = reading.attempts().iter().filter(|attempt| {
            matches!(attempt.moved, Moved::Release | Moved::Application) && !attempt.is_obstructed
        });
        let mut next = judged.next();
        let (mut now, mut checked) = (0, 0);
        let mut suspended: Vec<Option<(usize, u64)>> = Vec::new();
        for (at, event) in history.besides_traffic() {
            let Some(attempt) = next else { break };
            if let Event::Clock { ms } = *event {
                now = ms;
            }
            if at == attempt.begins {
                suspended.clear();
            } else if at == attempt.restarted.unwrap_or(attempt.ends) {
                next = judged.next();
            } else if at > attempt.begins {
                match *event {
                    Event::Suspended { process } => {
                        *entry(&mut suspended, process.0) = Some((at, now));
                    }
                    Event::Resumed { process } => {
                        let Some(since) = entry(&mut suspended, process.0).take() else {
                            continue;
                        };
                        checked += 1;
                        if now - since.1 > MOST {
                            let who = history.describe(process);
                            return violation(history, attempt, &who, since, (at, now));
                        }
                    }
                    _ => {}
                }
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

fn violation(
    history: &History,
    attempt: &Attempt,
    who: &str,
    (since, began): (usize, u64),
    (at, now): (usize, u64),
) -> Judgement {
    Judgement::Violated(Violation {
        message: format!(
            "{} suspended {who} for {} ms",
            wording::upgrade(history, attempt.moved, attempt.name, attempt.vsn),
            now - began,
        ),
        at,
        evidence: vec![attempt.begins, since, at],
    })
}

#[cfg(test)]
mod tests;
