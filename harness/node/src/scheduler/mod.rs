//! Who goes next.

mod pct;
mod random;
mod recording;
mod replay;
mod seam;
mod unfair;

pub use pct::PctScheduler;
pub use random::RandomScheduler;
pub use recording::RecordingScheduler;
pub use replay::ReplayScheduler;
pub use seam::Scheduler;
pub use unfair::UnfairScheduler;
