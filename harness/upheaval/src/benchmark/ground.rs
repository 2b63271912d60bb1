//! Where bugs are hunted.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::{BenchmarkError, On};
use crate::artifact::Built;
use crate::run::{Executor, InProcess, Runner};
use crate::target::{Lab, TargetError};
use crate::worker::{Isolated, Isolation};

/// Makes what the cases of one scenario run in.
pub trait Ground: Sync {
    /// The kind of target that it has.
    fn on(&self) -> On;

    /// Makes a scenario ready to run, and hands over what runs it.
    ///
    /// # Errors
    /// It cannot be made ready; or what `body` fails with.
    fn enter<T>(
        &self,
        runner: &Runner,
        body: impl FnOnce(&mut dyn Executor) -> Result<T, TargetError>,
    ) -> Result<T, BenchmarkError>;
}

/// The embedded node, in worker processes: which bugs end their process nobody knows
/// before.
#[derive(Clone, Debug)]
pub struct Workers {
    /// The program that [serves](crate::worker::serve), and knows the scenarios by name.
    pub program: PathBuf,
    /// The arguments that let it.
    pub arguments: Vec<OsString>,
    /// How long a case may say nothing.
    pub deadline: Duration,
}

/// Real nodes.
#[derive(Clone, Debug, Default)]
pub struct Nodes {
    /// The `erl` that starts them; the one on the PATH if it is not given.
    pub erl: Option<PathBuf>,
}

impl Ground for Workers {
    fn on(&self) -> On {
        On::Embedded
    }

    fn enter<T>(
        &self,
        runner: &Runner,
        body: impl FnOnce(&mut dyn Executor) -> Result<T, TargetError>,
    ) -> Result<T, BenchmarkError> {
        let scenario = runner.scenario();
        let name = &scenario.name;
        scenario.validate().map_err(BenchmarkError::of(name))?;
        let isolation = Isolation {
            program: self.program.clone(),
            arguments: self.arguments.clone(),
            built: Built::of(scenario).map_err(BenchmarkError::of(name))?,
            deadline: self.deadline,
        };
        body(&mut Isolated::new(runner, &isolation)).map_err(BenchmarkError::of(name))
    }
}

impl Ground for Nodes {
    fn on(&self) -> On {
        On::Beam
    }

    fn enter<T>(
        &self,
        runner: &Runner,
        body: impl FnOnce(&mut dyn Executor) -> Result<T, TargetError>,
    ) -> Result<T, BenchmarkError> {
        let scenario = runner.scenario();
        let name = &scenario.name;
        scenario.validate().map_err(BenchmarkError::of(name))?;
        let lab = Lab::new(scenario.clone(), self.erl.as_deref());
        let lab = lab.map_err(BenchmarkError::of(name))?;
        body(&mut InProcess::new(runner, lab.target())).map_err(BenchmarkError::of(name))
    }
}
