//! What the suites share. The suites themselves stand in `tests/` and `benches/`,
//! what they recorded in `snapshots/` at the top of the workspace.

mod node;
mod story;

pub use node::{Answers, sample, sealed, start};
pub use story::{Story, run_plan};
