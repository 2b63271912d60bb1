//! Failures kept as plan files: each says in its first line what it expects, and is run
//! again with every `cargo test`.

mod error;
mod expectation;
mod file;

pub use error::RegressionError;
pub use expectation::Expectation;
pub use file::{Kept, Regression, keep};
