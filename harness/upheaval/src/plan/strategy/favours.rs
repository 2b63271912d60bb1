//! What a case can have more of than others.

use std::mem::{Discriminant, discriminant};

use crate::coverage::{Concerned, Deed, Doing, Offer, modules_of, subjects};
use crate::plan::{Op, SystemMessage};
use crate::scenario::{Process, RequestSpec, Scenario};

/// The disturbances by what they do and to whom, numbered from 1, as many as a byte tells
/// apart.
#[derive(Clone, Debug)]
pub(super) struct Favours(Vec<Favour>);

/// An op that a case favours.
#[derive(Clone, Debug)]
pub(super) struct Favour {
    pub(super) deed: Deed,
    subjects: Vec<u8>,
    /// It, with all that it may be done with.
    pub(super) ops: Vec<Op>,
    /// What is done to the same processes otherwise, by kind, so that it meets them suspended,
    /// frozen, ended, or in old code.
    pub(super) others: Vec<Vec<Op>>,
    /// Who can be frozen, so that others wait for him.
    pub(super) stalls: Vec<Op>,
    /// What those are asked, so that it meets them busy with that.
    pub(super) requests: Vec<RequestSpec>,
}

/// Ops of one kind, to the same processes.
struct Group<'a> {
    kind: (Discriminant<Op>, Option<Deed>),
    whom: Concerned<'a>,
    ops: Vec<Op>,
}

impl Favours {
    pub(super) fn of<'a>(scenario: &Scenario, ops: impl IntoIterator<Item = &'a Op>) -> Favours {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for op in ops {
            let Some(whom) = Concerned::by(op) else {
                continue;
            };
            let kind = (discriminant(op), Deed::of(op).map(|(deed, _)| deed));
            let is_of = |group: &&mut Group<'_>| (group.kind, group.whom) == (kind, whom);
            match groups.iter_mut().find(is_of) {
                Some(group) => group.ops.push(op.clone()),
                None => groups.push(Group {
                    kind,
                    whom,
                    ops: vec![op.clone()],
                }),
            }
        }
        let all = groups.iter().flat_map(|group| &group.ops);
        let stalls = all.filter(|op| matches!(op, Op::Freeze { .. }));
        let stalls: Vec<Op> = stalls.cloned().collect();
        let favour = |group: &Group<'_>| {
            let (_, deed) = group.kind;
            let others = groups.iter().filter(|other| {
                other.kind != group.kind && concerns_the_same(scenario, group.whom, other.whom)
            });
            let requests = scenario.requests.iter();
            let requests = requests.filter(|request| {
                request.weight > 0
                    && concerns_the_same(scenario, group.whom, Concerned::Process(&request.to))
            });
            Some(Favour {
                deed: deed?,
                subjects: subjects(scenario, group.whom),
                ops: group.ops.clone(),
                others: others.map(|other| other.ops.clone()).collect(),
                requests: requests.cloned().collect(),
                stalls: stalls.clone(),
            })
        };
        let all = groups.iter().filter_map(favour);
        Favours(all.take(usize::from(u8::MAX)).collect())
    }

    /// That of a number; none for 0, and for what is no number of any.
    pub(super) fn get(&self, number: u8) -> Option<&Favour> {
        self.0.get(usize::from(number).checked_sub(1)?)
    }

    /// All of them, by their numbers.
    pub(super) fn offers(&self) -> Vec<Offer> {
        let all = (1..=u8::MAX).zip(&self.0);
        let offers = all.map(|(number, favour)| Offer {
            number,
            deed: favour.deed,
            subjects: favour.subjects.clone(),
        });
        offers.collect()
    }
}

impl Favour {
    /// What can come before it so that it meets a process doing that, or doing anything.
    pub(super) fn leads(&self, to: Option<Doing>) -> Vec<Lead<'_>> {
        let requests = self.requests.iter().map(Lead::Request);
        let others = self.others.iter().map(|ops| Lead::Ops(ops));
        let leads = requests.chain(others);
        let leads = leads.filter(|lead| to.is_none_or(|doing| lead.leads_to().contains(&doing)));
        leads.collect()
    }
}

