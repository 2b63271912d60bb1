//! A violation, made small.

use std::fmt;

use crate::history::History;
use crate::invariant::{Invariant, Violation};
use crate::plan::Plan;

/// How much of the history is shown on each side of what matters.
const RADIUS: usize = 2;

/// A violated invariant with the smallest plan that still violates it.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The invariant's name.
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
        invariant: &dyn Invariant,
        violation: &Violation,
        history: Option<&History>,
        plan: Plan,
        found: Found,
        repeated: Repeated,
    ) -> Failure {
        Failure {
            invariant: invariant.name(),
            statement: invariant.statement(),
            case_seed: found.case_seed,
            plan,
            ops_before: found.ops,
            message: violation.message.clone(),
            excerpt: history.map_or_else(String::new, |history| {
                history.print_around(violation.at, &violation.evidence, RADIUS)
            }),
            minimal: repeated.minimal,
            repeated: (repeated.failures, repeated.runs),
        }
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
            (0, runs) => write!(f, " (seen once, and not in {runs} runs more)")?,
            (failures, runs) => write!(f, " (it fails in {failures} of {runs} runs)")?,
        }
        writeln!(f, ":")?;
        writeln!(f)?;
        writeln!(f, "{}", self.plan.to_string().trim_end())?;
        if self.excerpt.is_empty() {
            return Ok(());
        }
        writeln!(f)?;
        writeln!(f, "what happened:")?;
        writeln!(f)?;
        writeln!(f, "{}", self.excerpt.trim_end())
    }
}
