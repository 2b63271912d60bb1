//! One soak in a folder.

use std::fs::{self, File};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::SoakError;

/// The file whose lock says that a soak is at work.
const NAME: &str = "lock";

/// Holds a soak's folder until it is dropped, or the process ends, however it does.
#[derive(Debug)]
pub(super) struct Lock {
    _held: File,
}

impl Lock {
    /// Takes a folder, which is made if there is none.
    pub(super) fn take(folder: &Path) -> Result<Lock, SoakError> {
        let path = folder.join(NAME);
        fs::create_dir_all(folder).map_err(|error| SoakError::File {
            action: "make folder",
            path: folder.into(),
            error,
        })?;
        let open = File::options().create(true).append(true).open(&path);
        let file = |error| SoakError::File {
            action: "lock",
            path: path.clone(),
            error,
        };
        let held = open.map_err(file)?;
        match flock(&held, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Lock { _held: held }),
            Err(Errno::WOULDBLOCK) => Err(SoakError::InUse {
                folder: folder.into(),
                lock: path,
            }),
            Err(error) => Err(file(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_soaks_until_it_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Lock::take(folder.path()).expect("a lock");
        let error = Lock::take(folder.path())
            .expect_err("it is taken")
            .to_string();
        assert!(error.contains("another soak is at work there"), "{error}");
        assert!(error.contains("give another --out"), "{error}");
        drop(first);
        assert!(Lock::take(folder.path()).is_ok());
    }
}
