//! One plan, run and judged.

use crate::history::History;
use crate::invariant::{Invariant, Judgement};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::target::{Target, TargetError};
use crate::verdict::judge_all;

/// A plan that has been run: what happened, and what each invariant says of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What happened.
    pub history: History,
    /// What the invariants say, in their order.
    pub judgements: Vec<Judgement>,
}

/// Runs one plan and judges what happened.
///
/// # Errors
/// The target could not run it.
pub fn run_case(
    scenario: &Scenario,
    invariants: &[Box<dyn Invariant>],
    target: &mut dyn Target,
    plan: &Plan,
) -> Result<Case, TargetError> {
    let mut history = History::new();
    target.run(plan, &mut history)?;
    let judgements = judge_all(invariants, scenario, &history);
    Ok(Case {
        history,
        judgements,
    })
}
