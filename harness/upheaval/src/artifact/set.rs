//! The artifacts of one scenario.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use upheaval_node::{Artifact, seal};
use xxhash_rust::xxh3::xxh3_128;

use super::{BuildError, build};
use crate::scenario::{Scenario, Source};

/// Every version of every module of a scenario, as files that nobody has opened: to open
/// one runs code in it.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// Module, version, and the sealed file that holds it.
    pub files: Vec<(String, String, PathBuf)>,
}

impl Built {
    /// Builds what the scenario's modules come from, and seals it.
    ///
    /// # Errors
    /// Something does not build.
    pub fn of(scenario: &Scenario) -> Result<Built, BuildError> {
        let built = build_all(scenario)?;
        let mut files = Vec::new();
        for module in &scenario.modules {
            for version in &module.versions {
                let path = match &version.source {
                    Source::File(path) => path.clone(),
                    Source::Example { manifest, name } => {
                        sealed(&built[&(manifest.clone(), name.clone())])?
                    }
                };
                files.push((module.name.clone(), version.vsn.clone(), path));
            }
        }
        Ok(Built { files })
    }

    /// Copies the files into a folder, which is made if there is none, so that they stay
    /// as they are whatever is built meanwhile.
    ///
    /// # Errors
    /// One of them cannot be read, or not be written there.
    pub fn copy_to(&self, folder: &Path) -> Result<Built, BuildError> {
        let file = |action, path: &Path| {
            let path = path.to_path_buf();
            move |error| BuildError::File {
                action,
                path,
                error,
            }
        };
        fs::create_dir_all(folder).map_err(file("make folder", folder))?;
        let mut files = Vec::new();
        for (module, vsn, from) in &self.files {
            let content = fs::read(from).map_err(file("read", from))?;
            let path = folder.join(format!("{:032x}.so", xxh3_128(&content)));
            if !fs::read(&path).is_ok_and(|before| before == content) {
                let mut aside = aside(folder).map_err(file("write", &path))?;
                aside.write_all(&content).map_err(file("write", &path))?;
                aside
                    .persist(&path)
                    .map_err(|error| file("write", &path)(error.error))?;
            }
            files.push((module.clone(), vsn.clone(), path));
        }
        Ok(Built { files })
    }
}

/// Every version of every module of a scenario, opened.
#[derive(Clone, Debug, Default)]
pub struct Artifacts {
    by_version: BTreeMap<(String, String), Artifact>,
}

impl Artifacts {
    /// Builds what the scenario's modules come from, seals it, and opens it.
    ///
    /// # Errors
    /// Something does not build, or is not the module and version that the
    /// scenario says it is.
    pub fn of(scenario: &Scenario) -> Result<Artifacts, BuildError> {
        Artifacts::open(&Built::of(scenario)?)
    }

    /// Opens what was built.
    ///
    /// # Errors
    /// A file is not the module and version that it should be.
    pub fn open(built: &Built) -> Result<Artifacts, BuildError> {
        let mut by_version = BTreeMap::new();
        for (module, vsn, path) in &built.files {
            let artifact = Artifact::open_version(path, module, vsn)?;
            by_version.insert((module.clone(), vsn.clone()), artifact);
        }
        Ok(Artifacts { by_version })
    }

    /// The artifact of a version.
    pub fn get(&self, module: &str, vsn: &str) -> Option<Artifact> {
        self.by_version
            .iter()
            .find(|((m, v), _)| m == module && v == vsn)
            .map(|(_, artifact)| *artifact)
    }
}

/// Builds one source, where it is one that is built, and seals it; gives the
/// file that a node can be asked to load.
///
/// # Errors
/// It does not build.
pub fn build_sealed(source: &Source) -> Result<PathBuf, BuildError> {
    match source {
        Source::File(path) => Ok(path.clone()),
        Source::Example { manifest, name } => {
            sealed(&build::examples(manifest, &[name])?[name.as_str()])
        }
    }
}

fn build_all(scenario: &Scenario) -> Result<BTreeMap<(PathBuf, String), PathBuf>, BuildError> {
    let mut wanted: BTreeMap<&Path, Vec<&str>> = BTreeMap::new();
    for version in scenario.modules.iter().flat_map(|module| &module.versions) {
        if let Source::Example { manifest, name } = &version.source {
            wanted.entry(manifest).or_default().push(name);
        }
    }
    let mut built = BTreeMap::new();
    for (manifest, names) in wanted {
        for (name, object) in build::examples(manifest, &names)? {
            built.insert((manifest.to_path_buf(), name), object);
        }
    }
    Ok(built)
}

/// A sealed copy of a shared object, beside it.
fn sealed(object: &Path) -> Result<PathBuf, BuildError> {
    let file = |action: &'static str, path: &Path| {
        let path = path.to_path_buf();
        move |error| BuildError::File {
            action,
            path,
            error,
        }
    };
    let content = seal(fs::read(object).map_err(file("read", object))?);
    let place = object.with_extension("sealed.so");
    if fs::read(&place).is_ok_and(|before| before == content) {
        return Ok(place);
    }
    // Written aside and renamed: others may be reading it, or writing it, too.
    let folder = object.parent().unwrap_or(Path::new("."));
    let mut aside = NamedTempFile::new_in(folder).map_err(file("write", &place))?;
    aside.write_all(&content).map_err(file("write", &place))?;
    aside
        .persist(&place)
        .map_err(|error| file("write", &place)(error.error))?;
    Ok(place)
}

/// A file in a folder that is to be written and then given its name: so it is there whole,
/// or not at all. It may be read by whom the system lets read new files.
pub(crate) fn aside(folder: &Path) -> io::Result<NamedTempFile> {
    let permissions = Permissions::from_mode(0o666);
    tempfile::Builder::new()
        .permissions(permissions)
        .tempfile_in(folder)
}
