//! One case: which of a scenario's ops it has, and which it has more of than others.

use proptest::test_runner::TestRng;

use super::favours::{Favour, Lead};
use super::ladder::Ladder;
use super::weighted::Weighted;
use super::{below, one_of};
use crate::coverage::{Deed, Doing};
use crate::plan::{Op, SystemMessage};
use crate::scenario::{Draw, RequestSpec};

/// How many steps of the release handler it may take until the favoured one can follow.
const HIGHEST: u32 = 8;

/// What a case has of a scenario.
pub(super) struct Case<'a> {
    pub(super) clients: u32,
    pub(super) requests: Option<Weighted<&'a RequestSpec>>,
    pub(super) disturbances: Option<Weighted<&'a Vec<Op>>>,
    /// What two of three disturbances are, and what they are to meet a process doing.
    pub(super) favoured: Option<(&'a Favour, Option<Doing>)>,
    /// Every other step of the release handler, and of an application, is the next one on it.
    pub(super) ladder: Option<Ladder>,
}

impl<'a> Case<'a> {
    pub(super) fn request(&self, random: &mut TestRng) -> Option<Op> {
        let requests = self.requests.as_ref()?;
        Some(Op::Request {
            client: 1 + below(random, self.clients),
            request: requests.pick(random).draw(&mut Draw::new(random)),
        })
    }

    fn asks(&self, spec: &RequestSpec, random: &mut TestRng) -> Op {
        Op::Request {
            client: 1 + below(random, self.clients),
            request: spec.draw(&mut Draw::new(random)),
        }
    }

    /// A disturbance, and what comes right before it.
    pub(super) fn disturbance(&mut self, random: &mut TestRng) -> (Vec<Op>, Option<Op>) {
        let Some((favour, doing)) = self.favoured.filter(|_| below(random, 3) > 0) else {
            let disturbances = self.disturbances.as_ref();
            let op = disturbances.map(|some| one_of(some.pick(random), random));
            return (Vec::new(), op.map(|op| self.advanced(op, None, random)));
        };
        let (mut leads, aim) = (Vec::new(), Some(favour.deed));
        let mut op = self.advanced(one_of(&favour.ops, random), aim, random);
        for _ in 0..HIGHEST {
            if Deed::of(&op).is_some_and(|(deed, _)| deed == favour.deed) {
                break;
            }
            // It is a step on the way there.
            leads.push(op);
            op = self.advanced(one_of(&favour.ops, random), aim, random);
        }
        leads.extend(self.leads(favour, doing, random));
        (leads, Some(op))
    }

    /// What leads to a favoured op meeting a process doing that.
    fn leads(&mut self, favour: &'a Favour, doing: Option<Doing>, random: &mut TestRng) -> Vec<Op> {
        let mut leads = Vec::new();
        match (doing, below(random, 4)) {
            // Who does not go on keeps others waiting, and stays in code that is replaced.
            (Some(Doing::OldCode | Doing::InCallback | Doing::Blocked), 0..2) => {
                self.stall(favour, random, &mut leads);
            }
            // It may take something else as well.
            (_, 1) => leads.extend(self.lead(favour, None, random)),
            _ => {}
        }
        if doing != Some(Doing::Idle) {
            leads.extend(self.lead(favour, doing, random));
        }
        match (favour.deed, below(random, 4)) {
            // Only who is suspended changes code.
            (Deed::ChangeCode, 0..2) => {
                leads.extend(self.lead(favour, Some(Doing::Suspended), random));
            }
            (_, 1) => leads.extend(self.lead(favour, None, random)),
            _ => {}
        }
        leads
    }

    /// Freezes somebody: whoever has to wait for that, or those that are concerned, every
    /// other time in what they were asked for.
    fn stall(&mut self, favour: &'a Favour, random: &mut TestRng, leads: &mut Vec<Op>) {
        if below(random, 2) == 0 && !favour.stalls.is_empty() {
            leads.push(one_of(&favour.stalls, random));
            return;
        }
        let Some(freeze) = self.lead(favour, Some(Doing::Frozen), random) else {
            return;
        };
        if below(random, 2) == 0
            && let Op::Freeze { process } = &freeze
        {
            let requests = favour.requests.iter();
            let to: Vec<_> = requests.filter(|spec| spec.to == *process).collect();
            if let Some(spec) = to.get(below(random, to.len() as u32) as usize) {
                leads.push(self.asks(spec, random));
            }
        }
        leads.push(freeze);
    }

    /// One op that leads to a process doing that.
    fn lead(&mut self, favour: &'a Favour, to: Option<Doing>, random: &mut TestRng) -> Option<Op> {
        let leads = favour.leads(to);
        let lead = leads.get(below(random, leads.len() as u32) as usize)?;
        Some(match lead {
            Lead::Request(spec) => self.asks(spec, random),
            Lead::Ops(ops) => match one_of(ops, random) {
                // Every other time nobody waits until it is.
                Op::System {
                    process,
                    message: SystemMessage::Suspend,
                    ..
                } if below(random, 2) == 0 => Op::System {
                    process,
                    message: SystemMessage::Suspend,
                    within: Some(0),
                },
                op => self.advanced(op, None, random),
            },
        })
    }

    /// A step of the release handler is the next one of all that lead somewhere, every other
    /// time, or more often where it is aimed at; and so is that of an application alone.
    fn advanced(&mut self, op: Op, aim: Option<Deed>, random: &mut TestRng) -> Op {
        let Some(ladder) = &mut self.ladder else {
            return op;
        };
        let of = if aim.is_some() { 8 } else { 2 };
        match op {
            Op::Release { .. } | Op::Application { .. } if below(random, of) == 0 => op,
            Op::Release { .. } => ladder.step(aim, random),
            Op::Application {
                step, application, ..
            } => ladder.alone(&application, step, random),
            op => op,
        }
    }
}

/// Whether an op goes on until somebody has answered.
pub(super) fn is_waited_for(op: &Op) -> bool {
    !matches!(
        op,
        Op::System {
            within: Some(0),
            ..
        }
    )
}
