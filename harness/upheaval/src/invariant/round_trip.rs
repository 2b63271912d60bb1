//! Up and down again gives back the state.

use super::dense::entry;
use super::harmed::Harmed;
use super::{Invariant, Judgement, Violation, wording};
use crate::history::{Code, Data, Event, History, ProcessId, Symbol};
use crate::scenario::Scenario;

/// *What an upgrade made of a state, the downgrade turns back into that state (B16).*
///
/// It is judged where the module's model says that its upgrades can be
/// [taken back](crate::scenario::StateModel::reversible), and where a downgrade meets a state
/// that an upgrade between the same versions has made, be it of another process: what a
/// conversion gives follows from the state and the versions.
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
            up: Vec::new(),
            by_hand: Vec::new(),
            checked: 0,
        };
        let mut harmed = Harmed::default();
        for (at, event) in history.besides_traffic() {
            harmed.follow(event, |process| *entry(&mut ways.by_hand, process.0) = true);
            match *event {
                Event::Interfered { process } => {
                    *entry(&mut ways.by_hand, process.0) = true;
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

struct Ways<'a> {
    scenario: &'a Scenario,
    history: &'a History,
    /// All upgrades so far.
    up: Vec<Way>,
    /// Whose state the plan answers for.
    by_hand: Vec<bool>,
    checked: u64,
}

impl Ways<'_> {
    fn goes(&mut self, who: ProcessId, way: Way) -> Result<(), Violation> {
        let Some(is_up) = self.is_up(way.from.module, way.from.vsn, way.to.vsn) else {
            return Ok(());
        };
        if *entry(&mut self.by_hand, who.0) {
            return Ok(());
        }
        if is_up {
            self.up.push(way);
            return Ok(());
        }
        let taken_back = |up: &&Way| {
            (up.from, up.to) == (way.to, way.from) && self.is_same(up.after, way.before)
        };
        let Some(up) = self.up.iter().rev().find(taken_back) else {
            return Ok(());
        };
        self.checked += 1;
        if self.is_same(up.before, way.after) {
            return Ok(());
        }
        let [before, between, after] =
            [up.before, way.before, way.after].map(|state| self.history.term(state));
        Err(Violation {
            message: format!(
                "{}: an upgrade from {} to {} made {between} of {before}, and the downgrade {after} \
                 of that",
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
