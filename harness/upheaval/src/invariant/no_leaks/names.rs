//! Who has which name, by what happened.

use crate::history::{Event, History, ProcessId, Symbol};
use crate::invariant::Violation;

/// The names that are taken, each by whoever took it last, who may have ended, and where.
#[derive(Default)]
pub(super) struct Names {
    taken: Vec<(Symbol, ProcessId, usize)>,
}

impl Names {
    pub(super) fn read(&mut self, at: usize, event: &Event) {
        match *event {
            Event::Registered { process, name } => {
                self.taken.retain(|(taken, ..)| *taken != name);
                self.taken.push((name, process, at));
            }
            Event::Unregistered { process, name } => {
                self.taken.retain(|(n, p, _)| (*n, *p) != (name, process));
            }
            _ => {}
        }
    }

    /// Compares the name that a process has at rest with the one that it should have.
    pub(super) fn compare(
        &self,
        history: &History,
        at: usize,
        process: ProcessId,
        name: Option<Symbol>,
    ) -> Result<(), Violation> {
        let mut taken = self.taken.iter();
        let own = taken.find(|(_, p, _)| *p == process);
        if name == own.map(|(name, ..)| *name) {
            return Ok(());
        }
        let mut taken = self.taken.iter();
        let holder = taken.find(|(taken, ..)| Some(*taken) == name);
        let who = history.describe(process);
        let (message, because) = match (name.map(|name| history.name(name)), holder, own) {
            (Some(name), Some((_, holder, because)), _) => {
                let holder = history.describe(*holder);
                let message =
                    format!("{who} is registered as {name} at rest, and {holder} took that last");
                (message, Some(*because))
            }
            (Some(name), None, _) => {
                let message = format!(
                    "{who} is registered as {name} at rest, a name that nobody has taken, or \
                     that was given up"
                );
                (message, None)
            }
            (None, _, Some((name, _, because))) => {
                let name = history.name(*name);
                let message = format!("{who} took the name {name}, and has it no more at rest");
                (message, Some(*because))
            }
            (None, _, None) => return Ok(()),
        };
        Err(Violation {
            message,
            at,
            evidence: because.into_iter().chain([at]).collect(),
        })
    }
}
