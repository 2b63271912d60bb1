//! What must hold, whatever the plan: one file each. An invariant looks at the
//! history and the scenario, and never knows which target ran.

mod current_code;
mod dense;
mod fifo;
mod judge;
mod linearizable;
mod loaded;
mod no_duplicates;
mod no_lost_messages;
mod no_old_code_after_purge;
mod nobody_suspended;
mod one_outcome;
mod state_conversion;
mod supervisor_restarts;
mod two_versions;
mod wording;

pub use current_code::CurrentCode;
pub use fifo::Fifo;
pub use judge::{Invariant, Judgement, Violation, default_invariants};
pub use linearizable::Linearizable;
pub use no_duplicates::NoDuplicates;
pub use no_lost_messages::NoLostMessages;
pub use no_old_code_after_purge::NoOldCodeAfterPurge;
pub use nobody_suspended::NobodySuspended;
pub use one_outcome::OneOutcome;
pub use state_conversion::StateConversion;
pub use supervisor_restarts::SupervisorRestarts;
pub use two_versions::TwoVersions;
