//! Where the embedded node deviates from Erlang on purpose.

use super::Line;

/// A deviation on purpose.
#[derive(Clone, Copy, Debug)]
pub struct Deviation {
    /// The rule that it deviates from.
    pub rule: &'static str,
    /// What is different, and why.
    pub reason: &'static str,
    /// Whether a pair of lines (embedded, real) differs only by it.
    pub explains: fn(Option<&Line>, Option<&Line>) -> bool,
}

/// All of them. What none of them explains is a difference.
pub const DEVIATIONS: &[Deviation] = &[];
