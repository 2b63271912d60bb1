//! `upheaval soak`.

use std::thread;

use upheaval::run::Runner;
use upheaval::soak::{News, Soak, SoakReport, SoakScenario};
use upheaval::verdict::Verdict;

use crate::args::SoakArguments;
use crate::error::Error;
use crate::progress::{Bar, say_building};
use crate::{FAILED, HELD, VIOLATED, output, print, scenarios, worker};

pub(crate) fn soak(arguments: &SoakArguments) -> Result<u8, Error> {
    let care = &arguments.care;
    let mut names = arguments.scenarios.clone();
    if names.is_empty() {
        names.push(sample_scenarios::DEFAULT.into());
    }
    let mut all = Vec::new();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            return Err(Error::Twice {
                what: "scenario",
                name: name.clone(),
            });
        }
        let scenario = scenarios::find(name)?;
        say_building(name);
        let built = scenarios::build(&scenario)?;
        all.push(SoakScenario {
            runner: Runner::new(scenario).recheck(care.recheck()),
            isolation: worker::isolation(built, care.case_deadline)?,
        });
    }
    let soak = Soak::new(all, &arguments.out, arguments.seed, arguments.shard)?;
    let workers = arguments.workers.map_or_else(
        || thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let bar = Bar::of_time(arguments.time.as_secs());
    let report = soak.run(arguments.time, workers, care.keep.as_deref(), |news| {
        tell(&bar, &news);
    });
    bar.finish();
    let report = report?;
    print::result(&output::soak(arguments, &report))?;
    if let Some(error) = &report.error {
        print::say(format_args!("error: {error}"));
    }
    Ok(status(&report))
}

fn tell(bar: &Bar, news: &News) {
    match news {
        News::Mended { path, whole, torn } => bar.say(format_args!(
            "journal {} had a torn end, as a soak that is killed leaves it: {torn} bytes were \
             cut off, {whole} are left, and what they told of is run again",
            path.display()
        )),
        News::Resumed { cases, spent } => bar.say(format_args!(
            "goes on after {cases} cases and {} s",
            spent.as_secs()
        )),
        News::Kept { failure, path } => bar.say(format_args!(
            "{} is violated: {}; kept in {}",
            failure.invariant,
            failure.message,
            path.display()
        )),
        News::Progress {
            cases,
            violations,
            spent,
        } => bar.at_time(
            spent.as_secs(),
            format!("{cases} cases, {violations} violations"),
        ),
    }
}

fn status(report: &SoakReport) -> u8 {
    let any = |verdict| {
        let mut totals = report.totals.iter();
        totals.any(|totals| totals.tally.verdict() == verdict)
    };
    match () {
        () if any(Verdict::Violated) => VIOLATED,
        () if report.error.is_some() => FAILED,
        () if any(Verdict::Inconclusive) || any(Verdict::SawNothing) => FAILED,
        () => HELD,
    }
}
