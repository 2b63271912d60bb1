//! A plan that a target could not run.

use crate::plan::Plan;
use crate::target::TargetError;

/// Why plans are compared no further.
#[derive(Debug, thiserror::Error)]
#[error("failed to run a plan on both targets")]
pub struct Unrun {
    /// The plan that could not be run.
    pub plan: Box<Plan>,
    /// Why not.
    #[source]
    pub error: TargetError,
}

impl Unrun {
    /// Says so of a plan.
    pub(super) fn of(plan: &Plan) -> impl FnOnce(TargetError) -> Unrun {
        |error| Unrun {
            plan: Box::new(plan.clone()),
            error,
        }
    }
}
