//! Words for lists of things.

use std::fmt::Display;

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list<T: Display>(items: &[T]) -> String {
    joined(items, "and")
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn either<T: Display>(items: &[T]) -> String {
    joined(items, "or")
}

fn joined<T: Display>(items: &[T], word: &str) -> String {
    match items {
        [] => "nothing".into(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} {word} {last}", first.join(", "))
        }
    }
}

/// One form for one thing, another for more.
pub(super) fn by_count<'a, T>(items: &[T], one: &'a str, more: &'a str) -> &'a str {
    if items.len() == 1 { one } else { more }
}
