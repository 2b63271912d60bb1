//! Why the command could not do what it was asked.

use std::path::PathBuf;

use upheaval::artifact::BuildError;
use upheaval::plan::{PlanError, PlanMismatch};
use upheaval::scenario::ScenarioError;
use upheaval::target::TargetError;
use upheaval_release::ExplainError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no scenario `{name}`{}; `upheaval list` shows those there are", suggestion(.nearest))]
    UnknownScenario {
        name: String,
        nearest: Option<String>,
    },
    #[error("--erl, --attach and --cookie-file are for real Erlang; add --target beam")]
    NeedsBeam,
    #[error("failed to {action} {}: {error}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("failed to read plan {}: {error}", path.display())]
    Plan { path: PathBuf, error: PlanError },
    #[error("failed to replay plan {}: {error}", path.display())]
    Mismatch { path: PathBuf, error: PlanMismatch },
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Target(#[from] TargetError),
    #[error(transparent)]
    Explain(Box<ExplainError>),
    #[error("failed to print the result: {0}")]
    Print(std::io::Error),
    #[error("failed to print the result as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

fn suggestion(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}
