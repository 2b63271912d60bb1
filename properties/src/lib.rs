//! What the suites share. The suites themselves stand in `tests/` and `benches/`,
//! what they recorded in `snapshots/` at the top of the workspace.

mod beam;
mod command;
mod embedded;
mod node;
mod rules;
mod story;
mod systools;

pub use beam::{beam, erl, has_erlang, lab, on_beam};
pub use command::{build_modules, command, folder, program, said, upheaval};
pub use embedded::{artifacts, embedded};
pub use node::{Answers, sample, sealed, start};
pub use rules::{rule, rule_on};
pub use story::{Story, default_scenario, plan, run_plan, run_plan_on};
pub use systools::{Question, Systools};
