//! The `upheaval` command: it reads arguments, calls the harness, and prints.

mod args;
mod bugs;
mod conformance;
mod coverage;
mod error;
mod explain;
mod list;
mod output;
mod plan_file;
mod print;
mod progress;
mod replay;
mod run;
mod scenarios;
mod soak;
mod worker;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command};

// A case makes and drops thousands of small values: the allocator is a fifth of
// its time with the system's, and half of that with this one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// All invariants held.
const HELD: u8 = 0;
/// An invariant was violated.
const VIOLATED: u8 = 1;
/// It could not be run, or it could not be told.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Soak(arguments) => soak::soak(&arguments),
        Command::Replay(arguments) => replay::replay(&arguments),
        Command::Conformance(arguments) => conformance::conformance(&arguments),
        Command::Explain(arguments) => explain::explain(&arguments),
        Command::Bugs(arguments) => bugs::bugs(&arguments),
        Command::List => list::list(),
        Command::Worker => worker::worker(),
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            print::say(format_args!("error: {error}"));
            ExitCode::from(FAILED)
        }
    }
}
