//! `upheaval run`.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use upheaval::artifact::Artifacts;
use upheaval::run::{Executor, InProcess, Report, Runner};
use upheaval::target::Embedded;
use upheaval::verdict::Verdict;
use upheaval::worker::Isolated;

use crate::args::{Format, RunArguments, TargetName};
use crate::coverage;
use crate::error::Error;
use crate::output::{self, Run};
use crate::progress::Bar;
use crate::{FAILED, HELD, VIOLATED, plan_file, print, scenarios, worker};

pub(crate) fn run(arguments: &RunArguments) -> Result<u8, Error> {
    let scenario = scenarios::find(&arguments.scenario)?;
    let on = arguments.on.target()?;
    if on == TargetName::Beam && arguments.workers.is_some() {
        return Err(Error::NeedsEmbedded);
    }
    if on == TargetName::Beam && arguments.care.keep.is_some() {
        return Err(Error::KeepsEmbedded);
    }
    if on == TargetName::Beam && arguments.care.case_deadline.is_some() {
        return Err(Error::DeadlineEmbedded);
    }
    if on == TargetName::Beam && arguments.care.recheck.is_some() {
        return Err(Error::RechecksEmbedded);
    }
    if arguments.workers.is_none() && arguments.care.case_deadline.is_some() {
        return Err(Error::NeedsWorkers);
    }
    let bar = Bar::new(&scenario.name);
    let runner = Runner::new(scenario.clone()).recheck(arguments.care.recheck());
    let (target, report, elapsed) = match (on, arguments.workers) {
        (TargetName::Embedded, None) => {
            let artifacts = Artifacts::open(&scenarios::build(&scenario)?)?;
            let new = || {
                let target = Embedded::new(scenario.clone(), artifacts.clone());
                InProcess::new(&runner, target)
            };
            let (report, elapsed) = cases(&runner, new, arguments, (1, 2000), &bar)?;
            ("embedded", report, elapsed)
        }
        (TargetName::Embedded, Some(_)) => {
            let built = scenarios::build(&scenario)?;
            let isolation = worker::isolation(built, arguments.care.case_deadline)?;
            let new = || Isolated::new(&runner, &isolation);
            let (report, elapsed) = cases(&runner, new, arguments, (1, 2000), &bar)?;
            ("embedded", report, elapsed)
        }
        (TargetName::Beam, _) => {
            let lab = scenarios::lab(&scenario, &arguments.on.erlang)?;
            let new = || InProcess::new(&runner, lab.target());
            let (report, elapsed) = cases(&runner, new, arguments, (8, 100), &bar)?;
            ("beam", report, elapsed)
        }
    };
    bar.finish();
    let plan_files = report
        .failures
        .iter()
        .map(|failure| written(plan_file::keep(failure, arguments.care.keep.as_deref())));
    let plan_files = plan_files.collect();
    let undecided = report.undecided.iter().map(plan_file::keep_undecided);
    let undecided_files = undecided.map(written).collect();
    let run = Run {
        scenario: arguments.scenario.clone(),
        target,
        seed: arguments.seed,
        report: &report,
        plan_files,
        undecided_files,
        on: arguments.on.to_string(),
        elapsed,
    };
    print::result(&match arguments.format {
        Format::Text => output::text(&run) + &coverage::text(&report.coverage, arguments.coverage),
        Format::Json => output::json(&run)?,
    })?;
    if let Some(error) = &report.error {
        print::say(format_args!("error: {error}"));
        let s = if report.cases == 1 { "" } else { "s" };
        print::say(format_args!(
            "so the run ended after {} case{s}",
            report.cases
        ));
    }
    Ok(match report.verdict() {
        Verdict::Violated => VIOLATED,
        _ if report.error.is_some() => FAILED,
        Verdict::Held => HELD,
        Verdict::Inconclusive | Verdict::SawNothing => FAILED,
    })
}

/// Where a plan was written. That it cannot be may not cost the result.
fn written(path: Result<PathBuf, Error>) -> Option<PathBuf> {
    path.map_err(|error| print::say(format_args!("error: {error}")))
        .ok()
}

/// Runs the cases; gives what they came to, and how long they took. Per core there
/// are so many threads, and there are so many cases, unless the arguments say
/// otherwise.
fn cases<E: Executor>(
    runner: &Runner,
    new_executor: impl Fn() -> E + Sync,
    arguments: &RunArguments,
    (threads_per_core, cases): (usize, u64),
    bar: &Bar,
) -> Result<(Report, Duration), Error> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let attached = arguments.on.erlang.attach.is_some();
    let threads = match arguments.workers.or(arguments.threads).map(usize::from) {
        // One node is one system: it can run one case at a time.
        _ if attached => 1,
        Some(threads) => threads,
        None => threads_per_core * cores,
    };
    let cases = arguments.cases.unwrap_or(cases);
    bar.begin(cases);
    let started = Instant::now();
    let report = runner.run_on(threads, new_executor, arguments.seed, cases, |progress| {
        bar.show(progress);
    })?;
    Ok((report, started.elapsed()))
}
