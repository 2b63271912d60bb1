//! What happened, in numbers.

use std::collections::BTreeSet;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use crate::history::{Event, History, ProcessId, Symbol};

/// How much happened in a history, or in many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// User messages that were sent.
    pub messages: u64,
    /// Versions that became current after the system had started.
    pub upgrades: u64,
    /// Lingering processes that a purge killed.
    pub purge_kills: u64,
    /// Children that a supervisor started again.
    pub restarts: u64,
}

impl Counts {
    /// Counts what happened in a history.
    pub fn of(history: &History) -> Counts {
        let mut counts = Counts::default();
        let mut parents: Vec<Option<ProcessId>> = Vec::new();
        let mut started: BTreeSet<(ProcessId, Symbol)> = BTreeSet::new();
        let mut has_begun = false;
        let is_sent = |event: &&Event| matches!(event, Event::Sent { .. });
        counts.messages = history.events().iter().filter(is_sent).count() as u64;
        for (_, event) in history.besides_traffic() {
            match *event {
                Event::OpBegins { .. } => has_begun = true,
                Event::Loaded { .. } if has_begun => counts.upgrades += 1,
                Event::Purged { killed, .. } => counts.purge_kills += u64::from(killed),
                Event::Spawned {
                    process, parent, ..
                } => {
                    let place = process.0 as usize;
                    if parents.len() <= place {
                        parents.resize(place + 1, None);
                    }
                    parents[place] = parent;
                }
                Event::Registered { process, name } => {
                    let parent = parents.get(process.0 as usize).copied().flatten();
                    if let Some(parent) = parent
                        && !started.insert((parent, name))
                    {
                        counts.restarts += 1;
                    }
                }
                _ => {}
            }
        }
        counts
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.messages += other.messages;
        self.upgrades += other.upgrades;
        self.purge_kills += other.purge_kills;
        self.restarts += other.restarts;
    }
}
