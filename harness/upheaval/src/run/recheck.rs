//! Which cases are run twice.

use crate::plan::output;

/// Of a case's seed: the output that makes neither its plan nor its schedule.
const OUTPUT: u64 = 4;

/// The share of cases that are run twice, and compared to the byte.
///
/// It is made of a case's seed, so a case is among them wherever it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recheck {
    percent: u8,
}

impl Default for Recheck {
    /// Five in a hundred.
    fn default() -> Self {
        Recheck::percent(5)
    }
}

impl Recheck {
    /// So many in a hundred cases; above 100 all of them.
    pub const fn percent(percent: u8) -> Recheck {
        Recheck { percent }
    }

    /// Whether that case is among them.
    pub fn has(self, seed: u64) -> bool {
        // The seed's outputs are spread evenly over all numbers.
        u128::from(output(seed, OUTPUT)) * 100 < u128::from(self.percent) << 64
    }

    /// The same for the case of that number in a run: the first one is always among
    /// them, so that a short run tells something, unless none is.
    pub(crate) fn has_case(self, case: u64, seed: u64) -> bool {
        self.percent > 0 && case == 0 || self.has(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_as_many_cases_are_run_twice_as_are_asked_for() {
        for percent in [0, 5, 50, 100] {
            let recheck = Recheck::percent(percent);
            let twice = (0..10_000).filter(|case| recheck.has(output(7, *case)));
            let expected = 100 * usize::from(percent);
            assert!(twice.count().abs_diff(expected) <= 150, "{percent} percent");
        }
    }

    #[test]
    fn the_first_case_of_a_run_is_run_twice_unless_none_is() {
        assert!((0..100).all(|seed| Recheck::percent(1).has_case(0, seed)));
        assert!((0..100).all(|seed| !Recheck::percent(0).has_case(0, seed)));
    }
}
