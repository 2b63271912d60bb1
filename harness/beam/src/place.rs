//! Where the folders of nodes stand, so that none outlives this program.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf, absolute};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tempfile::TempDir;

use crate::BeamError;

/// What the janitor does: it waits for the end of its standard input, and removes the
/// place. A node that has not ended yet may be writing there; hence the tries.
const JANITOR: &str = "trap '' HUP INT TERM; read -r _; n=0; \
                       until rm -rf \"$1\" && [ ! -e \"$1\" ] || [ $n -ge 30 ]; \
                       do n=$((n+1)); sleep 1; done";

/// One folder, in which those of all nodes stand.
///
/// It goes with the last of them. And however this program ends, a SIGKILL in the
/// middle of anything included, its janitor removes it: a process that was there
/// before the folder was, and that reads the end of a pipe when this program is gone.
#[derive(Debug)]
struct Place {
    path: PathBuf,
    janitor: Child,
}

/// The place that is in use.
static CURRENT: Mutex<Weak<Place>> = Mutex::new(Weak::new());

/// A folder that nobody else can look into, and that goes when this is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    // Before the place that it stands in.
    folder: TempDir,
    _place: Arc<Place>,
}

impl Folder {
    pub(crate) fn new() -> Result<Folder, BeamError> {
        let place = current()?;
        let folder = tempfile::Builder::new()
            .prefix("node-")
            .tempdir_in(&place.path)
            .map_err(|error| no_room(&place.path, &error))?;
        Ok(Folder {
            folder,
            _place: place,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn current() -> Result<Arc<Place>, BeamError> {
    let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(place) = current.upgrade() {
        return Ok(place);
    }
    let place = Arc::new(Place::new(&std::env::temp_dir())?);
    *current = Arc::downgrade(&place);
    Ok(place)
}

impl Place {
    fn new(parent: &Path) -> Result<Place, BeamError> {
        let name = format!("upheaval-node-{:016x}", rand::random::<u64>());
        let path = absolute(parent.join(name)).map_err(|error| no_room(parent, &error))?;
        let janitor = Command::new("/bin/sh")
            .args(["-c", JANITOR, "upheaval-janitor"])
            .arg(&path)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .current_dir("/")
            // Ctrl-C is not for it.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| BeamError::System {
                action: "start /bin/sh, which removes what is left of nodes".into(),
                error: error.to_string(),
            })?;
        let place = Place { path, janitor };
        DirBuilder::new()
            .mode(0o700)
            .create(&place.path)
            .map_err(|error| no_room(&place.path, &error))?;
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What cannot be removed now is tried again by the janitor.
        let _ = std::fs::remove_dir_all(&self.path);
        drop(self.janitor.stdin.take());
        if !self.path.exists() {
            let _ = self.janitor.wait();
        }
    }
}

fn no_room(path: &Path, error: &std::io::Error) -> BeamError {
    BeamError::System {
        action: format!("make a folder for nodes, {}", path.display()),
        error: format!("{error}; set TMPDIR to a folder that can be written to"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_goes_with_its_last_folder_and_its_janitor_with_it() {
        let parent = match tempfile::tempdir() {
            Ok(parent) => parent,
            Err(error) => panic!("{error}"),
        };
        let place = match Place::new(parent.path()) {
            Ok(place) => place,
            Err(error) => panic!("{error}"),
        };
        let janitor = format!("/proc/{}", place.janitor.id());
        assert!(place.path.is_dir() && Path::new(&janitor).exists());
        drop(place);
        assert!(std::fs::read_dir(parent.path()).is_ok_and(|mut left| left.next().is_none()));
        assert!(!Path::new(&janitor).exists());
    }

    #[test]
    fn a_place_that_cannot_be_made_is_an_error_that_names_the_remedy() {
        match Place::new(Path::new("/nonexistent")) {
            Ok(_) => panic!("it was made"),
            Err(error) => assert!(
                error.to_string().contains("/nonexistent/upheaval-node-")
                    && error.to_string().contains("set TMPDIR"),
                "{error}"
            ),
        }
    }
}
