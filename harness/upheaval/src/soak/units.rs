//! Which cases are done, which are under way, and which come next.

use std::collections::BTreeMap;

/// How many cases a unit has.
pub(super) const BLOCK: u32 = 100;

/// A unit of work: a block of cases of one scenario, those before `from` done already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) number: u64,
    pub(super) from: u32,
}

/// The units of a soak, in their order, without an end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Units {
    /// The first that nobody has begun.
    next: u64,
    /// Those before it that are not done, and up to where they are.
    open: BTreeMap<u64, u32>,
    /// Those of them that somebody has taken.
    taken: Vec<u64>,
}

impl Units {
    /// The next to be worked on: one that was left, or a new one.
    pub(super) fn take(&mut self) -> Unit {
        let left = self
            .open
            .iter()
            .find(|(unit, _)| !self.taken.contains(unit));
        let unit = match left {
            Some((number, from)) => Unit {
                number: *number,
                from: *from,
            },
            None => {
                let number = self.next;
                self.next += 1;
                self.open.insert(number, 0);
                Unit { number, from: 0 }
            }
        };
        self.taken.push(unit.number);
        unit
    }

    /// So many more cases of a unit are done. False where they are not the next of it.
    pub(super) fn done(&mut self, unit: Unit, cases: u32) -> bool {
        let Unit { number, from } = unit;
        while self.next <= number {
            self.open.insert(self.next, 0);
            self.next += 1;
        }
        if self.open.get(&number) != Some(&from) || cases > BLOCK - from {
            return false;
        }
        match from + cases {
            BLOCK => {
                self.open.remove(&number);
                self.taken.retain(|unit| *unit != number);
            }
            more => {
                self.open.insert(number, more);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(number: u64, from: u32) -> Unit {
        Unit { number, from }
    }

    #[test]
    fn units_come_one_after_the_other() {
        let mut units = Units::default();
        assert_eq!(units.take(), unit(0, 0));
        assert_eq!(units.take(), unit(1, 0));
    }

    #[test]
    fn what_was_left_comes_before_what_is_new_and_goes_on_where_it_was_left() {
        let mut units = Units::default();
        assert!(units.done(unit(0, 0), BLOCK));
        assert!(units.done(unit(1, 0), 30));
        assert!(units.done(unit(2, 0), BLOCK));
        assert_eq!(units.take(), unit(1, 30));
        assert_eq!(units.take(), unit(3, 0));
    }

    #[test]
    fn a_journals_units_in_any_order_leave_the_same_to_do() {
        let mut units = Units::default();
        assert!(units.done(unit(2, 0), BLOCK));
        assert!(units.done(unit(0, 0), 99));
        assert!(units.done(unit(0, 99), 1));
        assert_eq!(units.take(), unit(1, 0));
        assert_eq!(units.take(), unit(3, 0));
    }

    #[test]
    fn cases_that_are_done_already_are_not_done_again() {
        let mut units = Units::default();
        assert!(units.done(unit(0, 0), 30));
        for (from, cases) in [(0, 30), (31, 10), (30, 71)] {
            assert!(!units.done(unit(0, from), cases), "{from} {cases}");
        }
        assert!(units.done(unit(0, 30), 70));
        assert!(!units.done(unit(0, 0), BLOCK));
    }
}
