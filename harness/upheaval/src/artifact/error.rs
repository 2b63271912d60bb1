//! Why a scenario's modules are not there.

use std::path::PathBuf;

use upheaval_node::ArtifactError;

/// Why a scenario's modules could not be built or opened.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The package that holds the modules is not where it should be.
    #[error(
        "failed to build modules: there is no {}; run from the checkout that upheaval was built in, or correct the path in the scenario",
        .0.display()
    )]
    NoManifest(PathBuf),
    /// There is no cargo to build them with.
    #[error(
        "failed to build modules: there is no `cargo` on the PATH; add its folder (~/.cargo/bin, as a rule), or install Rust"
    )]
    NoCargo,
    /// What the environment variable `CARGO` names is none.
    #[error(
        "failed to build modules: there is no {}, which the environment variable CARGO names; unset it, or correct it",
        .0.display()
    )]
    WrongCargo(PathBuf),
    /// Cargo did not build them. Its own messages stand on standard error.
    #[error("failed to build modules with cargo, from {}: {message}", manifest.display())]
    Cargo {
        /// The package's manifest.
        manifest: PathBuf,
        /// What cargo said.
        message: String,
    },
    /// Cargo built something else.
    #[error(
        "failed to build module `{example}` from {}: cargo made no shared object of that name; give the example crate-type = [\"cdylib\"]",
        manifest.display()
    )]
    NoSharedObject {
        /// The package's manifest.
        manifest: PathBuf,
        /// The example that was asked for.
        example: String,
    },
    /// A file could not be read or written.
    #[error("failed to {action} {}: {error}; check the path and its permissions", path.display())]
    File {
        /// Read, or write.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// What was built cannot be loaded.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
}
