//! Regressions on disk.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::{Expectation, RegressionError};
use crate::artifact::aside;
use crate::plan::Plan;
use crate::run::{Executor, Failure, Runner};

/// What became of a failure that was to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in a file of its own now.
    New(PathBuf),
    /// A file has the same plan for the same claim.
    Known(PathBuf),
}

/// A plan file, and what its first line expects.
#[derive(Clone, Debug)]
pub struct Regression {
    /// The file.
    pub path: PathBuf,
    /// What is to come out of the plan.
    pub expectation: Expectation,
    /// The plan.
    pub plan: Plan,
}

/// Keeps a shrunk failure in a folder, which is made if there is none. Two failures are
/// the same if they broke the same claim by the same ops.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn keep(folder: &Path, failure: &Failure) -> Result<Kept, RegressionError> {
    let file = |action, path: &Path| {
        let path = path.to_path_buf();
        move |error| RegressionError::File {
            action,
            path,
            error,
        }
    };
    let path = folder.join(name(failure));
    if path.exists() {
        return Ok(Kept::Known(path));
    }
    fs::create_dir_all(folder).map_err(file("make the folder for plans", folder))?;
    // Whole, or not at all: a run may end at any moment.
    let mut aside = aside(folder).map_err(file("write plan", &path))?;
    let text = failure.to_plan_file();
    aside
        .write_all(text.as_bytes())
        .map_err(file("write plan", &path))?;
    aside
        .persist(&path)
        .map_err(|error| file("write plan", &path)(error.error))?;
    Ok(Kept::New(path))
}

/// The scenario, the claim, and a number that stands for the ops.
fn name(failure: &Failure) -> String {
    let Failure {
        plan, invariant, ..
    } = failure;
    let ops = Plan {
        seed: 0,
        ..plan.clone()
    };
    let ops = xxh3_64(ops.to_string().as_bytes());
    format!("{}-{invariant}-{ops:016x}.plan", plan.scenario)
}

impl Regression {
    /// Reads a plan file.
    ///
    /// # Errors
    /// It cannot be read, is no plan, or does not say what it expects.
    pub fn read(path: &Path) -> Result<Regression, RegressionError> {
        let path = path.to_path_buf();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                return Err(RegressionError::File {
                    action: "read regression",
                    path,
                    error,
                });
            }
        };
        let plan = match text.parse() {
            Ok(plan) => plan,
            Err(error) => return Err(RegressionError::Plan { path, error }),
        };
        match Expectation::read(&text) {
            Some(expectation) => Ok(Regression {
                path,
                expectation,
                plan,
            }),
            None => Err(RegressionError::NothingExpected(path)),
        }
    }

    /// Runs it, and compares what comes out with what it expects.
    ///
    /// # Errors
    /// Something else comes out, or it cannot be run on the runner's scenario.
    pub fn check(
        &self,
        runner: &Runner,
        executor: &mut dyn Executor,
    ) -> Result<(), RegressionError> {
        let path = || self.path.clone();
        self.plan
            .check_against(runner.scenario())
            .map_err(|error| RegressionError::Mismatch {
                path: path(),
                error,
            })?;
        let replayed = executor
            .replay(&self.plan)
            .map_err(|error| RegressionError::Target {
                path: path(),
                error: Box::new(error),
            })?;
        match self.expectation.missed(runner, &replayed.judged) {
            None => Ok(()),
            Some(found) => Err(RegressionError::Unexpected {
                path: path(),
                expected: match &self.expectation {
                    Expectation::Violates { claim, .. } => format!("violates {claim}"),
                    Expectation::Holds { .. } => "holds".into(),
                },
                found,
            }),
        }
    }
}

impl Failure {
    /// The text of a plan file: what it guards, and the plan.
    pub fn to_plan_file(&self) -> String {
        format!("# {}\n{}", Expectation::of(self), self.plan)
    }
}
