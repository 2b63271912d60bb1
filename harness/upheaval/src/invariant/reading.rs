//! What several invariants read out of a history.

use std::cell::OnceCell;
use std::fmt;

use super::attempts::{Attempt, attempts};
use super::requests::Books;
use crate::history::History;
use crate::scenario::Scenario;

/// A history that several invariants judge: what more than one of them needs is read once.
pub struct Reading<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) history: &'a History,
    requests: OnceCell<Books<'a>>,
    attempts: OnceCell<Vec<Attempt>>,
}

impl<'a> Reading<'a> {
    /// A history of a scenario, of which nothing has been read yet.
    pub fn new(scenario: &'a Scenario, history: &'a History) -> Self {
        Reading {
            scenario,
            history,
            requests: OnceCell::new(),
            attempts: OnceCell::new(),
        }
    }

    /// Who was asked what, for those whose module has a spec.
    pub(super) fn requests(&self) -> &Books<'a> {
        let read = || Books::read(self.scenario, self.history);
        self.requests.get_or_init(read)
    }

    /// All upgrades that came to their ends.
    pub(super) fn attempts(&self) -> &[Attempt] {
        let read = || attempts(self.scenario, self.history);
        self.attempts.get_or_init(read)
    }
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}
