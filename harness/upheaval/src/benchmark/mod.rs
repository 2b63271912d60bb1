//! Measures how good the harness is at its job: bugs that happened to real systems, each
//! a scenario in which something is to be found and a correct twin in which nothing may be.
//!
//! Nothing here knows a bug. One is found when a case of it breaks any claim that every
//! scenario is held to ([`Runner::claims`](crate::run::Runner::claims)).

mod bug;
mod error;
mod ground;
mod hunt;
mod measure;
mod row;

pub use bug::{Beyond, Bug, EVERYWHERE, On};
pub use error::BenchmarkError;
pub use ground::{Ground, Nodes, Workers};
pub use hunt::{Budget, Finding};
pub use measure::measure_all;
pub use row::{FalseAlarm, Row};
