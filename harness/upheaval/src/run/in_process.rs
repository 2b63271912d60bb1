//! Cases in this process.

use super::{Breach, Care, Counts, DETERMINISM, Executor, Judged, Replayed, Runner};
use crate::history::History;
use crate::invariant::{Judgement, Violation};
use crate::plan::Plan;
use crate::target::{Target, TargetError};
use crate::verdict::judge_all;

/// Runs cases on a target of this process. A module that ends or holds the process
/// ends or holds the run.
#[derive(Debug)]
pub struct InProcess<'a, T> {
    runner: &'a Runner,
    target: T,
    /// Kept from case to case for their memory.
    history: History,
    again: History,
}

impl<'a, T: Target> InProcess<'a, T> {
    /// Runs the runner's cases on a target.
    pub fn new(runner: &'a Runner, target: T) -> Self {
        InProcess {
            runner,
            target,
            history: History::new(),
            again: History::new(),
        }
    }

    fn judge(&mut self, plan: &Plan, twice: bool) -> Result<Judged, TargetError> {
        self.run(plan)?;
        let cells = self.target.covered().to_vec();
        let invariants = self.runner.invariants();
        let mut judgements = judge_all(invariants, self.runner.scenario(), &self.history);
        if self.target.is_deterministic() {
            // Who can say so is still there.
            judgements.push(Judgement::Held { checked: 1 });
            judgements.push(match twice {
                true => self.compare(plan)?,
                false => Judgement::Held { checked: 0 },
            });
        }
        Ok(Judged {
            case_seed: plan.seed,
            counts: Counts::of(&self.history),
            digest: self.history.digest(),
            judgements,
            cells,
            death: None,
        })
    }

    fn run(&mut self, plan: &Plan) -> Result<(), TargetError> {
        self.history.clear();
        self.target.run(plan, &mut self.history)
    }

    /// Runs a plan once more, and compares what happens with what happened.
    fn compare(&mut self, plan: &Plan) -> Result<Judgement, TargetError> {
        self.again.clear();
        self.target.run(plan, &mut self.again)?;
        let Some(difference) = self.history.first_difference(&self.again) else {
            return Ok(Judgement::Held { checked: 1 });
        };
        let event = |event: &Option<String>| match event {
            Some(event) => format!("`{event}`"),
            None => "the end".into(),
        };
        Ok(Judgement::Violated(Violation {
            message: format!(
                "run twice, event {} was {}, and then {}: a module is not deterministic; look \
                 for clocks, addresses, threads and statics in it",
                difference.at,
                event(&difference.here),
                event(&difference.there)
            ),
            at: difference.at,
            evidence: vec![difference.at],
        }))
    }
}

impl<T: Target> Executor for InProcess<'_, T> {
    fn case(&mut self, case_seed: u64, twice: bool) -> Result<Judged, TargetError> {
        self.judge(&self.runner.plan(case_seed), twice)
    }

    fn breach(
        &mut self,
        claim: &'static str,
        plan: &Plan,
        _: Care,
    ) -> Result<Option<Breach>, TargetError> {
        self.run(plan)?;
        let judgement = if claim == DETERMINISM.name {
            self.compare(plan)?
        } else {
            let mut invariants = self.runner.invariants().iter();
            match invariants.find(|invariant| invariant.name() == claim) {
                Some(invariant) => invariant.judge(self.runner.scenario(), &self.history),
                // Whoever comes to this line has survived.
                None => return Ok(None),
            }
        };
        Ok(match judgement {
            Judgement::Violated(violation) => Some(Breach::of(&violation, &self.history)),
            _ => None,
        })
    }

    fn replay(&mut self, plan: &Plan) -> Result<Replayed, TargetError> {
        let judged = self.judge(plan, true)?;
        let excerpts = judged.judgements.iter().map(|judgement| match judgement {
            Judgement::Violated(violation) => Breach::of(violation, &self.history).excerpt,
            _ => String::new(),
        });
        Ok(Replayed {
            excerpts: excerpts.collect(),
            judged,
        })
    }

    fn is_deterministic(&self) -> bool {
        self.target.is_deterministic()
    }
}
