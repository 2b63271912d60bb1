//! A module has two versions at most.

use super::loaded::{Books, Broken};
use super::{Invariant, Judgement, Violation, wording};
use crate::history::{Code, Event, History};
use crate::scenario::Scenario;

/// *A module has at most two versions at any moment, current and old (A1).*
///
/// - None is loaded, and the current one is not deleted, while there is old code (A1, A3):
///   it is purged first, or nothing changes.
/// - What is deleted is current, and what is purged is old (A3, A4).
///
/// Loading what is current once more makes an old version, too (A11). A node that restarts
/// forgets what it had loaded (C12).
#[derive(Clone, Copy, Debug, Default)]
pub struct TwoVersions;

impl Invariant for TwoVersions {
    fn name(&self) -> &'static str {
        "two_versions"
    }

    fn statement(&self) -> &'static str {
        "a module has at most two versions at any moment, current and old (A1)"
    }

    fn judge(&self, _scenario: &Scenario, history: &History) -> Judgement {
        let mut books = Books::default();
        let mut checked = 0;
        for (at, event) in history.besides_traffic() {
            let code = match *event {
                Event::Loaded { code } | Event::Deleted { code } | Event::Purged { code, .. } => {
                    code
                }
                Event::Restarted => {
                    let _ = books.follow(at, event);
                    continue;
                }
                _ => continue,
            };
            // The first load of a module could not be wrong.
            checked += u64::from(books.of(code.module).is_some_and(|v| v.changed.is_some()));
            if let Err(broken) = books.follow(at, event) {
                return Judgement::Violated(violation(history, code, broken, at));
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

fn violation(history: &History, code: Code, broken: Broken, at: usize) -> Violation {
    let event = history.events()[at];
    let what = wording::code(history, code);
    let message = match (event, broken) {
        (Event::Loaded { .. }, Broken::Third(old)) => format!(
            "{what} was loaded while {} was still old code: a third version",
            wording::code(history, Code { vsn: old, ..code })
        ),
        (_, Broken::Third(old)) => format!(
            "{what} was deleted while {} was still old code",
            wording::code(history, Code { vsn: old, ..code })
        ),
        (_, Broken::NotCurrent) => format!("{what} was deleted, and was not current"),
        (_, Broken::NotOld) => format!("{what} was purged, and was not old"),
    };
    let of_it = |event: &Event| match event {
        Event::Loaded { code: c } | Event::Deleted { code: c } | Event::Purged { code: c, .. } => {
            c.module == code.module
        }
        Event::Restarted => true,
        _ => false,
    };
    let events = history.events().iter().enumerate().take(at + 1);
    let told = events.filter(|(_, event)| of_it(event));
    Violation {
        message,
        at,
        evidence: told.map(|(index, _)| index).collect(),
    }
}

#[cfg(test)]
mod tests;
