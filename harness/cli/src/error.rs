//! Why the command could not do what it was asked.

use std::path::PathBuf;

use upheaval::artifact::BuildError;
use upheaval::benchmark::BenchmarkError;
use upheaval::plan::{PlanError, PlanMismatch};
use upheaval::regression::RegressionError;
use upheaval::scenario::ScenarioError;
use upheaval::soak::SoakError;
use upheaval::target::TargetError;
use upheaval::worker::ServeError;
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
    #[error(
        "--workers is for the embedded target: on real Erlang the nodes are processes of their own; leave it out"
    )]
    NeedsEmbedded,
    #[error("--case-deadline is for workers, and they are of the embedded target; leave it out")]
    DeadlineEmbedded,
    #[error(
        "--recheck is for the embedded target: on real Erlang no case repeats exactly; leave it out"
    )]
    RechecksEmbedded,
    #[error("--case-deadline is for workers: only they can be killed; add --workers N")]
    NeedsWorkers,
    #[error(
        "--keep is for the embedded target, where what is found repeats exactly; leave it out, and take the plan from upheaval-failures"
    )]
    KeepsEmbedded,
    #[error(
        "failed to find this program, which is to run in worker processes, too: {0}; leave --workers out"
    )]
    NoProgram(std::io::Error),
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
    #[error("failed to run plan {}, which `conformance --plan` runs again: {error}", path.display())]
    Unrun {
        path: PathBuf,
        error: Box<TargetError>,
    },
    #[error(transparent)]
    Regression(#[from] RegressionError),
    #[error(transparent)]
    Soak(#[from] SoakError),
    #[error("{what} `{name}` is named twice; name it once")]
    Twice { what: &'static str, name: String },
    #[error("there is no bug `{name}`{}; there are {known}", suggestion(.nearest))]
    UnknownBug {
        name: String,
        nearest: Option<String>,
        known: String,
    },
    #[error("bug `{name}` cannot be expressed: {why}")]
    Beyond {
        name: &'static str,
        why: &'static str,
    },
    #[error("bug `{name}` cannot be expressed on {on}; leave it out, or name another target")]
    NotOn {
        name: &'static str,
        on: &'static str,
    },
    #[error(transparent)]
    Benchmark(#[from] BenchmarkError),
    #[error(transparent)]
    Serve(#[from] ServeError),
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
