//! Many cases of one scenario, judged; and one plan, judged again.

mod case;
mod claim;
mod counts;
mod executor;
mod failure;
mod findings;
mod in_process;
mod recheck;
mod report;
mod runner;
mod smaller;
mod undecided;

pub use case::{Case, run_case};
pub use claim::{Claim, DETERMINISM, SURVIVAL};
pub use counts::Counts;
pub use executor::{Breach, Care, Executor, Judged, Replayed};
pub use failure::Failure;
pub(crate) use failure::{Found, Repeated};
pub use in_process::InProcess;
pub use recheck::Recheck;
pub use report::{Progress, Report};
pub use runner::Runner;
pub use undecided::Undecided;
