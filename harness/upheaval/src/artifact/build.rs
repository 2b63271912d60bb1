//! Building modules with cargo.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use escargot::CargoBuild;
use escargot::format::Message;
use escargot::format::diagnostic::DiagnosticLevel;

use super::BuildError;

/// Builds example targets of one package, always optimised: a history may not
/// depend on the profile that the harness was built with.
///
/// Gives the shared object of each.
pub(super) fn examples(
    manifest: &Path,
    names: &[&str],
) -> Result<BTreeMap<String, PathBuf>, BuildError> {
    if !manifest.is_file() {
        return Err(BuildError::NoManifest(manifest.into()));
    }
    let failed = |message: String| BuildError::Cargo {
        manifest: manifest.into(),
        message,
    };
    let mut build = CargoBuild::new().manifest_path(manifest).release();
    for name in names {
        build = build.arg("--example").arg(name);
    }
    let mut built = BTreeMap::new();
    let mut errors: Vec<String> = Vec::new();
    let messages = build
        .exec()
        .map_err(|error| no_cargo().unwrap_or_else(|| failed(error.to_string())))?;
    for message in messages {
        let message = message.map_err(|error| failed(complaints(&errors, &error.to_string())))?;
        let artifact = match message.decode() {
            Ok(Message::CompilerArtifact(artifact)) => artifact,
            Ok(Message::CompilerMessage(said)) => {
                let error = matches!(
                    said.message.level,
                    DiagnosticLevel::Error | DiagnosticLevel::Ice
                );
                errors.extend(said.message.rendered.filter(|_| error).map(String::from));
                continue;
            }
            _ => continue,
        };
        let object = artifact.filenames.iter().find(|file| {
            file.extension()
                .is_some_and(|end| end == std::env::consts::DLL_EXTENSION)
        });
        if let Some(object) = object {
            built.insert(artifact.target.name.to_string(), object.to_path_buf());
        }
    }
    for name in names {
        if !built.contains_key(*name) {
            return Err(BuildError::NoSharedObject {
                manifest: manifest.into(),
                example: (*name).into(),
            });
        }
    }
    Ok(built)
}

/// Why cargo could not even be started, if it could not.
fn no_cargo() -> Option<BuildError> {
    let named = std::env::var_os("CARGO");
    let mut asked = Command::new(named.as_deref().unwrap_or("cargo".as_ref()));
    asked.arg("--version").stdin(Stdio::null());
    asked.stdout(Stdio::null()).stderr(Stdio::null());
    match asked.status() {
        Err(error) if error.kind() == ErrorKind::NotFound => Some(match named {
            Some(named) => BuildError::WrongCargo(named.into()),
            None => BuildError::NoCargo,
        }),
        _ => None,
    }
}

/// The compiler's errors, as it would have printed them; cargo's own message where
/// there are none.
fn complaints(errors: &[String], otherwise: &str) -> String {
    if errors.is_empty() {
        return otherwise.into();
    }
    format!("the modules do not compile\n{}", errors.concat().trim_end())
}
