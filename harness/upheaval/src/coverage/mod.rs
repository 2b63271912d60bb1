//! How much of what can happen to a process was tried: what it is, what it was doing as an
//! op began, what the op was, and what came of it. Measured on the embedded target, which
//! can be asked; kept beside the history, of which no invariant and no digest knows.

mod cell;
mod deed;
mod forbidden;
mod leaning;
mod measured;
mod subject;

pub use cell::{Cell, Deed, Doing, Kind, Outcome, Reached};
pub(crate) use deed::Concerned;
pub use forbidden::{Forbidden, RULES, Strength};
pub(crate) use leaning::{Leaning, Offer};
pub use measured::Coverage;
pub(crate) use subject::{modules_of, subject, subjects};
