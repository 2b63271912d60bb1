//! A conversion keeps what a state means.

use super::dense::entry;
use super::harmed::Harmed;
use super::{Invariant, Judgement, Violation};
use crate::history::{Code, Data, Event, History, ProcessId};
use crate::scenario::{Scenario, StateModel};

/// *A conversion succeeds, gives a state of the version it converts to, and
/// keeps what the state means; no process meets a state that its version cannot
/// read.*
///
/// - `code_change` succeeds. Where it fails, OTP keeps the old state and leaves
///   the process suspended (B6).
/// - The state before it is one of the version it converts from, the state
///   after it one of the version it converts to (B16), and by the module's
///   model both mean the same.
/// - No new version meets a state that it cannot read: that is code loaded
///   where an update was needed (A7), or a process that the suspension did not
///   find (C5).
/// - At rest, the state of a process is one of the version that it runs.
///
/// Exceptions: of a module without a model only unreadable states are judged; and
/// where the plan replaced a state, or had it converted, by hand, it answers for the
/// states of that process from then on. It does so, too, for those of everybody who is
/// alive while a release is installed from another one than runs, and where an application
/// that is moved alone is left between two versions (C13). Likewise for those of a module
/// whose artifact it has damaged, once the release handler loads it or converts them. And where a process ends whose
/// state it answers for, for the states of those that are started within the same op: an
/// upgrade that is looking for processes overlooks them (C5).
#[derive(Clone, Copy, Debug, Default)]
pub struct StateConversion;

