//! The cells that were reached, of those that can be.

use super::{Cell, Doing, Forbidden, Kind, RULES, Reached, Strength};

/// How often each cell was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    times: Vec<u64>,
    /// By subject, what was seen of it.
    seen: Vec<Seen>,
}

impl Default for Coverage {
    fn default() -> Self {
        Coverage {
            times: vec![0; Cell::COUNT],
            seen: Vec::new(),
        }
    }
}

impl Coverage {
    /// Adds what a case has reached.
    pub fn add(&mut self, reached: &[Reached]) {
        for Reached { subject, cell } in reached {
            let Some(known) = Cell::at(*cell) else {
                continue;
            };
            self.times[usize::from(*cell)] += 1;
            let subject = usize::from(*subject);
            if self.seen.len() <= subject {
                self.seen.resize(subject + 1, Seen::default());
            }
            self.seen[subject].add(known);
        }
    }

    /// Adds what the cases of another scenario have reached, whose subjects are others.
    pub fn merge(&mut self, other: &Coverage) {
        for (times, more) in self.times.iter_mut().zip(&other.times) {
            *times += more;
        }
        self.seen.extend(&other.seen);
    }

    /// Whether anything was measured at all: real nodes cannot be asked.
    pub fn is_measured(&self) -> bool {
        self.times.iter().any(|times| *times > 0)
    }

    /// How often a cell was reached.
    pub fn times(&self, cell: Cell) -> u64 {
        self.times[usize::from(cell.index())]
    }

    /// How many cells were reached.
    pub fn reached(&self) -> usize {
        self.times.iter().filter(|times| **times > 0).count()
    }

    /// How many can be: those that were, and those that were [missed](Coverage::missed).
    pub fn reachable(&self) -> usize {
        self.reached() + self.missed().len()
    }

    /// The cells that were never reached and could have been: with a subject that was
    /// seen doing such a thing, and to which such an op was done, and that no
    /// [rule](RULES) forbids.
    pub fn missed(&self) -> Vec<Cell> {
        self.seldom(1)
    }

    /// Those that could have been and were reached less often than that.
    pub(super) fn seldom(&self, times: u64) -> Vec<Cell> {
        let seldom = Cell::all().filter(|cell| {
            self.times(*cell) < times
                && self.seen.iter().any(|seen| seen.has(*cell))
                && self.forbids(*cell).is_none()
        });
        seldom.collect()
    }

    /// Whether a cell is expected of one of these subjects, where any are named.
    pub(super) fn expects(&self, subjects: &[u8], cell: Cell) -> bool {
        let has = |subject: &u8| {
            let seen = self.seen.get(usize::from(*subject));
            seen.is_some_and(|seen| seen.has(cell))
        };
        subjects.is_empty() || subjects.iter().any(has)
    }

    /// The cells that never can be, and were reached all the same: either the rule is wrong,
    /// or the node is.
    pub fn contradictions(&self) -> Vec<(Cell, &'static Forbidden)> {
        let reached = Cell::all().filter(|cell| self.times(*cell) > 0);
        let contradictions = reached.filter_map(|cell| Some((cell, self.forbids(cell)?)));
        let is_never = |(_, rule): &(Cell, &Forbidden)| rule.strength == Strength::Never;
        contradictions.filter(is_never).collect()
    }

    /// What a behaviour that was seen was never seen doing.
    pub fn unseen(&self) -> Vec<(Kind, Doing)> {
        let does = |kind: Kind, doing: Doing| self.seen.iter().any(|seen| seen.does(kind, doing));
        let kinds = Kind::ALL.into_iter();
        let kinds = kinds.filter(|kind| Doing::ALL.iter().any(|doing| does(*kind, *doing)));
        let pairs = kinds.flat_map(|kind| Doing::ALL.map(|doing| (kind, doing)));
        pairs.filter(|(kind, doing)| !does(*kind, *doing)).collect()
    }

    /// The rule by which a cell is not expected.
    pub fn forbids(&self, cell: Cell) -> Option<&'static Forbidden> {
        let was_seen = |rule: &Forbidden| {
            let others = Doing::ALL.map(|doing| Cell { doing, ..cell });
            let mut others = others.into_iter().filter(|other| rule.covers(*other));
            others.any(|other| self.times(other) > 0)
        };
        let mut rules = RULES.iter();
        rules.find(|rule| {
            rule.covers(cell) && !(rule.strength == Strength::UntilSeen && was_seen(rule))
        })
    }
}

/// What was seen of a subject: of the processes of a module, or of a supervisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// By behaviour, a set each: what they were doing, and what was done to them.
    doings: [u32; Kind::ALL.len()],
    deeds: [u32; Kind::ALL.len()],
}

