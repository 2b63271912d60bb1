//! Two histories that should be one.

use super::History;

/// The first event in which two histories differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its index.
    pub at: usize,
    /// The event in the one, as [`History::print`] prints it, without its index;
    /// nothing where that one is at its end.
    pub here: Option<String>,
    /// The same of the other.
    pub there: Option<String>,
}

impl History {
    /// The first event in which another history differs from this one, if they are not
    /// the same to the byte.
    pub fn first_difference(&self, other: &History) -> Option<Difference> {
        if self == other {
            return None;
        }
        let (here, there) = (self.lines(), other.lines());
        let (mine, its) = (self.events(), other.events());
        let shorter = mine.len().min(its.len());
        let at = (0..shorter)
            .find(|&at| here.get(at) != there.get(at) || mine[at] != its[at])
            .unwrap_or(shorter);
        Some(Difference {
            at,
            here: here.get(at).cloned(),
            there: there.get(at).cloned(),
        })
    }

    /// What each event is printed as, without its index.
    fn lines(&self) -> Vec<String> {
        let text = self.print();
        text.lines()
            .map(|line| {
                let line = line.trim_start();
                let index = line.find(' ').unwrap_or(line.len());
                line[index..].trim_start().into()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use upheaval_term::Term;

    use super::*;
    use crate::history::{Event, ProcessId};

    fn history(reasons: &[&'static str]) -> History {
        let mut history = History::new();
        for (process, reason) in (0..).zip(reasons) {
            let reason = history.data(&upheaval_term::encode(&Term::atom(*reason)));
            history.push(Event::Exited {
                process: ProcessId(process),
                reason,
            });
        }
        history
    }

    #[test]
    fn equal_histories_do_not_differ() {
        let one = history(&["normal", "killed"]);
        assert_eq!(one.first_difference(&one.clone()), None);
    }

    #[test]
    fn the_first_event_with_another_term_is_named_with_both_terms() {
        let (one, other) = (history(&["a", "b", "c"]), history(&["a", "x", "y"]));
        let difference = Difference {
            at: 1,
            here: Some("process<1> exited b".into()),
            there: Some("process<1> exited x".into()),
        };
        assert_eq!(one.first_difference(&other), Some(difference));
    }

    #[test]
    fn where_one_ends_the_other_goes_on() {
        let (one, other) = (history(&["a", "b"]), history(&["a"]));
        let difference = Difference {
            at: 1,
            here: Some("process<1> exited b".into()),
            there: None,
        };
        assert_eq!(one.first_difference(&other), Some(difference));
    }
}
