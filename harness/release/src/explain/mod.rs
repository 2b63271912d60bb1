//! What an appup comes to, line by line, and what of it goes wrong without a word.

mod effect;
mod error;
mod explanation;
mod files;
mod print;
mod upgrade;
mod warning;
mod words;

pub use error::ExplainError;
pub use explanation::{Explanation, Line};
pub use files::explain;
pub use upgrade::Upgrade;
pub use warning::Warning;
