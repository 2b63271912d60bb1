//! The embedded target: a node inside this process, deterministic, with virtual
//! time.

mod boot;
mod control;
mod look;
mod recorder;
mod releases;
mod run;
mod settle;
mod witness;

pub use run::Embedded;
