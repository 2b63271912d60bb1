//! `upheaval replay`.

use upheaval::invariant::Judgement;
use upheaval::run::{Runner, run_case};
use upheaval::target::{Embedded, Target};

use crate::args::{ReplayArguments, TargetName};
use crate::error::Error;
use crate::{FAILED, HELD, VIOLATED, plan_file, print, scenarios};

/// How many events are shown on each side of what matters.
const RADIUS: usize = 2;

pub(crate) fn replay(arguments: &ReplayArguments) -> Result<u8, Error> {
    let plan = plan_file::read(&arguments.file)?;
    let scenario = scenarios::find(&plan.scenario)?;
    plan.check_against(&scenario)
        .map_err(|error| Error::Mismatch {
            path: arguments.file.clone(),
            error,
        })?;
    let runner = Runner::new(scenario.clone());
    let mut target: Box<dyn Target> = match arguments.on.target()? {
        TargetName::Embedded => {
            let (_, artifacts) = scenarios::prepare(scenario.clone())?;
            Box::new(Embedded::new(scenario, artifacts))
        }
        TargetName::Beam => Box::new(scenarios::lab(&scenario, &arguments.on.erlang)?.target()),
    };
    let case = run_case(
        runner.scenario(),
        runner.invariants(),
        target.as_mut(),
        &plan,
    )?;
    let mut text = plan.to_string();
    let mut status = HELD;
    for (invariant, judgement) in runner.invariants().iter().zip(&case.judgements) {
        let name = invariant.name();
        text += "\n";
        match judgement {
            Judgement::Held { checked: 0 } => text += &format!("{name} saw nothing\n"),
            Judgement::Held { checked } => text += &format!("{name} held ({checked} checked)\n"),
            Judgement::Inconclusive { reason } => {
                text += &format!("{name} is inconclusive: {reason}\n");
                if status == HELD {
                    status = FAILED;
                }
            }
            Judgement::Violated(violation) => {
                let excerpt = case
                    .history
                    .print_around(violation.at, &violation.evidence, RADIUS);
                text += &format!(
                    "{name} is violated\n  must hold: {}\n  but: {}\n\n{}\n",
                    invariant.statement(),
                    violation.message,
                    excerpt.trim_end(),
                );
                status = VIOLATED;
            }
        }
    }
    print::result(&text)?;
    Ok(status)
}
