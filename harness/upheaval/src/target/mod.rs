//! Systems that can run a plan.

mod embedded;
mod seam;

pub use embedded::Embedded;
pub use seam::{Target, TargetError};
