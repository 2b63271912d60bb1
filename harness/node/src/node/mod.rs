//! The node itself, one file for each of its jobs.

mod call_back;
mod clients;
mod code;
mod control;
mod deliver;
mod doing;
mod events;
mod exit;
mod finish;
mod freeze;
mod functions;
mod holds;
mod kernel;
mod modules;
mod next;
mod on_load;
mod plain;
mod restart;
mod special;
mod statem;
mod step;
mod supervise;
mod sys;
mod time;
mod trap;

#[cfg(test)]
mod tests;

pub use code::Flaw;
pub use control::{Inspection, Outcome};
pub use doing::Doing;
pub use holds::Twice;
pub use kernel::Node;