impl Invariant for StateConversion {
    fn name(&self) -> &'static str {
        "state_conversion"
    }

    fn statement(&self) -> &'static str {
        "code_change succeeds and keeps what a state means (B6, B16), and no version meets a state it cannot read (A7)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let models = history
            .names()
            .iter()
            .map(|name| scenario.find_module(name)?.model.as_ref())
            .collect();
        let judge = Judge { history, models };
        let mut checked = 0;
        // Whose state the plan answers for.
        let mut by_hand: Vec<bool> = Vec::new();
        let mut misled = false;
        // Whether one of them has ended within the op that is being done.
        let mut has_ended = false;
        let mut harmed = Harmed::default();
        for (at, event) in history.besides_traffic() {
            harmed.follow(event, |process| *entry(&mut by_hand, process.0) = true);
            let process = match *event {
                Event::Misled => {
                    misled = true;
                    continue;
                }
                Event::OpBegins { .. } | Event::OpEnds { .. } => {
                    (misled, has_ended) = (false, false);
                    continue;
                }
                // It ends everybody, and starts from files: nobody is overlooked by that.
                Event::Restarted => {
                    (misled, has_ended) = (false, false);
                    by_hand.fill(false);
                    continue;
                }
                Event::Exited { process, .. } => {
                    has_ended |= *entry(&mut by_hand, process.0);
                    continue;
                }
                Event::Spawned { process, .. } => {
                    *entry(&mut by_hand, process.0) = misled || has_ended;
                    continue;
                }
                Event::Loaded { .. } | Event::CodeChanged { .. } if misled => {
                    by_hand.fill(true);
                    continue;
                }
                Event::Interfered { process } => {
                    *entry(&mut by_hand, process.0) = true;
                    continue;
                }
                Event::CodeChanged { process, .. }
                | Event::Unreadable { process, .. }
                | Event::Final { process, .. } => process,
                _ => continue,
            };
            if *entry(&mut by_hand, process.0) {
                continue;
            }
            let looked = match *event {
                Event::CodeChanged {
                    process,
                    from,
                    to,
                    before,
                    after,
                } => judge.conversion(process, (from, before), (to, after)),
                Event::Unreadable {
                    process,
                    from,
                    to,
                    state,
                } => Err(judge.unreadable(process, from, to, state)),
                Event::Final {
                    process,
                    code: Some(code),
                    state: Some(state),
                    ..
                } => judge.state_at_rest(process, code, state),
                _ => continue,
            };
            match looked {
                Ok(Looked::Yes) => checked += 1,
                Ok(Looked::NoModel) => {}
                Err(message) => {
                    return Judgement::Violated(Violation {
                        message,
                        at,
                        evidence: evidence(history, at),
                    });
                }
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

/// Whether an event could be judged.
enum Looked {
    Yes,
    NoModel,
}

struct Judge<'a> {
    history: &'a History,
    /// The models of the modules, by the symbols of their names.
    models: Vec<Option<&'a StateModel>>,
}

impl Judge<'_> {
    fn conversion(
        &self,
        process: ProcessId,
        (from, before): (Code, Data),
        (to, after): (Code, Option<Data>),
    ) -> Result<Looked, String> {
        let Some(model) = self.models[usize::from(from.module.0)] else {
            return Ok(Looked::NoModel);
        };
        let name = |code: Code| self.history.name(code.vsn);
        let what = format!("code_change from {} to {}", name(from), name(to));
        let before = self.history.term(before);
        let meaning = model.meaning(name(from), &before).map_err(|problem| {
            self.says(
                process,
                format_args!(
                    "{what} met {before}, which is no state of {}: {problem}",
                    name(from)
                ),
            )
        })?;
        let Some(after) = after else {
            return Err(self.says(
                process,
                format_args!(
                    "{what} failed to convert {before}; OTP keeps that state and leaves the \
                     process suspended (B6)"
                ),
            ));
        };
        let after = self.history.term(after);
        match model.meaning(name(to), &after) {
            Ok(now) if now == meaning => Ok(Looked::Yes),
            Ok(now) => Err(self.says(
                process,
                format_args!(
                    "{what} turned {before} (meaning {meaning}) into {after} (meaning {now})"
                ),
            )),
            Err(problem) => Err(self.says(
                process,
                format_args!(
                    "{what} turned {before} (meaning {meaning}) into {after}, which is no state \
                     of {}: {problem}",
                    name(to)
                ),
            )),
        }
    }

    fn state_at_rest(&self, process: ProcessId, code: Code, state: Data) -> Result<Looked, String> {
        let Some(model) = self.models[usize::from(code.module.0)] else {
            return Ok(Looked::NoModel);
        };
        let (vsn, state) = (self.history.name(code.vsn), self.history.term(state));
        match model.meaning(vsn, &state) {
            Ok(_) => Ok(Looked::Yes),
            Err(problem) => Err(self.says(
                process,
                format_args!(
                    "at rest it runs version {vsn} with {state}, which is no state of it: {problem}"
                ),
            )),
        }
    }

    fn unreadable(&self, process: ProcessId, from: Code, to: Code, state: Data) -> String {
        let (from, to) = (self.history.name(from.vsn), self.history.name(to.vsn));
        let state = self.history.term(state);
        self.says(
            process,
            format_args!(
                "version {to} met the state {state} of version {from} and cannot read it: it was \
                 loaded where an update was needed"
            ),
        )
    }

    fn says(&self, process: ProcessId, what: std::fmt::Arguments<'_>) -> String {
        format!("{}: {what}", self.history.describe(process))
    }
}

/// What explains a bad state: how the process came to the version that it had,
/// the last load before, and what was done to its state until then.
fn evidence(history: &History, at: usize) -> Vec<usize> {
    let (process, module) = match history.events()[at] {
        Event::CodeChanged { process, to, .. } | Event::Unreadable { process, to, .. } => {
            (process, Some(to.module))
        }
        Event::Final { process, code, .. } => (process, code.map(|code| code.module)),
        _ => return vec![at],
    };
    let before = &history.events()[..at];
    let load = before
        .iter()
        .rposition(|event| matches!(event, Event::Loaded { code } if Some(code.module) == module));
    let entry = before
        .iter()
        .rposition(|event| matches!(event, Event::Entered { process: p, .. } if *p == process));
    let conversion = before
        .iter()
        .rposition(|event| matches!(event, Event::CodeChanged { process: p, .. } if *p == process));
    let mut evidence: Vec<usize> = [load, entry, conversion]
        .into_iter()
        .flatten()
        .chain([at])
        .collect();
    evidence.sort_unstable();
    evidence
}

#[cfg(test)]
mod tests;
