//! `upheaval conformance`.

use std::path::Path;
use std::thread;
use std::time::Instant;

use upheaval::artifact::Artifacts;
use upheaval::conformance::{Agreement, Conformance, as_compared};
use upheaval::scenario::Scenario;
use upheaval::target::Lab;

use crate::args::ConformanceArguments;
use crate::error::Error;
use crate::progress::Bar;
use crate::{FAILED, HELD, VIOLATED, plan_file, print, scenarios};

/// Nodes for each core.
const NODES: usize = 8;

pub(crate) fn conformance(arguments: &ConformanceArguments) -> Result<u8, Error> {
    if let Some(file) = &arguments.plan {
        return one(arguments, file);
    }
    let bar = Bar::new(&arguments.scenario);
    let both = prepare(&arguments.scenario, arguments)?.1;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let nodes = arguments.threads.map_or(NODES * cores, usize::from);
    bar.begin(arguments.cases);
    let started = Instant::now();
    let found = both.run(nodes, arguments.seed, arguments.cases, |plans| {
        bar.at(plans)
    });
    let found = found.map_err(|unrun| match plan_file::keep_unrun(&unrun.plan) {
        Ok(path) => Error::Unrun {
            path,
            error: Box::new(unrun.error),
        },
        Err(_) => Error::Target(unrun.error),
    })?;
    let elapsed = started.elapsed().as_secs_f64();
    bar.finish();
    let mut text = String::new();
    if let Some(disagreement) = &found.disagreement {
        text += &format!("{disagreement}\n");
    }
    text += &format!(
        "scenario {}, seed {}: {} plans with {} ops in {elapsed:.1} s\n{} agreed ({} of them on another schedule), {} open, {} differed\n",
        arguments.scenario,
        arguments.seed,
        found.plans,
        found.ops,
        found.agreed,
        found.rescheduled,
        found.open.len(),
        u8::from(found.disagreement.is_some()),
    );
    for open in &found.open {
        let alone = match open.agrees_alone {
            true => "with nothing else running it agreed three times",
            false => "with nothing else running it differs, too",
        };
        text += &format!(
            "\nopen: case 0x{:016x}, which differs in some runs and not in all ({alone}); once, {}",
            open.case_seed, open.once
        );
    }
    print::result(&text)?;
    Ok(status(&found))
}

/// A plan that was left open has not been seen to agree.
fn status(found: &Agreement) -> u8 {
    match found {
        Agreement {
            disagreement: Some(_),
            ..
        } => VIOLATED,
        Agreement { open, .. } if !open.is_empty() => FAILED,
        _ => HELD,
    }
}

fn one(arguments: &ConformanceArguments, file: &Path) -> Result<u8, Error> {
    let plan = plan_file::read(file)?;
    let (scenario, both) = prepare(&plan.scenario, arguments)?;
    plan.check_against(&scenario)
        .map_err(|error| Error::Mismatch {
            path: file.into(),
            error,
        })?;
    let difference = both.difference(&plan)?;
    print::result(&match &difference {
        Some(difference) => format!("{plan}\nthe two differ {difference}"),
        None => format!("{plan}\nthe two agree\n"),
    })?;
    Ok(if difference.is_some() { VIOLATED } else { HELD })
}

fn prepare(
    scenario: &str,
    arguments: &ConformanceArguments,
) -> Result<(Scenario, Conformance), Error> {
    let scenario = as_compared(&scenarios::find(scenario)?);
    scenario.validate()?;
    let lab = Lab::new(scenario.clone(), arguments.erl.as_deref())?;
    let artifacts = Artifacts::of(&scenario)?;
    Ok((scenario.clone(), Conformance::new(scenario, artifacts, lab)))
}
