//! An Erlang on this machine.

use std::io::{ErrorKind, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf, absolute};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crate::{BeamError, group};

/// How long an `erl` may take to say which it is.
const PATIENCE: Duration = Duration::from_secs(20);

/// An Erlang/OTP installation, by its `erl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erl {
    path: PathBuf,
    release: String,
}

impl Erl {
    /// The Erlang at `path`, or the `erl` on the `PATH`.
    ///
    /// # Errors
    /// There is none, or what is there is no Erlang.
    pub fn find(path: Option<&Path>) -> Result<Erl, BeamError> {
        Erl::ask(&located(path.unwrap_or(Path::new("erl"))), PATIENCE)
    }

    fn ask(path: &Path, patience: Duration) -> Result<Erl, BeamError> {
        let not_erl = |problem: String| BeamError::NotErl {
            path: path.into(),
            problem,
        };
        if path.is_dir() {
            return Err(not_erl("it is a folder".into()));
        }
        let ask = "io:put_chars([\"otp \", erlang:system_info(otp_release)]), halt(0).";
        let mut child = without_settings(&mut Command::new(path))
            .args([
                "-noshell",
                "-noinput",
                "-boot",
                "no_dot_erlang",
                "-eval",
                ask,
            ])
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => BeamError::NoErl {
                    path: path.into(),
                    error: error.to_string(),
                },
                _ => not_erl(format!("it cannot be run ({error})")),
            })?;
        let (sender, receiver) = channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                let mut said = String::new();
                // Nothing that is an Erlang says more.
                let _ = stdout.take(4096).read_to_string(&mut said);
                let _ = sender.send(said);
            });
        }
        let said = receiver.recv_timeout(patience);
        // It has said all it has to say, or too little for too long.
        group::kill(&mut child);
        let said =
            said.map_err(|_| not_erl(format!("it had not ended after {} s", patience.as_secs())))?;
        match said.strip_prefix("otp ") {
            Some(release) if !release.is_empty() => Ok(Erl {
                path: path.into(),
                release: release.into(),
            }),
            _ => Err(not_erl(format!(
                "asked for its release, it said {:?}",
                said.chars().take(80).collect::<String>()
            ))),
        }
    }

    /// The program.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its OTP release, as `erlang:system_info(otp_release)` gives it.
    pub fn release(&self) -> &str {
        &self.release
    }
}

/// Where a program is, for processes that run in other folders.
fn located(path: &Path) -> PathBuf {
    let is_name = path.components().count() == 1 && !path.starts_with(".");
    let found = match std::env::var_os("PATH") {
        Some(folders) if is_name => std::env::split_paths(&folders)
            .map(|folder| folder.join(path))
            .find(|file| file.is_file()),
        _ => None,
    };
    match found {
        None if is_name => path.into(),
        found => absolute(found.as_deref().unwrap_or(path)).unwrap_or_else(|_| path.into()),
    }
}

/// An `erl` that sees nothing of the user's own settings for Erlang: flags may start
/// a distribution, or name a cookie.
pub(crate) fn without_settings(erl: &mut Command) -> &mut Command {
    let is_setting = |name: &str| {
        (name.starts_with("ERL_") && name.ends_with("FLAGS"))
            || matches!(
                name,
                "ERL_LIBS" | "ERL_INETRC" | "ERL_EPMD_PORT" | "XDG_CONFIG_HOME"
            )
    };
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_setting) {
            erl.env_remove(name);
        }
    }
    erl
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    use super::*;

    #[test]
    fn what_a_program_that_is_no_erlang_has_started_ends_with_it() {
        let folder = match tempfile::tempdir() {
            Ok(folder) => folder,
            Err(error) => panic!("{error}"),
        };
        let (path, pid) = (folder.path().join("erl"), folder.path().join("pid"));
        let text = format!(
            "#!/bin/sh\nsleep 600 &\necho $! > {}\nwait\n",
            pid.display()
        );
        let write = fs::write(&path, text)
            .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o755)));
        assert!(write.is_ok());
        let mut patience = Duration::from_millis(100);
        let started = loop {
            match Erl::ask(&path, patience) {
                Ok(_) => panic!("it is no Erlang"),
                Err(error) => assert!(error.to_string().contains("had not ended"), "{error}"),
            }
            match fs::read_to_string(&pid) {
                Ok(pid) if !pid.trim().is_empty() => break pid,
                // The machine is slow.
                _ => patience *= 2,
            }
        };
        let stat = format!("/proc/{}/stat", started.trim());
        let deadline = Instant::now() + PATIENCE;
        // Who adopts it may leave it a zombie.
        while fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
            assert!(Instant::now() < deadline, "{started} goes on");
            thread::yield_now();
        }
    }

    #[test]
    fn a_path_is_told_from_a_name_and_holds_in_other_folders() {
        assert!(located(Path::new("./erl")).is_absolute());
        assert!(located(Path::new("bin/erl")).is_absolute());
        assert!(located(Path::new("sh")).is_absolute());
        let nobody = Path::new("no-such-program");
        assert_eq!(located(nobody), nobody);
    }
}
