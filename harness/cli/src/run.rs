//! `upheaval run`.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Instant;

use upheaval::target::{Embedded, Target};
use upheaval::verdict::Verdict;

use crate::args::{Format, RunArguments};
use crate::error::Error;
use crate::output::{self, Run};
use crate::progress::Bar;
use crate::{FAILED, HELD, VIOLATED, plan_file, scenarios};

pub(crate) fn run(arguments: &RunArguments) -> Result<u8, Error> {
    let scenario = scenarios::find(&arguments.scenario)?;
    eprintln!("building the modules of scenario {}", scenario.name);
    let (runner, artifacts) = scenarios::prepare(scenario)?;
    let new_target = || Embedded::new(runner.scenario().clone(), artifacts.clone());
    let threads = arguments
        .threads
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get);
    let bar = Bar::new(arguments.cases);
    let started = Instant::now();
    let report = runner.run_on_threads(
        threads,
        new_target,
        arguments.seed,
        arguments.cases,
        |progress| bar.show(progress),
    )?;
    let elapsed = started.elapsed();
    bar.finish();
    let mut plan_files = Vec::new();
    for failure in &report.failures {
        plan_files.push(plan_file::write(failure)?);
    }
    let run = Run {
        scenario: runner.scenario().name.clone(),
        target: new_target().name(),
        seed: arguments.seed,
        report: &report,
        plan_files,
        elapsed,
    };
    match arguments.format {
        Format::Text => output::text(&run),
        Format::Json => output::json(&run)?,
    }
    Ok(match report.verdict() {
        Verdict::Held => HELD,
        Verdict::Violated => VIOLATED,
        Verdict::Inconclusive | Verdict::SawNothing => FAILED,
    })
}
