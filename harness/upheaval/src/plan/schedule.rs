//! How it is decided who goes next.

/// How the embedded target decides which process goes next; the choices themselves follow
/// from the seeds of the plan and of its steps. Real nodes decide by themselves.
///
/// In a plan's text it is a line of its own behind the seed, where it is not `random`:
///
/// ```
/// use upheaval::plan::{Plan, Schedule};
///
/// let plan: Plan = "
///     scenario default
///     seed 0x7
///     schedule pct 3 over 70
///     kill counter
/// ".parse()?;
/// assert_eq!(plan.schedule, Schedule::Pct { depth: 3, over: 70 });
/// # Ok::<(), upheaval::plan::PlanError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Schedule {
    /// Any process that can go is as likely as any other.
    #[default]
    Random,
    /// Probabilistic concurrency testing: by priorities that last for the case, with a few
    /// changes. See [`PctScheduler`](upheaval_node::PctScheduler).
    Pct {
        /// One more than the changes that there are on the average.
        depth: u32,
        /// Over how many ops those are spread: as many as the plan had when it was drawn.
        over: u32,
    },
}
