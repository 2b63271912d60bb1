//! Plans made smaller: from one that fails to one of which nothing can be left
//! out.
//!
//! First ops go, in large chunks and then in small ones, down to single ops.
//! Then what is left is made calm: no scheduler steps, no seeds, no fault in the middle
//! of an op, small numbers.
//! Each success there may make another op superfluous, so the two alternate
//! until neither finds anything.

use proptest::strategy::ValueTree;

use super::lower::{Calm, Lower};
use super::plain::Plain;
use super::{Plan, Step};

/// A plan and the search for a smaller one that fails as well.
///
/// It ends in a plan that still fails and from which no single op can be
/// removed. The search is deterministic: the same answers lead to the same
/// plan, whether proptest asks or [`shrink`] does.
#[derive(Clone, Debug)]
pub struct PlanTree {
    /// The smallest plan so far that fails.
    best: Plan,
    /// A smaller one, of which nothing is known yet.
    candidate: Option<Plan>,
    pass: Pass,
    /// Whether a pass found something since the last turn to the other kind.
    changed: bool,
}

/// What a search came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    /// The smallest plan found that fails.
    pub plan: Plan,
    /// How many plans were run to find it.
    pub executions: u32,
    /// Whether the search came to its end: no single op can be removed. If
    /// not, the budget ran out before.
    pub minimal: bool,
}

/// Shrinks a plan that fails, as proptest's own runner would.
///
/// `fails` runs a plan and says whether it fails in the same way; it is asked
/// at most `budget` times.
///
/// ```
/// use upheaval::plan::{Op, Plan, PlanTree, Schedule, Step, shrink};
///
/// let steps = (0..200).map(|ms| Step { op: Op::Advance { ms }, steps: 3, seed: ms });
/// let plan = Plan {
///     scenario: "clock".into(),
///     seed: 1,
///     schedule: Schedule::Random,
///     steps: steps.collect(),
/// };
/// let jumps = |plan: &Plan| plan.steps.iter().any(|s| matches!(s.op, Op::Advance { ms: 20.. }));
///
/// let shrunk = shrink(&mut PlanTree::new(plan), 1000, jumps);
/// assert!(shrunk.minimal);
/// assert_eq!(shrunk.plan.steps, [Step { op: Op::Advance { ms: 20 }, steps: 0, seed: 0 }]);
/// ```
pub fn shrink(tree: &mut PlanTree, budget: u32, mut fails: impl FnMut(&Plan) -> bool) -> Shrunk {
    let mut executions = 0;
    if tree.candidate.is_none() {
        tree.simplify();
    }
    while executions < budget
        && let Some(candidate) = &tree.candidate
    {
        executions += 1;
        if fails(candidate) {
            tree.simplify();
        } else {
            tree.complicate();
        }
    }
    Shrunk {
        executions,
        // A candidate that was not run is not known to fail.
        minimal: tree.candidate.take().is_none(),
        plan: tree.best.clone(),
    }
}

impl PlanTree {
    /// The search that starts from `plan`.
    pub fn new(plan: Plan) -> Self {
        PlanTree {
            pass: Pass::Remove(Remove::from(&plan)),
            best: plan,
            candidate: None,
            changed: true,
        }
    }

    /// Turns to the next candidate.
    fn propose(&mut self) -> bool {
        loop {
            let candidate = match &mut self.pass {
                Pass::Remove(remove) => remove.candidate(&self.best),
                Pass::Calm(calm) => calm.candidate(&self.best),
                Pass::Plain(plain) => plain.candidate(&self.best),
                Pass::Lower(lower) => lower.candidate(&self.best),
                Pass::Done => return false,
            };
            if candidate.is_some() {
                self.candidate = candidate;
                return true;
            }
            self.next_pass();
        }
    }

    fn next_pass(&mut self) {
        self.pass = match &self.pass {
            Pass::Calm(_) => Pass::Plain(Plain::default()),
            Pass::Plain(_) => Pass::Lower(Lower::default()),
            Pass::Remove(_) if self.changed => Pass::Calm(Calm::default()),
            Pass::Lower(_) if self.changed => Pass::Remove(Remove::from(&self.best)),
            Pass::Remove(_) | Pass::Lower(_) | Pass::Done => Pass::Done,
        };
        if !matches!(self.pass, Pass::Plain(_) | Pass::Lower(_)) {
            self.changed = false;
        }
    }

    fn answer(&mut self, failed: bool) {
        match &mut self.pass {
            Pass::Remove(remove) => remove.answer(failed),
            Pass::Lower(lower) => lower.answer(failed),
            Pass::Calm(_) | Pass::Plain(_) | Pass::Done => {}
        }
    }
}

impl ValueTree for PlanTree {
    type Value = Plan;

    fn current(&self) -> Plan {
        self.candidate.as_ref().unwrap_or(&self.best).clone()
    }

    /// The current plan fails: it is the one to make smaller from here on.
    fn simplify(&mut self) -> bool {
        if let Some(candidate) = self.candidate.take() {
            self.best = candidate;
            self.changed = true;
            self.answer(true);
        }
        self.propose()
    }

    /// The current plan does not fail: back to the last that did, and on to
    /// another candidate from there, if there is one.
    fn complicate(&mut self) -> bool {
        if self.candidate.take().is_none() {
            return false;
        }
        self.answer(false);
        self.propose();
        true
    }
}

#[derive(Clone, Debug)]
enum Pass {
    Remove(Remove),
    Calm(Calm),
    Plain(Plain),
    Lower(Lower),
    Done,
}

/// Ops are left out, a chunk at a time.
///
/// It goes from the last op to the first: what comes after the failure can go
/// in any case, and what is needed only by a later op goes after it.
#[derive(Clone, Debug)]
struct Remove {
    /// How many ops are left out at a time.
    size: usize,
    /// The end of the next chunk.
    end: usize,
    /// Whether this sweep over single ops removed one.
    removed: bool,
}

impl Remove {
    fn from(plan: &Plan) -> Self {
        Remove {
            size: plan.steps.len().div_ceil(2).max(1),
            end: plan.steps.len(),
            removed: false,
        }
    }

    fn candidate(&mut self, best: &Plan) -> Option<Plan> {
        if self.end == 0 {
            if self.size > 1 {
                self.size = self.size.div_ceil(2);
                self.end = best.steps.len();
            } else if self.removed {
                *self = Remove::from(best);
            }
        }
        let kept: [&[Step]; 2] = match self.end {
            0 => return None,
            end => [
                &best.steps[..end.saturating_sub(self.size)],
                &best.steps[end..],
            ],
        };
        Some(Plan {
            scenario: best.scenario.clone(),
            seed: best.seed,
            schedule: best.schedule,
            steps: kept.concat(),
        })
    }

    fn answer(&mut self, failed: bool) {
        self.end = self.end.saturating_sub(self.size);
        self.removed |= failed && self.size == 1;
    }
}

#[cfg(test)]
mod tests;
