//! Whose state is converted by what has come to harm.

use super::dense::entry;
use crate::history::{Event, ProcessId, Symbol};

/// Follows which artifact is damaged while the release handler moves code, and finds whose
/// states the plan answers for by that: they are converted in code that stays, or to another
/// version than runs then, or go on in one that nobody expected.
#[derive(Default)]
pub(super) struct Harmed {
    /// The module whose artifact is damaged, until the op ends.
    module: Option<Symbol>,
    /// What each process was spawned to run, while it is alive.
    runs: Vec<Option<Symbol>>,
}

impl Harmed {
    /// Takes note of an event, before it is judged: the plan answers for the states of those
    /// that `answers_for` is told.
    pub(super) fn follow(&mut self, event: &Event, mut answers_for: impl FnMut(ProcessId)) {
        match *event {
            Event::Damaged { code, .. } => self.module = Some(code.module),
            Event::OpEnds { .. } => self.module = None,
            Event::Restarted => *self = Harmed::default(),
            Event::Spawned {
                process, module, ..
            } => *entry(&mut self.runs, process.0) = module,
            Event::Exited { process, .. } => *entry(&mut self.runs, process.0) = None,
            Event::CodeChanged { process, from, .. } if self.module == Some(from.module) => {
                answers_for(process);
            }
            Event::Loaded { code } if self.module == Some(code.module) => {
                for (process, _) in (0..)
                    .zip(&self.runs)
                    .filter(|(_, runs)| **runs == self.module)
                {
                    answers_for(ProcessId(process));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::story::Story;

    /// Whom the plan answers for in the end.
    fn found(story: &Story) -> Vec<ProcessId> {
        let mut harmed = Harmed::default();
        let mut found = Vec::new();
        for event in story.history().events() {
            harmed.follow(event, |process| found.push(process));
        }
        found
    }

    #[test]
    fn who_runs_a_module_that_is_loaded_from_another_artifact_is_the_plans() {
        let mut story = Story::new();
        story.child(1, 9, "counter").child(2, 9, "ledger");
        story.op_begins(0).damaged("counter", "2");
        story.loaded("ledger", "2").loaded("counter", "1");
        story.op_ends("ok");
        assert_eq!(found(&story), [ProcessId(1)]);
    }

    #[test]
    fn what_was_damaged_is_whole_again_when_the_op_has_ended() {
        let mut story = Story::new();
        story.child(1, 9, "counter");
        story.op_begins(0).damaged("counter", "2").op_ends("ok");
        story.op_begins(1).loaded("counter", "2").op_ends("ok");
        assert_eq!(found(&story), []);
    }
}
