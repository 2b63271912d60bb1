//! What must hold, whatever the plan: one file each. An invariant looks at the
//! history and the scenario, and never knows which target ran.

mod dense;
mod judge;
mod no_lost_messages;
mod state_conversion;
mod supervisor_restarts;

pub use judge::{Invariant, Judgement, Violation, default_invariants};
pub use no_lost_messages::NoLostMessages;
pub use state_conversion::StateConversion;
pub use supervisor_restarts::SupervisorRestarts;
