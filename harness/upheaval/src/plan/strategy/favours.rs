//! What a case can have more of than others.

use crate::coverage::{Concerned, Deed};
use crate::plan::Op;
use crate::scenario::Scenario;

/// The disturbances by what they do and to whom, numbered from 1, as many as a byte tells
/// apart.
#[derive(Clone, Debug)]
pub(super) struct Favours(Vec<Favour>);

/// An op that a case favours.
#[derive(Clone, Debug)]
pub(super) struct Favour {
    deed: Deed,
    /// It, with all that it may be done with.
    pub(super) ops: Vec<Op>,
    /// What is done to the same processes otherwise, so that it meets them suspended,
    /// ended, or in old code.
    pub(super) others: Vec<Op>,
}

impl Favours {
    pub(super) fn of<'a>(scenario: &Scenario, ops: impl IntoIterator<Item = &'a Op>) -> Favours {
        let mut groups: Vec<((Deed, Concerned<'a>), Vec<Op>)> = Vec::new();
        for op in ops {
            let Some(key) = Deed::of(op) else { continue };
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, ops)) => ops.push(op.clone()),
                None => groups.push((key, vec![op.clone()])),
            }
        }
        groups.truncate(usize::from(u8::MAX));
        let favour = |((deed, whom), ops): &((Deed, Concerned<'_>), Vec<Op>)| {
            let others = groups.iter().filter(|((other, of), _)| {
                other != deed && concerns_the_same(scenario, *whom, *of)
            });
            Favour {
                deed: *deed,
                ops: ops.clone(),
                others: others.flat_map(|(_, ops)| ops.clone()).collect(),
            }
        };
        Favours(groups.iter().map(favour).collect())
    }

    /// That of a number; none for 0, and for what is no number of any.
    pub(super) fn get(&self, number: u8) -> Option<&Favour> {
        self.0.get(usize::from(number).checked_sub(1)?)
    }

    /// The numbers, with what is done.
    pub(super) fn offers(&self) -> Vec<(u8, Deed)> {
        let deeds = self.0.iter().map(|favour| favour.deed);
        (1..=u8::MAX).zip(deeds).collect()
    }
}

fn concerns_the_same(scenario: &Scenario, one: Concerned<'_>, other: Concerned<'_>) -> bool {
    let runs = |process: &str, module: &str| {
        let process = scenario.find_process(process);
        process.is_some_and(|process| process.module == module)
    };
    match (one, other) {
        (Concerned::Everybody | Concerned::Application(_), _)
        | (_, Concerned::Everybody | Concerned::Application(_)) => true,
        (Concerned::Process(process), Concerned::Module(module))
        | (Concerned::Module(module), Concerned::Process(process)) => runs(process, module),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;
    use crate::plan::test_plans::scenario;

    #[test]
    fn an_op_comes_with_what_else_is_done_to_the_same_processes() {
        let plan: Plan = "
            scenario default
            seed 0x1
            upgrade counter 1
            kill counter
            kill ledger
            upgrade counter 2
            advance 5 ms"
            .parse()
            .expect("the test's own plan");
        let favours = Favours::of(&scenario(), plan.steps.iter().map(|step| &step.op));
        let print = |ops: &[Op]| ops.iter().map(Op::to_string).collect::<Vec<_>>();
        let of = |number| {
            let favour = favours.get(number)?;
            Some((print(&favour.ops), print(&favour.others)))
        };
        let words = |words: &[&str]| words.iter().map(|w| w.to_string()).collect::<Vec<_>>();
        let upgrades = words(&["upgrade counter 1", "upgrade counter 2"]);
        let kill = words(&["kill counter"]);
        assert_eq!(of(0), None);
        assert_eq!(of(1), Some((upgrades.clone(), kill.clone())));
        assert_eq!(of(2), Some((kill, upgrades)));
        assert_eq!(of(3), Some((words(&["kill ledger"]), vec![])));
        assert_eq!(of(4), None);
        let deeds = favours.offers();
        assert_eq!(
            deeds,
            [(1, Deed::Upgrade), (2, Deed::Kill), (3, Deed::Kill)]
        );
    }
}
