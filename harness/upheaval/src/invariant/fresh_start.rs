//! An upgraded process is as a fresh one.

use super::dense::entry;
use super::requests::Books;
use super::{Invariant, Judgement, Reading, Violation};
use crate::history::{Code, Data, Event, History, ProcessId, Symbol};
use crate::scenario::{Explained, Scenario};

/// How many steps of a spec tell whether the order of receipts explains all answers: none
/// but those that go along it.
const NO_SEARCH: u64 = 0;

/// *At rest, the state of a process that was upgraded means what that of one means which
/// ran the new version from the start, and was asked the same.*
///
/// What that would be, the module's [`Spec`](crate::scenario::Spec) says, which knows no
/// versions; what a state means, its [`StateModel`](crate::scenario::StateModel) (B6, B16).
/// So whatever was received before an upgrade, while it went on, and after it, took effect
/// once; also casts, and calls that timed out (E5, B10).
///
/// Exceptions: processes of a module without a spec that says what is held, or without a
/// model; those that the scenario does not start itself, or for whose state the plan
/// answers; and those whose answers show that they did not do what they were asked in the
/// order in which they received it: of those only the
/// [answers](super::Linearizable) are judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct FreshStart;

impl Invariant for FreshStart {
    fn name(&self) -> &'static str {
        "fresh_start"
    }

    fn statement(&self) -> &'static str {
        "a process that was upgraded holds what one holds that ran the new version from the start (B6, E5)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        self.judge_read(&Reading::new(scenario, history))
    }

    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        let (scenario, history) = (reading.scenario, reading.history);
        let upgraded = Upgraded::read(history);
        if upgraded.at_rest.is_empty() {
            return match history.rest() {
                Ok(_) => Judgement::Held { checked: 0 },
                Err(reason) => Judgement::Inconclusive { reason },
            };
        }
        let books = reading.requests();
        let mut checked = 0;
        for (at, process, code, state) in upgraded.at_rest {
            match compare(scenario, books, process, code, state) {
                None => {}
                Some(Ok(())) => checked += 1,
                Some(Err(message)) => {
                    let changes = &upgraded.changes[process.0 as usize];
                    return Judgement::Violated(Violation {
                        message,
                        at,
                        evidence: changes.at.iter().copied().chain([at]).collect(),
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

/// Compares what a process holds with what it should; nothing where that is not said.
fn compare(
    scenario: &Scenario,
    books: &Books<'_>,
    process: ProcessId,
    code: Code,
    state: Data,
) -> Option<Result<(), String>> {
    let history = books.history;
    let asked_of = books.processes.get(process.0 as usize)?;
    let object = asked_of.object.as_ref().filter(|_| !asked_of.is_by_hand)?;
    let model = scenario.find_module(history.name(code.module))?;
    let model = model.model.as_ref()?;
    let requests = books.requests(asked_of)?;
    let expected = object.spec.meaning(object.args, &requests)?;
    let vsn = history.name(code.vsn);
    let state = history.term(state);
    // One that is no state of the version is for another to judge.
    let meaning = model.meaning(vsn, &state).ok()?;
    if meaning == expected {
        return Some(Ok(()));
    }
    match object
        .spec
        .explain(object.args, &books.asked(asked_of)?, NO_SEARCH)
    {
        Explained::All(_) => {}
        _ => return None,
    }
    let who = history.describe(process);
    Some(Err(format!(
        "{who} was upgraded, and holds {state} (meaning {meaning}); one that had run version \
         {vsn} from the start, and been asked the same, would hold what means {expected}"
    )))
}

/// Who was upgraded.
#[derive(Default)]
struct Upgraded {
    changes: Vec<Changes>,
    /// Those that are alive at rest, and what they hold then.
    at_rest: Vec<(usize, ProcessId, Code, Data)>,
}

/// Where a process came to run another version than before.
#[derive(Default)]
struct Changes {
    runs: Option<Symbol>,
    at: Vec<usize>,
}

impl Upgraded {
    fn read(history: &History) -> Upgraded {
        let mut upgraded = Upgraded::default();
        for (at, event) in history.besides_traffic() {
            match *event {
                Event::Entered { process, code } => {
                    let changes = entry(&mut upgraded.changes, process.0);
                    if changes.runs.replace(code.vsn).is_some() {
                        changes.at.push(at);
                    }
                }
                Event::CodeChanged {
                    process,
                    after: Some(_),
                    ..
                } => entry(&mut upgraded.changes, process.0).at.push(at),
                Event::Final {
                    process,
                    code: Some(code),
                    state: Some(state),
                    ..
                } if !entry(&mut upgraded.changes, process.0).at.is_empty() => {
                    upgraded.at_rest.push((at, process, code, state));
                }
                _ => {}
            }
        }
        upgraded
    }
}

#[cfg(test)]
mod tests;
