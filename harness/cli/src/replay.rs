//! `upheaval replay`.

use upheaval::invariant::Judgement;
use upheaval::run::run_case;
use upheaval::target::Embedded;

use crate::args::ReplayArguments;
use crate::error::Error;
use crate::{FAILED, HELD, VIOLATED, plan_file, scenarios};

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
    let (runner, artifacts) = scenarios::prepare(scenario)?;
    let mut target = Embedded::new(runner.scenario().clone(), artifacts);
    let case = run_case(runner.scenario(), runner.invariants(), &mut target, &plan)?;
    print!("{plan}");
    let mut status = HELD;
    for (invariant, judgement) in runner.invariants().iter().zip(&case.judgements) {
        let name = invariant.name();
        println!();
        match judgement {
            Judgement::Held { checked: 0 } => println!("{name} saw nothing"),
            Judgement::Held { checked } => println!("{name} held ({checked} checked)"),
            Judgement::Inconclusive { reason } => {
                println!("{name} is inconclusive: {reason}");
                status = status.max(FAILED);
            }
            Judgement::Violated(violation) => {
                println!("{name} is violated");
                println!("  must hold: {}", invariant.statement());
                println!("  but: {}", violation.message);
                println!();
                let excerpt = case
                    .history
                    .print_around(violation.at, &violation.evidence, RADIUS);
                println!("{}", excerpt.trim_end());
                status = VIOLATED;
            }
        }
        if status == VIOLATED {
            break;
        }
    }
    Ok(status)
}
