//! `upheaval run`.

use std::thread;
use std::time::Instant;

use upheaval::target::{Embedded, Target};
use upheaval::verdict::Verdict;

use crate::args::{Format, RunArguments};
use crate::error::Error;
use crate::output::{self, Run};
use crate::progress::Bar;
use crate::{FAILED, HELD, VIOLATED, plan_file, print, scenarios};

pub(crate) fn run(arguments: &RunArguments) -> Result<u8, Error> {
    let scenario = scenarios::find(&arguments.scenario)?;
    print::say(format_args!(
        "building the modules of scenario {}",
        scenario.name
    ));
    let (runner, artifacts) = scenarios::prepare(scenario)?;
    let new_target = || Embedded::new(runner.scenario().clone(), artifacts.clone());
    let threads = arguments
        .threads
        .map(usize::from)
        .or_else(|| thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1);
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
    // A plan that cannot be written may not cost the result.
    let plan_files = report.failures.iter().map(|failure| {
        plan_file::write(failure)
            .map_err(|error| print::say(format_args!("error: {error}")))
            .ok()
    });
    let plan_files = plan_files.collect();
    let run = Run {
        scenario: runner.scenario().name.clone(),
        target: new_target().name(),
        seed: arguments.seed,
        report: &report,
        plan_files,
        elapsed,
    };
    print::result(&match arguments.format {
        Format::Text => output::text(&run),
        Format::Json => output::json(&run)?,
    })?;
    Ok(match report.verdict() {
        Verdict::Held => HELD,
        Verdict::Violated => VIOLATED,
        Verdict::Inconclusive | Verdict::SawNothing => FAILED,
    })
}
