//! The real binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use upheaval::artifact::Built;

/// The file of the `upheaval` command.
///
/// # Panics
/// If it does not build.
pub fn program() -> PathBuf {
    let built = escargot::CargoBuild::new()
        .manifest_path(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../harness/cli/Cargo.toml"
        ))
        .bin("upheaval")
        .release()
        .run();
    match built {
        Ok(run) => run.path().to_path_buf(),
        Err(error) => panic!("{error}"),
    }
}

/// The `upheaval` command with arguments, to be run in a folder.
///
/// # Panics
/// If it does not build.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(folder);
    command
}

/// Runs it to its end.
///
/// # Panics
/// If it cannot be run.
pub fn upheaval(folder: &Path, arguments: &[&str]) -> Output {
    match command(folder, arguments).output() {
        Ok(output) => output,
        Err(error) => panic!("{error}"),
    }
}

/// Builds the modules of scenarios, so that what waits for a command does not wait for
/// that.
///
/// # Panics
/// If there is no such scenario, or it does not build.
pub fn build_modules(scenarios: &[&str]) {
    for name in scenarios {
        let Some(scenario) = sample_scenarios::find(name) else {
            panic!("there is no scenario {name}");
        };
        if let Err(error) = Built::of(&scenario) {
            panic!("{error}");
        }
    }
}

/// An empty folder.
///
/// # Panics
/// If there is no room for one.
pub fn folder() -> tempfile::TempDir {
    match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => panic!("{error}"),
    }
}

/// What a command said on standard error.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
