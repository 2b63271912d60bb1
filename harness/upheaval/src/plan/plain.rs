//! Ops made plainer: what need not go wrong in them does not.

use super::{Op, Plan, Way};

/// One op after the other is done as it should be.
#[derive(Clone, Debug, Default)]
pub(super) struct Plain {
    /// The step that is tried next.
    step: usize,
}

impl Plain {
    pub(super) fn candidate(&mut self, best: &Plan) -> Option<Plan> {
        while let Some(step) = best.steps.get(self.step) {
            self.step += 1;
            if let Some(op) = plainer(&step.op) {
                let mut plan = best.clone();
                plan.steps[self.step - 1].op = op;
                return Some(plan);
            }
        }
        None
    }
}

/// The op without its fault, or one kill in place of many.
fn plainer(op: &Op) -> Option<Op> {
    match op {
        Op::Faulty {
            way, module, vsn, ..
        } => {
            let (module, vsn) = (module.clone(), vsn.clone());
            Some(match way {
                Way::Load => Op::Load { module, vsn },
                Way::LoadBinary => Op::LoadBinary { module, vsn },
                Way::Reload => Op::Reload { module, vsn },
                Way::Upgrade => Op::Upgrade { module, vsn },
            })
        }
        Op::FaultyRelease { of, .. } => Some((**of).clone()),
        Op::Storm { process, .. } => Some(Op::Kill {
            process: process.clone(),
        }),
        _ => None,
    }
}
