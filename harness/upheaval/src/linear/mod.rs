//! Whether what several callers saw of an object can be explained by one order of their
//! calls: linearizability, by the search of Wing and Gong with Lowe's memory.

mod list;
mod placed;
mod search;

pub use search::{Finding, Sequential, check};

/// What one caller asked of an object, and when.
///
/// Times are whatever is in order, such as indices into a history. No two of the calls
/// and returns of a history are at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation<T> {
    /// What was asked, and what came of it.
    pub what: T,
    /// When it was asked: it takes effect later than that.
    pub called: usize,
    /// By when it took effect; none where it may do so at any time from then on, or never:
    /// a call that timed out, or whose server died.
    pub returned: Option<usize>,
}

#[cfg(test)]
mod tests;
