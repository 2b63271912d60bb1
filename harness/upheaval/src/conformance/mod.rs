//! Whether the embedded node does what Erlang does: the same plan on both, at rest
//! after each op, compared.
//!
//! Compared are: the result of every op, down to the error term; what each client
//! was answered; who ended and with which reason; and of everybody who is alive the
//! name and its incarnation, the version, the state, the length of the mailbox,
//! whether it is suspended, blocked or lingering; every supervisor's children; and of
//! every module the current version and whether there is old code.
//!
//! Not compared, because real parallelism or another make leaves it open:
//!
//! - the numbers of pids and references: a process is called by its name and its
//!   incarnation, `counter#2`;
//! - the frames of a stack trace in an exit reason;
//! - the order of what happens within one op, between processes: kills by one
//!   purge, the ends of several processes;
//! - the order in which signals of different senders arrive, where it decides: the
//!   real node must have done what the embedded one does on one of many schedules;
//! - whether a child that the purge within a `load_binary` or an `l(Module)` kills is
//!   restarted before or after the new code is there: where somebody lingers, it is
//!   purged before, at rest in between;
//! - what becomes of a supervisor that is killed, since what it leaves behind holds its
//!   names while it is restarted: plans for a comparison kill none;
//! - what a `code_change` says of the state of another version than it is told of: a
//!   version in Rust cannot even read it, and in Erlang it depends on how it is written.
//!   Plans for a comparison freeze nobody, damage no artifact and disturb no upgrade
//!   where a module of the scenario has states that are converted; the rules of these
//!   faults are held one by one on both targets;
//! - the time at which something happens: the embedded node is given the real one's
//!   clock at the beginning of each op and at the look after it. An op takes real time,
//!   and none on the embedded node: on some schedules that passes before the op, on some
//!   after it.

mod compare;
mod deviations;
mod difference;
mod moment;
mod runner;
mod unrun;

pub use compare::compare;
pub use deviations::{DEVIATIONS, Deviation};
pub use difference::Difference;
pub use moment::{Line, Moment, moments};
pub use runner::{Agreement, Conformance, Disagreement, Open, as_compared};
pub use unrun::Unrun;
