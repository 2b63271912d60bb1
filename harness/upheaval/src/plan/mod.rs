//! A plan: what is done to the system, drawn from one seed, shrunk by proptest,
//! printed as a numbered list and read back from the same text.

mod check;
mod fault;
mod line;
mod lower;
mod op;
mod parse;
mod plain;
mod print;
mod schedule;
mod seed;
mod shrink;
mod strategy;
mod words;

#[cfg(test)]
mod test_plans;

pub use check::PlanMismatch;
pub use fault::{Damage, Fault, Mischief, Stage, Way};
pub(crate) use op::moved_by;
pub use op::{ApplicationStep, ChildRequest, Op, Plan, ReleaseStep, Step, SystemMessage};
pub use parse::PlanError;
pub use schedule::Schedule;
pub use seed::case_seed;
pub(crate) use seed::{Favoured, favouring, largest, output};
pub use shrink::{PlanTree, Shrunk, shrink};
pub use strategy::PlanStrategy;
