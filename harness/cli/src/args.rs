//! What can stand on the command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Tests hot code upgrades in the middle of traffic.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run random upgrades, downgrades and faults through a scenario, and judge
    /// what happens.
    Run(RunArguments),
    /// Run one plan again, as a failed run wrote it.
    Replay(ReplayArguments),
    /// List the scenarios.
    List,
}

/// Exit status: 0 all invariants held, 1 one was violated, 2 it could not run.
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 all held, 1 violated, 2 it could not run.")]
pub(crate) struct RunArguments {
    /// The scenario, by name; `upheaval list` shows them.
    #[arg(default_value = sample_scenarios::DEFAULT)]
    pub(crate) scenario: String,
    /// What every plan follows from.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many plans are run.
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) cases: u64,
    /// How many threads run cases, one for each core if it is not given. The
    /// result does not depend on it.
    #[arg(long)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 all held, 1 violated, 2 it could not run.")]
pub(crate) struct ReplayArguments {
    /// The plan's file.
    pub(crate) file: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables and reports for people.
    Text,
    /// One JSON object, and nothing else, on standard output.
    Json,
}
