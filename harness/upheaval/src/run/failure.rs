//! A violation, made small.

use std::fmt;

use super::{Breach, Claim};
use crate::plan::Plan;

/// A violated claim with the smallest plan that still violates it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The name of the invariant, or of another claim.
    pub invariant: &'static str,
    /// What should have held.
    pub statement: &'static str,
    /// The seed of the case in which it was found.
    pub case_seed: u64,
    /// The shrunk plan.
    pub plan: Plan,
    /// How many ops the plan had when it was found.
    pub ops_before: usize,
    /// What went wrong, in the shrunk plan.
    pub message: String,
    /// The events around it, in the shrunk plan.
    pub excerpt: String,
    /// The op of the shrunk plan within which it shows, counted from 0; none where it shows
    /// at rest.
    pub op: Option<u32>,
    /// Whether shrinking came to its end: no op can be taken out.
    pub minimal: bool,
    /// How often the shrunk plan violated the invariant again, of so many runs.
    pub repeated: (u32, u32),
}

/// Where a failure was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) case_seed: u64,
    pub(crate) ops: usize,
}

/// How sure a failure is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeated {
    pub(crate) minimal: bool,
    pub(crate) failures: u32,
    pub(crate) runs: u32,
}

impl Failure {
    pub(crate) fn new(
        claim: Claim,
        breach: Breach,
        plan: Plan,
        found: Found,
        repeated: Repeated,
    ) -> Failure {
        Failure {
            invariant: claim.name,
            statement: claim.statement,
            case_seed: found.case_seed,
            plan,
            ops_before: found.ops,
            message: breach.message,
            excerpt: breach.excerpt,
            op: breach.op,
            minimal: repeated.minimal,
            repeated: (repeated.failures, repeated.runs),
        }
    }

    /// Whether it failed again when its plan was run again: else it is no regression.
    pub fn repeats(&self) -> bool {
        self.repeated.0 > 0
    }

    /// Whether it was run again and never failed again.
    pub(crate) fn is_unrepeatable(&self) -> bool {
        matches!(self.repeated, (0, 1..))
    }
}

/// What stands under the op within which it shows: a comment, so that what is copied from
/// here is still a plan.
const MARK: &str = "# ^ it shows here";

impl Failure {
    fn write_plan(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.plan.to_string();
        let lines: Vec<&str> = text.lines().collect();
        let head = lines.len() - self.plan.steps.len();
        for (number, line) in lines.iter().enumerate() {
            writeln!(f, "{line}")?;
            let op = number.checked_sub(head);
            if op.is_some() && op == self.op.map(|op| op as usize) {
                writeln!(f, "{MARK}")?;
            }
        }
        if !self.excerpt.is_empty() && self.op.is_none() {
            writeln!(f, "# it shows once all ops are done")?;
        }
        Ok(())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} is violated", self.invariant)?;
        writeln!(f, "  must hold: {}", self.statement)?;
        writeln!(f, "  but: {}", self.message)?;
        writeln!(f)?;
        match self.plan.steps.len() {
            ops if ops == self.ops_before => write!(f, "plan, {ops} ops")?,
            ops => write!(f, "plan, shrunk from {} ops to {ops}", self.ops_before)?,
        }
        if !self.minimal {
            write!(f, " (cut short: it may be possible to shrink it further)")?;
        }
        match self.repeated {
            // On a target that repeats exactly there is nothing to say.
            (1, 1) => {}
            (0, 0) => write!(f, " (seen once; it could not be run again)")?,
            (0, 1) => write!(f, " (seen once, and not when it was run again)")?,
            (0, runs) => write!(f, " (seen once, and not in {runs} runs more)")?,
            (failures, runs) => write!(f, " (it fails in {failures} of {runs} runs)")?,
        }
        writeln!(f, ":")?;
        writeln!(f)?;
        self.write_plan(f)?;
        if self.excerpt.is_empty() {
            return Ok(());
        }
        writeln!(f)?;
        writeln!(f, "what happened:")?;
        writeln!(f)?;
        writeln!(f, "{}", self.excerpt.trim_end())
    }
}

#[cfg(test)]
mod tests;
