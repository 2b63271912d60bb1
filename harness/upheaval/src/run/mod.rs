//! Many cases of one scenario, judged; and one plan, judged again.

mod case;
mod counts;
mod failure;
mod runner;

pub use case::{Case, run_case};
pub use counts::Counts;
pub use failure::Failure;
pub(crate) use failure::{Found, Repeated};
pub use runner::{Progress, Report, Runner};
