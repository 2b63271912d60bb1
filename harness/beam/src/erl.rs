//! An Erlang on this machine.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use crate::BeamError;

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
        let path = path.unwrap_or(Path::new("erl"));
        let not_erl = |problem: String| BeamError::NotErl {
            path: path.into(),
            problem,
        };
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
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| BeamError::NoErl {
                path: path.into(),
                error: error.to_string(),
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
        let said = receiver.recv_timeout(PATIENCE);
        // It has said all it has to say, or too little for too long.
        let _ = child.kill();
        let _ = child.wait();
        let said = said.map_err(|_| not_erl("it said nothing for 20 seconds".into()))?;
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
