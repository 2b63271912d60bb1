//! Plans on disk.

use std::fs;
use std::path::{Path, PathBuf};

use upheaval::plan::Plan;
use upheaval::regression::{self, Kept};
use upheaval::run::{Failure, Undecided};

use crate::error::Error;

/// Where failed runs leave their plans, below the current directory.
const FOLDER: &str = "upheaval-failures";

/// Writes a shrunk plan, among the regressions if there is a folder for them and it failed
/// again when it was run again; gives its path. The same failure is the same file.
pub(crate) fn keep(failure: &Failure, regressions: Option<&Path>) -> Result<PathBuf, Error> {
    match regressions.filter(|_| failure.repeats()) {
        None => write(failure),
        Some(folder) => match regression::keep(folder, failure)? {
            Kept::New(path) | Kept::Known(path) => Ok(path),
        },
    }
}

/// Writes the plan of a case that could not be judged; gives its path.
pub(crate) fn keep_undecided(undecided: &Undecided) -> Result<PathBuf, Error> {
    let (plan, seed) = (&undecided.plan, undecided.case_seed);
    let name = format!("{}-inconclusive-{seed:016x}.plan", plan.scenario);
    write_text(&name, &plan.to_string())
}

/// Writes a plan that a target could not run; gives its path.
pub(crate) fn keep_unrun(plan: &Plan) -> Result<PathBuf, Error> {
    let name = format!("{}-unrun-{:016x}.plan", plan.scenario, plan.seed);
    write_text(&name, &plan.to_string())
}

/// Writes a shrunk plan where failed runs leave theirs.
fn write(failure: &Failure) -> Result<PathBuf, Error> {
    let name = format!(
        "{}-{}-{:016x}.plan",
        failure.plan.scenario, failure.invariant, failure.case_seed
    );
    write_text(&name, &failure.to_plan_file())
}

fn write_text(name: &str, text: &str) -> Result<PathBuf, Error> {
    let path = Path::new(FOLDER).join(name);
    fs::create_dir_all(FOLDER).map_err(|error| Error::File {
        action: "make the folder for plans",
        path: FOLDER.into(),
        error,
    })?;
    fs::write(&path, text).map_err(|error| Error::File {
        action: "write plan",
        path: path.clone(),
        error,
    })?;
    Ok(path)
}

pub(crate) fn read(path: &Path) -> Result<Plan, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::File {
        action: "read plan",
        path: path.into(),
        error,
    })?;
    text.parse().map_err(|error| Error::Plan {
        path: path.into(),
        error,
    })
}

/// The command that replays a plan where it failed, as it can be typed where this was.
pub(crate) fn replay_command(path: &Path, on: &str) -> String {
    let path = path.display();
    // Cargo tells those it runs about itself.
    match std::env::var_os("CARGO") {
        Some(_) => format!("cargo run --release -- replay {path}{on}"),
        None => format!("upheaval replay {path}{on}"),
    }
}
