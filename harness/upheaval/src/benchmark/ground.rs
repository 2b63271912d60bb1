//! Where bugs are hunted.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{BenchmarkError, On};
use crate::artifact::Built;
use crate::run::{Executor, InProcess, Runner};
use crate::scenario::Scenario;
use crate::target::{Compiler, Lab, TargetError};
use crate::worker::{Isolated, Isolation};

/// Makes what the cases of one scenario run in.
pub trait Ground: Sync {
    /// The kind of target that it has.
    fn on(&self) -> On;

    /// Whether its cases wait most of their time: then a bug is hunted from all seeds side
    /// by side.
    fn waits(&self) -> bool {
        false
    }

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
#[derive(Debug)]
pub struct Nodes {
    erl: Option<PathBuf>,
    /// There once something was compiled.
    compiler: Mutex<Option<Compiler>>,
}

impl Nodes {
    /// Those of this `erl`, or of the one on the PATH.
    pub fn of(erl: Option<PathBuf>) -> Nodes {
        Nodes {
            erl,
            compiler: Mutex::new(None),
        }
    }

    fn lab(&self, scenario: &Scenario) -> Result<Lab, TargetError> {
        let mut compiler = self.compiler.lock().unwrap_or_else(PoisonError::into_inner);
        let started = match compiler.take() {
            Some(started) => started,
            None => Compiler::new(self.erl.as_deref())?,
        };
        compiler.insert(started).lab(scenario.clone())
    }
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

    fn waits(&self) -> bool {
        true
    }

    fn enter<T>(
        &self,
        runner: &Runner,
        body: impl FnOnce(&mut dyn Executor) -> Result<T, TargetError>,
    ) -> Result<T, BenchmarkError> {
        let scenario = runner.scenario();
        let name = &scenario.name;
        scenario.validate().map_err(BenchmarkError::of(name))?;
        let lab = self.lab(scenario).map_err(BenchmarkError::of(name))?;
        body(&mut InProcess::new(runner, lab.target())).map_err(BenchmarkError::of(name))
    }
}
