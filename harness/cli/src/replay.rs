//! `upheaval replay`.

use upheaval::artifact::Built;
use upheaval::invariant::Judgement;
use upheaval::run::{Executor, InProcess, Runner};
use upheaval::worker::Isolated;

use crate::args::{ReplayArguments, TargetName};
use crate::error::Error;
use crate::{FAILED, HELD, VIOLATED, plan_file, print, scenarios, worker};

pub(crate) fn replay(arguments: &ReplayArguments) -> Result<u8, Error> {
    let plan = plan_file::read(&arguments.file)?;
    let scenario = scenarios::find(&plan.scenario)?;
    plan.check_against(&scenario)
        .map_err(|error| Error::Mismatch {
            path: arguments.file.clone(),
            error,
        })?;
    let runner = Runner::new(scenario.clone());
    let on = arguments.on.target()?;
    let built = match on {
        TargetName::Embedded => scenarios::build(&scenario)?,
        TargetName::Beam => Built::default(),
    };
    let isolation = worker::isolation(built, arguments.case_deadline)?;
    let mut executor: Box<dyn Executor> = match on {
        TargetName::Embedded => Box::new(Isolated::new(&runner, &isolation)),
        TargetName::Beam => {
            let lab = scenarios::lab(&scenario, &arguments.on.erlang)?;
            Box::new(InProcess::new(&runner, lab.target()))
        }
    };
    let replayed = executor.replay(&plan)?;
    let mut text = plan.to_string();
    let mut status = HELD;
    let claims = runner.claims(executor.is_deterministic());
    for (place, (claim, judgement)) in claims.iter().zip(&replayed.judged.judgements).enumerate() {
        let name = claim.name;
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
                text += &format!(
                    "{name} is violated\n  must hold: {}\n  but: {}\n",
                    claim.statement, violation.message,
                );
                if let Some(excerpt) = replayed.excerpts.get(place) {
                    text += &format!("\n{}\n", excerpt.trim_end());
                }
                status = VIOLATED;
            }
        }
    }
    print::result(&text)?;
    Ok(status)
}
