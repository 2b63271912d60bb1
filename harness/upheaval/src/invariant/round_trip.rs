//! Up and down again gives back the state.

use super::dense::entry;
use super::{Invariant, Judgement, Violation, wording};
use crate::history::{Code, Data, Event, History, ProcessId, Symbol};
use crate::scenario::Scenario;

/// *What an upgrade made of a state, the downgrade turns back into that state (B16).*
///
/// It is judged where the module's model says that its upgrades can be
/// [taken back](crate::scenario::StateModel::reversible), and where the state was the same
/// before the downgrade as it was after the upgrade. Several upgrades are taken back one
/// after the other.
///
/// Exceptions: a downgrade that is taken back by an upgrade may have lost what the older
/// version cannot hold. Where the plan replaced a state, or had it converted, by hand, it
/// answers for the states of that process from then on.
#[derive(Clone, Copy, Debug, Default)]
pub struct RoundTrip;

impl Invariant for RoundTrip {
    fn name(&self) -> &'static str {
        "round_trip"
    }

    fn statement(&self) -> &'static str {
        "a downgrade turns what an upgrade made of a state back into that state (B16)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let mut ways = Ways {
            scenario,
            history,
            processes: Vec::new(),
            checked: 0,
        };
        for (at, event) in history.events().iter().enumerate() {
            match *event {
                Event::Interfered { process } => {
                    entry(&mut ways.processes, process.0).is_by_hand = true;
                }
                Event::CodeChanged {
                    process,
                    from,
                    to,
                    before,
                    after: Some(after),
                } => {
                    let way = Way {
                        at,
                        from,
                        to,
                        before,
                        after,
                    };
                    if let Err(violation) = ways.goes(process, way) {
                        return Judgement::Violated(violation);
                    }
                }
                _ => {}
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held {
                checked: ways.checked,
            },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

/// A conversion that succeeded.
#[derive(Clone, Copy)]
struct Way {
    at: usize,
    from: Code,
    to: Code,
    before: Data,
    after: Data,
}

#[derive(Default)]
struct Process {
    /// The upgrades that have not been taken back.
    up: Vec<Way>,
    /// Whether the plan answers for its state.
    is_by_hand: bool,
}

struct Ways<'a> {
    scenario: &'a Scenario,
    history: &'a History,
    processes: Vec<Process>,
    checked: u64,
}

impl Ways<'_> {
    fn goes(&mut self, who: ProcessId, way: Way) -> Result<(), Violation> {
        let Some(is_up) = self.is_up(way.from.module, way.from.vsn, way.to.vsn) else {
            return Ok(());
        };
        let process = entry(&mut self.processes, who.0);
        if process.is_by_hand {
            return Ok(());
        }
        if is_up {
            process.up.push(way);
            return Ok(());
        }
        let Some(up) = process.up.pop() else {
            return Ok(());
        };
        if (up.from, up.to) != (way.to, way.from) {
            process.up.clear();
            return Ok(());
        }
        if !self.is_same(up.after, way.before) {
            return Ok(());
        }
        self.checked += 1;
        if self.is_same(up.before, way.after) {
            return Ok(());
        }
        let [before, between, after] =
            [up.before, way.before, way.after].map(|state| self.history.term(state));
        Err(Violation {
            message: format!(
                "{} was upgraded from {} to {} and back: {before} became {between}, and that \
                 {after}",
                self.history.describe(who),
                wording::code(self.history, up.from),
                self.history.name(up.to.vsn),
            ),
            at: way.at,
            evidence: vec![up.at, way.at],
        })
    }

    /// Whether a way leads to a newer version; nothing where it is not judged.
    fn is_up(&self, module: Symbol, from: Symbol, to: Symbol) -> Option<bool> {
        let module = self.scenario.find_module(self.history.name(module))?;
        module
            .model
            .as_ref()
            .filter(|model| model.is_reversible())?;
        let place = |vsn: Symbol| {
            let vsn = self.history.name(vsn);
            module.versions.iter().position(|v| v.vsn == vsn)
        };
        Some(place(from)? < place(to)?)
    }

    fn is_same(&self, a: Data, b: Data) -> bool {
        // The fields of a map may stand in any order.
        self.history.bytes(a) == self.history.bytes(b)
            || self.history.term(a) == self.history.term(b)
    }
}

#[cfg(test)]
mod tests;
