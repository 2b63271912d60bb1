//! Choices with weights, and a case's part of them.

use proptest::prelude::Rng as _;
use proptest::test_runner::TestRng;

use super::below;

/// One case in so many has all that there is.
const ALL: u32 = 32;

/// Choices of which one is drawn as often as its weight says.
#[derive(Clone, Debug)]
pub(super) struct Weighted<T> {
    total: u32,
    choices: Vec<(u32, T)>,
}

impl<T> Weighted<T> {
    pub(super) fn new(choices: impl IntoIterator<Item = (u32, T)>) -> Self {
        let choices: Vec<_> = choices.into_iter().collect();
        Weighted {
            total: choices
                .iter()
                .fold(0, |sum, (weight, _)| sum.saturating_add(*weight)),
            choices,
        }
    }

    /// Whether none can be drawn.
    pub(super) fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The choices that can be drawn.
    pub(super) fn possible(&self) -> impl Iterator<Item = &T> {
        let possible = self.choices.iter().filter(|(weight, _)| *weight > 0);
        possible.map(|(_, choice)| choice)
    }

    /// Some of the choices, each with even odds and at least one, or once in a while all:
    /// swarm testing (Groce and others, ISSTA 2012). What one choice would undo or drown
    /// comes about in cases without it. There must be one that can be drawn.
    pub(super) fn some(&self, random: &mut TestRng) -> Weighted<&T> {
        let all = self
            .choices
            .iter()
            .map(|(weight, choice)| (*weight, choice));
        if below(random, ALL) == 0 {
            return Weighted::new(all);
        }
        let mut coins = Coins::default();
        let some = Weighted::new(all.filter(|_| coins.flip(random)));
        match some.is_empty() {
            true => Weighted::new([(1, self.pick(random))]),
            false => some,
        }
    }

    /// Draws one; there must be one.
    pub(super) fn pick(&self, random: &mut TestRng) -> &T {
        let mut at = below(random, self.total);
        for (weight, choice) in &self.choices {
            match at.checked_sub(*weight) {
                None => return choice,
                Some(rest) => at = rest,
            }
        }
        unreachable!("drew past the total of the weights")
    }
}

/// Coins, of which one number gives many.
#[derive(Default)]
struct Coins {
    bits: u32,
    left: u32,
}

impl Coins {
    fn flip(&mut self, random: &mut TestRng) -> bool {
        if self.left == 0 {
            (self.bits, self.left) = (random.next_u32(), u32::BITS);
        }
        self.left -= 1;
        let coin = self.bits & 1 == 1;
        self.bits >>= 1;
        coin
    }
}

#[cfg(test)]
mod tests {
    use proptest::test_runner::RngAlgorithm;

    use super::*;

    fn source() -> TestRng {
        TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32])
    }

    #[test]
    fn the_heavier_of_two_kinds_is_drawn_more_often() {
        let weighted = Weighted::new([(3, "three"), (1, "one")]);
        let random = &mut source();
        let threes = (0..1000)
            .filter(|_| *weighted.pick(random) == "three")
            .count();
        assert!((700..800).contains(&threes), "{threes}");
    }

    #[test]
    fn a_part_has_each_choice_with_even_odds_and_one_at_least() {
        let weighted = Weighted::new([(1, 0), (2, 1), (3, 2)]);
        let random = &mut source();
        let mut times = [0; 3];
        for _ in 0..1000 {
            let some = weighted.some(random);
            assert!(!some.is_empty());
            for (weight, choice) in some.choices {
                assert!(weight > 0);
                times[*choice] += 1;
            }
        }
        assert!(
            times.iter().all(|times| (480..640).contains(times)),
            "{times:?}"
        );
    }

    #[test]
    fn once_in_a_while_a_part_is_all() {
        let weighted = Weighted::new((0..30).map(|choice| (1, choice)));
        let random = &mut source();
        let all = (0..3200).filter(|_| weighted.some(random).choices.len() == 30);
        assert!((60..140).contains(&all.count()));
    }

    #[test]
    fn what_has_no_weight_is_no_part() {
        let weighted = Weighted::new([(0, "never"), (1, "always")]);
        let random = &mut source();
        for _ in 0..100 {
            assert_eq!(**weighted.some(random).pick(random), "always");
        }
    }
}