/// What comes right before an op.
#[derive(Clone, Copy)]
pub(super) enum Lead<'a> {
    Request(&'a RequestSpec),
    /// One of these.
    Ops(&'a [Op]),
}

impl Lead<'_> {
    /// What it leads processes to do.
    fn leads_to(&self) -> &'static [Doing] {
        let op = match self {
            Lead::Request(_) => {
                return &[
                    Doing::InCallback,
                    Doing::Blocked,
                    Doing::Hibernating,
                    Doing::TimerPending,
                    Doing::OldCode,
                ];
            }
            Lead::Ops(ops) => ops.first(),
        };
        match op {
            Some(Op::Freeze { .. }) => &[Doing::Frozen],
            Some(Op::System {
                message: SystemMessage::Suspend,
                ..
            }) => &[Doing::Suspended],
            Some(
                Op::Load { .. }
                | Op::LoadBinary { .. }
                | Op::Reload { .. }
                | Op::Upgrade { .. }
                | Op::Release { .. }
                | Op::Application { .. },
            ) => &[Doing::OldCode],
            // A supervisor that starts somebody again is in a callback.
            Some(
                Op::Kill { .. }
                | Op::Exit { .. }
                | Op::Crash { .. }
                | Op::Storm { .. }
                | Op::System {
                    message: SystemMessage::Terminate(_),
                    ..
                },
            ) => &[Doing::Restarting, Doing::InCallback],
            _ => &[],
        }
    }
}

/// Whether what is done to the second may make a difference to the first: it is a process
/// of the module, or a child that the supervisor has to look after.
fn concerns_the_same(scenario: &Scenario, one: Concerned<'_>, other: Concerned<'_>) -> bool {
    let runs = |process: &str, module: &str| {
        let process = scenario.find_process(process);
        process.is_some_and(|process| process.module == module)
    };
    match (one, other) {
        (Concerned::Application(application), Concerned::Process(process)) => {
            let runs = |process: &Process| {
                modules_of(scenario, application).contains(process.module.as_str())
            };
            scenario.names_a_supervisor(process) || scenario.find_process(process).is_none_or(runs)
        }
        (Concerned::Everybody | Concerned::Application(_), _)
        | (_, Concerned::Everybody | Concerned::Application(_)) => true,
        (Concerned::Process(process), Concerned::Module(module)) => runs(process, module),
        // A suspended supervisor is in the way of whoever looks for processes (C7).
        (Concerned::Module(module), Concerned::Process(process)) => {
            runs(process, module) || scenario.names_a_supervisor(process)
        }
        (Concerned::Process(one), Concerned::Process(other)) => {
            let child = scenario.find_process(other);
            let dynamic = scenario.dynamic.iter();
            one == other
                || child.and_then(|child| scenario.parent_of(child)) == Some(one)
                || dynamic
                    .filter(|child| child.name == other)
                    .any(|child| child.supervisor == one)
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::plan::Plan;
    use crate::plan::test_plans::scenario;

    #[test]
    fn an_op_comes_with_what_else_is_done_to_the_same_processes_and_what_they_are_asked() {
        let plan: Plan = "
            scenario default
            seed 0x1
            upgrade counter 1
            kill counter
            kill ledger
            freeze counter
            upgrade counter 2
            advance 5 ms"
            .parse()
            .expect("the test's own plan");
        let scenario = scenario();
        let favours = Favours::of(&scenario, plan.steps.iter().map(|step| &step.op));
        let print = |ops: &[Op]| ops.iter().map(Op::to_string).collect::<Vec<_>>();
        let of = |number| {
            let favour = favours.get(number)?;
            let others: Vec<_> = favour.others.iter().flat_map(|ops| print(ops)).collect();
            let asked = favour.requests.iter().map(|request| request.to.as_str());
            let asked: BTreeSet<_> = asked.collect();
            Some((print(&favour.ops), others, asked.into_iter().collect()))
        };
        let words = |words: &[&str]| words.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        let upgrades = ["upgrade counter 1", "upgrade counter 2"];
        let to_counter = words(&["kill counter", "freeze counter"]);
        assert_eq!(of(0), None);
        assert_eq!(of(1), Some((words(&upgrades), to_counter, vec!["counter"])));
        let others = words(&[upgrades[0], upgrades[1], "freeze counter"]);
        assert_eq!(
            of(2),
            Some((words(&["kill counter"]), others, vec!["counter"]))
        );
        assert_eq!(
            of(3),
            Some((words(&["kill ledger"]), vec![], vec!["ledger"]))
        );
        assert_eq!(of(4), None);
        let offers = favours.offers();
        let deeds = offers.iter().map(|offer| (offer.number, offer.deed));
        assert_eq!(
            deeds.collect::<Vec<_>>(),
            [(1, Deed::Upgrade), (2, Deed::Kill), (3, Deed::Kill)]
        );
    }
}
