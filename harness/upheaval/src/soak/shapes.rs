//! Which violations are worth shrinking: a common one may not take all the time.

use std::collections::HashMap;

use crate::run::{Breach, Claim};

/// How many of each kind are shrunk before only some are.
const ALL: u64 = 4;

/// The most kinds that are told apart.
const MOST: usize = 10_000;

/// The longest kind, in characters.
const LONGEST: usize = 200;

/// How often each kind of violation was seen.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    seen: HashMap<(usize, &'static str, String), u64>,
}

impl Shapes {
    /// Whether a violation is to be shrunk: the first four of its kind, and then the
    /// eighth, the sixteenth and so on. Two are of one kind if their messages differ in
    /// numbers only.
    pub(super) fn is_worth_it(&mut self, scenario: usize, claim: Claim, breach: &Breach) -> bool {
        let mut key = (scenario, claim.name, shape(&breach.message));
        if self.seen.len() >= MOST && !self.seen.contains_key(&key) {
            key.2.clear();
        }
        let seen = self.seen.entry(key).or_default();
        *seen += 1;
        *seen <= ALL || seen.is_power_of_two()
    }
}

/// A message without its numbers.
fn shape(message: &str) -> String {
    let mut shape = String::new();
    let mut in_number = false;
    for c in message.chars().take(LONGEST) {
        let is_digit = c.is_ascii_digit();
        if !is_digit {
            shape.push(c);
        } else if !in_number {
            shape.push('0');
        }
        in_number = is_digit;
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::DETERMINISM;

    fn shrunk(messages: impl IntoIterator<Item = String>) -> usize {
        let mut shapes = Shapes::default();
        let breaches = messages.into_iter().map(|message| Breach {
            message,
            excerpt: String::new(),
            op: None,
            death: None,
        });
        breaches
            .filter(|breach| shapes.is_worth_it(0, DETERMINISM, breach))
            .count()
    }

    #[test]
    fn of_a_thousand_that_differ_in_numbers_few_are_shrunk() {
        let messages = (0..1000).map(|n| format!("process {n} lost message {}", n * n));
        assert_eq!(shrunk(messages), 4 + 7);
    }

    #[test]
    fn what_is_of_another_kind_is_shrunk_although_others_came_before() {
        let lost = || (0..100).map(|n| format!("process {n} lost a message"));
        let other = "process 7 lost its state".to_string();
        assert_eq!(shrunk(lost().chain([other])), shrunk(lost()) + 1);
    }
}
