//! Steps of the release handler, one after the other.

use proptest::test_runner::TestRng;

use super::below;
use crate::plan::{Op, ReleaseStep};
use crate::scenario::Scenario;

/// Where a case would be among a scenario's releases, if all its steps succeeded.
///
/// Steps that are drawn one by one hardly ever lead anywhere: a release is installed only
/// once it is unpacked, and one is old only once another is permanent.
#[derive(Clone, Debug)]
pub(super) struct Ladder {
    vsns: Vec<String>,
    unpacked: Vec<bool>,
    runs: usize,
    is_permanent: bool,
}

impl Ladder {
    /// On the first release; nothing where there is no other.
    pub(super) fn of(scenario: &Scenario) -> Option<Ladder> {
        let vsns: Vec<String> = (scenario.releases.iter())
            .map(|release| release.vsn.clone())
            .collect();
        (vsns.len() > 1).then(|| Ladder {
            unpacked: (0..vsns.len()).map(|place| place == 0).collect(),
            vsns,
            runs: 0,
            is_permanent: true,
        })
    }

    /// The next step, up or down.
    pub(super) fn step(&mut self, random: &mut TestRng) -> Op {
        let is_last = self.runs + 1 == self.vsns.len();
        let goes_up = self.runs == 0 || !is_last && below(random, 3) > 0;
        let to = if goes_up {
            self.runs + 1
        } else {
            self.runs - 1
        };
        let (step, of) = if !self.unpacked[to] {
            self.unpacked[to] = true;
            (ReleaseStep::Unpack, to)
        } else if !self.is_permanent && below(random, 3) == 0 {
            self.is_permanent = true;
            (ReleaseStep::MakePermanent, self.runs)
        } else if self.is_permanent && !goes_up && below(random, 3) == 0 {
            self.runs = to;
            (ReleaseStep::RebootOld, to)
        } else {
            (self.runs, self.is_permanent) = (to, false);
            (ReleaseStep::Install, to)
        };
        Op::Release {
            step,
            vsn: self.vsns[of].clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::test_runner::RngAlgorithm;

    use super::*;
    use crate::plan::test_plans::scenario;

    #[test]
    fn what_is_installed_was_unpacked_before_and_every_step_comes() {
        let random = &mut TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..100 {
            let mut ladder = Ladder::of(&scenario()).expect("it has two releases");
            let mut unpacked = vec!["1".to_string()];
            for _ in 0..8 {
                let Op::Release { step, vsn } = ladder.step(random) else {
                    panic!("it is a step of the release handler");
                };
                match step {
                    ReleaseStep::Unpack => unpacked.push(vsn),
                    _ => assert!(unpacked.contains(&vsn), "{} {vsn}", step.name()),
                }
                seen.insert(step.name());
            }
        }
        let steps = [
            "install_release",
            "make_permanent",
            "reboot_old_release",
            "unpack_release",
        ];
        assert_eq!(Vec::from_iter(seen), steps);
    }

    #[test]
    fn one_release_alone_leads_nowhere() {
        let mut alone = scenario();
        alone.releases.truncate(1);
        assert!(Ladder::of(&alone).is_none());
    }
}
