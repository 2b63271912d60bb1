//! Steps of the release handler, one after the other.

use proptest::test_runner::TestRng;

use super::below;
use crate::coverage::Deed;
use crate::plan::{ApplicationStep, Op, ReleaseStep};
use crate::scenario::{Release, Scenario};

/// Where a case would be among a scenario's releases, if all its steps succeeded.
///
/// Steps that are drawn one by one hardly ever lead anywhere: a release is installed only
/// once it is unpacked, one is old only once another is permanent, and an application moves
/// down only once it has moved up.
#[derive(Clone, Debug)]
pub(super) struct Ladder {
    releases: Vec<Release>,
    unpacked: Vec<bool>,
    runs: usize,
    is_permanent: bool,
    applications: Vec<Application>,
}

/// An application, and at which of its versions it is; at none while no release has it.
#[derive(Clone, Debug)]
struct Application {
    name: String,
    /// Each version, and whether an appup leads to it from the one before, and back.
    vsns: Vec<(String, bool)>,
    at: Option<usize>,
}

impl Ladder {
    /// On the first release; nothing where there is no other.
    pub(super) fn of(scenario: &Scenario) -> Option<Ladder> {
        let applications = scenario.applications.iter().map(|application| {
            let versions = application.versions.iter();
            let vsns = versions.map(|version| (version.vsn.clone(), version.appup.is_some()));
            Application {
                name: application.name.clone(),
                vsns: vsns.collect(),
                at: None,
            }
        });
        let releases = scenario.releases.clone();
        let mut ladder = Ladder {
            unpacked: (0..releases.len()).map(|place| place == 0).collect(),
            applications: applications.collect(),
            releases,
            runs: 0,
            is_permanent: true,
        };
        ladder.move_to(0);
        (ladder.releases.len() > 1).then_some(ladder)
    }

    /// The next step, up or down; straight to a boot of an old release where that is aimed
    /// at.
    pub(super) fn step(&mut self, aim: Option<Deed>, random: &mut TestRng) -> Op {
        let reboots = aim == Some(Deed::RebootOld);
        let is_last = self.runs + 1 == self.releases.len();
        let goes_up = self.runs == 0 || !reboots && !is_last && below(random, 3) > 0;
        let to = if goes_up {
            self.runs + 1
        } else {
            self.runs - 1
        };
        let (step, of) = if !self.unpacked[to] {
            self.unpacked[to] = true;
            (ReleaseStep::Unpack, to)
        } else if !self.is_permanent && (reboots || below(random, 3) == 0) {
            self.is_permanent = true;
            (ReleaseStep::MakePermanent, self.runs)
        } else if self.is_permanent && !goes_up && (reboots || below(random, 3) == 0) {
            self.move_to(to);
            (ReleaseStep::RebootOld, to)
        } else {
            self.move_to(to);
            self.is_permanent = false;
            (ReleaseStep::Install, to)
        };
        Op::Release {
            step,
            vsn: self.releases[of].vsn.clone(),
        }
    }

    /// An application moved alone, the way that is aimed at if it can go there, once a
    /// release with that version is unpacked; a step towards another release where no
    /// application of that name runs.
    pub(super) fn alone(&mut self, name: &str, aim: ApplicationStep, random: &mut TestRng) -> Op {
        let mut applications = self.applications.iter_mut();
        let found = applications.find(|application| application.name == name);
        let Some((application, at)) = found.and_then(|one| one.at.map(|at| (one, at))) else {
            return self.step(None, random);
        };
        let vsns = &application.vsns;
        let can_go_up = vsns.get(at + 1).is_some_and(|(_, has_appup)| *has_appup);
        let can_go_down = at > 0 && vsns[at].1;
        let (step, to) = match aim {
            // Once in a while it goes further the other way first: there is more than one step.
            ApplicationStep::Upgrade if can_go_up => (ApplicationStep::Upgrade, at + 1),
            ApplicationStep::Downgrade if can_go_up && below(random, 2) == 0 => {
                (ApplicationStep::Upgrade, at + 1)
            }
            _ if can_go_down => (ApplicationStep::Downgrade, at - 1),
            _ if can_go_up => (ApplicationStep::Upgrade, at + 1),
            _ => return self.step(None, random),
        };
        let vsn = application.vsns[to].0.clone();
        let has_it = |release: &Release| release.application(name) == Some(&vsn);
        let places = self.releases.iter().zip(&self.unpacked);
        let is_unpacked = |(release, unpacked): (&Release, &bool)| *unpacked && has_it(release);
        if !places.clone().any(is_unpacked)
            && let Some(place) = self.releases.iter().position(has_it)
        {
            self.unpacked[place] = true;
            return Op::Release {
                step: ReleaseStep::Unpack,
                vsn: self.releases[place].vsn.clone(),
            };
        }
        application.at = Some(to);
        Op::Application {
            step,
            application: name.into(),
            vsn,
        }
    }

    fn move_to(&mut self, release: usize) {
        self.runs = release;
        let Some(release) = self.releases.get(release) else {
            return;
        };
        for application in &mut self.applications {
            let vsn = release.application(&application.name);
            let mut vsns = application.vsns.iter();
            application.at = vsns.position(|(known, _)| Some(known.as_str()) == vsn);
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
                let Op::Release { step, vsn } = ladder.step(None, random) else {
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
    fn a_boot_of_an_old_release_that_is_aimed_at_comes_as_soon_as_there_is_one() {
        let random = &mut TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut ladder = Ladder::of(&scenario()).expect("it has two releases");
        let steps = [(); 4].map(|()| ladder.step(Some(Deed::RebootOld), random).to_string());
        let expected = [
            "unpack_release 2",
            "install_release 2",
            "make_permanent 2",
            "reboot_old_release 1",
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn an_application_moves_alone_once_its_version_is_unpacked_and_down_once_it_is_up() {
        let random = &mut TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut scenario = scenario();
        scenario.applications[0].versions[1].appup = Some(String::new());
        let mut ladder = Ladder::of(&scenario).expect("it has two releases");
        let mut move_down = || {
            let op = ladder.alone("shop", ApplicationStep::Downgrade, random);
            op.to_string()
        };
        let steps = [(); 4].map(|()| move_down());
        let expected = [
            "unpack_release 2",
            "upgrade_app shop 2",
            "downgrade_app shop 1",
            "upgrade_app shop 2",
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn one_release_alone_leads_nowhere() {
        let mut alone = scenario();
        alone.releases.truncate(1);
        assert!(Ladder::of(&alone).is_none());
    }
}
