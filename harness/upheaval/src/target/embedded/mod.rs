//! The embedded target: a node inside this process, deterministic, with virtual
//! time.

mod boot;
mod ops;
mod recorder;
mod run;
mod settle;
mod upgrade;

pub use run::Embedded;
