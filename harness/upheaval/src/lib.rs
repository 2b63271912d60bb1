//! Tests hot code upgrades the way they fail: in the middle of traffic.
//!
//! One pipeline, one direction: a [`scenario`] says what runs, a [`plan`] drawn
//! from a seed says what is done to it, a [`target`] runs the plan, the
//! [`history`] is what happened, each [`invariant`] judges it, and the
//! [`verdict`] is reported.

pub mod artifact;
pub mod benchmark;
pub mod conformance;
pub mod coverage;
pub mod history;
pub mod invariant;
pub mod linear;
pub mod plan;
pub mod regression;
pub mod run;
pub mod scenario;
pub mod soak;
pub mod target;
pub mod verdict;
pub mod worker;

mod check;
pub use check::{Check, check};
