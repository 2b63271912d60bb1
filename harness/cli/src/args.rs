//! What can stand on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXIT_STATUS: &str = "Exit status: 0 nothing was violated (what saw nothing is named), \
                           1 an invariant was violated, 2 it could not run, or could not tell.";

#[derive(Debug, Parser)]
#[command(
    name = "upheaval",
    version,
    about = "Tests hot code upgrades in the middle of traffic.",
    after_help = EXIT_STATUS
)]
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

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
pub(crate) struct RunArguments {
    /// The scenario, by name; `upheaval list` shows them.
    #[arg(default_value = sample_scenarios::DEFAULT)]
    pub(crate) scenario: String,
    /// What every plan follows from: a number, or 0x and one in hexadecimal.
    #[arg(long, default_value_t = 0, value_parser = seed)]
    pub(crate) seed: u64,
    /// How many plans are run.
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) cases: u64,
    /// How many threads run cases, one for each core if it is not given. The
    /// result does not depend on it.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_STATUS)]
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

/// A seed, as the command line or a plan gives it.
fn seed(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|error| format!("{error}; give a seed like 42 or 0x2a"))
}
