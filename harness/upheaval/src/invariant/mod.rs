//! What must hold, whatever the plan: one file each. An invariant looks at the
//! history and the scenario, and never knows which target ran.

mod bounded_pause;
mod current_code;
mod dense;
mod fifo;
mod fresh_start;
mod judge;
mod linearizable;
mod loaded;
mod no_duplicates;
mod no_leaks;
mod no_lost_messages;
mod no_old_code_after_purge;
mod nobody_suspended;
mod one_outcome;
mod reading;
mod requests;
mod round_trip;
mod state_conversion;
mod supervisor_restarts;
mod two_versions;
mod wording;

pub use bounded_pause::BoundedPause;
pub use current_code::CurrentCode;
pub use fifo::Fifo;
pub use fresh_start::FreshStart;
pub use judge::{Invariant, Judgement, Violation, default_invariants};
pub use linearizable::Linearizable;
pub use no_duplicates::NoDuplicates;
pub use no_leaks::NoLeaks;
pub use no_lost_messages::NoLostMessages;
pub use no_old_code_after_purge::NoOldCodeAfterPurge;
pub use nobody_suspended::NobodySuspended;
pub use one_outcome::OneOutcome;
pub use reading::Reading;
pub use round_trip::RoundTrip;
pub use state_conversion::StateConversion;
pub use supervisor_restarts::SupervisorRestarts;
pub use two_versions::TwoVersions;