impl Seen {
    fn add(&mut self, cell: Cell) {
        self.doings[cell.behaviour as usize] |= 1 << cell.doing as u32;
        self.deeds[cell.behaviour as usize] |= 1 << cell.deed as u32;
    }

    fn does(&self, kind: Kind, doing: Doing) -> bool {
        self.doings[kind as usize] & 1 << doing as u32 != 0
    }

    fn has(&self, cell: Cell) -> bool {
        self.does(cell.behaviour, cell.doing)
            && self.deeds[cell.behaviour as usize] & 1 << cell.deed as u32 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::{Deed, Outcome};

    fn cell(doing: Doing, deed: Deed, outcome: Outcome) -> Cell {
        Cell {
            behaviour: Kind::GenServer,
            doing,
            deed,
            outcome,
        }
    }

    fn coverage(cells: &[Cell]) -> Coverage {
        let mut coverage = Coverage::default();
        let reached = cells.iter().map(|cell| Reached {
            subject: 0,
            cell: cell.index(),
        });
        coverage.add(&reached.collect::<Vec<_>>());
        coverage
    }

    #[test]
    fn nothing_is_missed_where_nothing_was_seen() {
        let nothing = Coverage::default();
        assert!(!nothing.is_measured());
        assert_eq!((nothing.reached(), nothing.reachable()), (0, 0));
    }

    #[test]
    fn what_was_seen_together_with_nothing_is_missed() {
        let suspend = cell(Doing::Idle, Deed::Suspend, Outcome::Ok);
        let resume = cell(Doing::Suspended, Deed::Resume, Outcome::Ok);
        let coverage = coverage(&[suspend, resume, resume]);
        assert_eq!((coverage.reached(), coverage.times(resume)), (2, 2));
        let missed = coverage.missed();
        assert!(missed.contains(&cell(Doing::Suspended, Deed::Suspend, Outcome::Ok)));
        assert!(missed.contains(&cell(Doing::Idle, Deed::Resume, Outcome::Ok)));
        let others = |cell: &Cell| {
            !matches!(cell.deed, Deed::Suspend | Deed::Resume)
                || !matches!(cell.doing, Doing::Idle | Doing::Suspended)
                || cell.behaviour != Kind::GenServer
        };
        assert!(!missed.iter().any(others), "{missed:?}");
        assert_eq!(coverage.reachable(), 2 + missed.len());
    }

    #[test]
    fn what_a_rule_forbids_is_not_missed() {
        let kill = cell(Doing::Idle, Deed::Kill, Outcome::Ended);
        assert_eq!(coverage(&[kill]).missed(), []);
    }

    #[test]
    fn what_a_rule_forbids_and_comes_about_is_a_contradiction() {
        let survives = cell(Doing::Idle, Deed::Kill, Outcome::Ok);
        let contradictions = coverage(&[survives]).contradictions();
        assert_eq!(contradictions.len(), 1);
        assert_eq!(
            (contradictions[0].0, contradictions[0].1.rule),
            (survives, "E2")
        );
    }

    #[test]
    fn what_was_never_seen_is_told() {
        let kill = cell(Doing::Idle, Deed::Kill, Outcome::Ended);
        let unseen = coverage(&[kill]).unseen();
        assert_eq!(unseen.len(), Doing::ALL.len() - 1);
        assert!(unseen.iter().all(|(kind, _)| *kind == Kind::GenServer));
    }

    #[test]
    fn what_was_seen_of_another_module_is_not_expected_of_this_one() {
        let mut both = coverage(&[cell(Doing::Idle, Deed::Kill, Outcome::Ended)]);
        both.merge(&coverage(&[cell(
            Doing::Suspended,
            Deed::Resume,
            Outcome::Ok,
        )]));
        assert_eq!((both.reached(), both.missed()), (2, vec![]));
    }

    #[test]
    fn what_takes_a_coincidence_is_not_expected_and_counts_where_it_comes_about() {
        let ok = cell(Doing::Idle, Deed::Suspend, Outcome::Ok);
        let ended = cell(Doing::Idle, Deed::Suspend, Outcome::Ended);
        assert_eq!(coverage(&[ok]).missed(), []);
        let both = coverage(&[ok, ended]);
        assert_eq!((both.reached(), both.contradictions().len()), (2, 0));
    }

    #[test]
    fn the_sum_of_cases_does_not_depend_on_their_order() {
        let a = cell(Doing::Idle, Deed::Kill, Outcome::Ended);
        let b = cell(Doing::Suspended, Deed::Resume, Outcome::Ok);
        assert_eq!(coverage(&[a, b]), coverage(&[b, a]));
    }
}
