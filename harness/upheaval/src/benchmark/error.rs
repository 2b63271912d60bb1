//! Why a bug could not be measured.

use crate::artifact::BuildError;
use crate::scenario::ScenarioError;
use crate::target::TargetError;

/// Why a bug could not be measured: nothing is known of it then.
#[derive(Debug, thiserror::Error)]
#[error("failed to measure scenario `{scenario}`: {problem}")]
pub struct BenchmarkError {
    pub(super) scenario: String,
    pub(super) problem: Box<Problem>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Target(#[from] TargetError),
}

impl BenchmarkError {
    /// Names the scenario that it happened with.
    pub(super) fn of<E: Into<Problem>>(scenario: &str) -> impl Fn(E) -> BenchmarkError {
        move |error| BenchmarkError {
            scenario: scenario.into(),
            problem: Box::new(error.into()),
        }
    }
}
