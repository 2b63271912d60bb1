//! `upheaval worker`, which no person types: what `run --workers` starts.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use upheaval::artifact::Built;
use upheaval::benchmark::Workers;
use upheaval::worker::{Isolation, serve};

use crate::HELD;
use crate::error::Error;

/// How long a worker may say nothing, in seconds, if nothing else is said: a case takes a
/// thousandth of that, on a machine that does much else.
const DEADLINE: u64 = 30;

pub(crate) fn worker() -> Result<u8, Error> {
    serve(sample_scenarios::find)?;
    Ok(HELD)
}

/// Workers that are this program.
pub(crate) fn isolation(built: Built, deadline: Option<u64>) -> Result<Isolation, Error> {
    let Workers {
        program,
        arguments,
        deadline,
    } = workers(deadline)?;
    Ok(Isolation {
        program,
        arguments,
        built,
        deadline,
    })
}

/// How this program is started as a worker, whatever becomes of its file.
pub(crate) fn workers(deadline: Option<u64>) -> Result<Workers, Error> {
    let program = match cfg!(target_os = "linux") {
        true => PathBuf::from("/proc/self/exe"),
        false => env::current_exe().map_err(Error::NoProgram)?,
    };
    Ok(Workers {
        program,
        arguments: vec!["worker".into()],
        deadline: Duration::from_secs(deadline.unwrap_or(DEADLINE)),
    })
}
