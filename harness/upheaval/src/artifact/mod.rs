//! Artifacts: from where a scenario says that its modules come, to shared
//! objects that a node can load.

mod build;
mod error;
mod set;

pub use error::BuildError;
pub(crate) use set::aside;
pub use set::{Artifacts, Built, build_sealed};
