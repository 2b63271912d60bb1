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
}

impl Failure {
    pub(crate) fn new(
        invariant: &dyn Invariant,
        violation: &Violation,
        history: &History,
        plan: Plan,
        (case_seed, ops_before): (u64, usize),
        minimal: bool,
    ) -> Failure {
        Failure {
            invariant: invariant.name(),
            statement: invariant.statement(),
            case_seed,
            plan,
            ops_before,
            message: violation.message.clone(),
            excerpt: history.print_around(violation.at, &violation.evidence, RADIUS),
            minimal,
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
        writeln!(f, ":")?;
        writeln!(f)?;
        writeln!(f, "{}", self.plan.to_string().trim_end())?;
        writeln!(f)?;
        writeln!(f, "what happened:")?;
        writeln!(f)?;
        writeln!(f, "{}", self.excerpt.trim_end())
    }
}
