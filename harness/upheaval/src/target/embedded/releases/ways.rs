//! The ways between releases: what relups hold, made of the applications' appups.

use std::collections::BTreeMap;

use upheaval_release::{
    Application, Appup, Direction, Instruction, LowLevel, StartType, Translation,
};
use upheaval_term::{Atom, Term};

use super::apply::Applicable;
use crate::scenario::{ApplicationVersion, Release, Scenario};
use crate::target::{TargetError, appups};

/// A script for each pair of releases that has a way, as `systools:make_relup` finds
/// them: up from each older release, and down to it.
#[derive(Clone, Debug, Default)]
pub(in crate::target::embedded) struct Ways {
    ups: BTreeMap<(String, String), Vec<LowLevel>>,
    downs: BTreeMap<(String, String), Vec<LowLevel>>,
    /// The appups, by application and version.
    appups: BTreeMap<(String, String), Appup>,
}

/// A way from one release to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'a> {
    pub(super) direction: Direction,
    pub(super) script: &'a [LowLevel],
}

impl Ways {
    /// Reads the appups of a scenario and translates them.
    ///
    /// # Errors
    /// An appup is none, a way that it gives cannot be translated, or it has an
    /// instruction that the embedded node cannot do: the text says the application, its
    /// version, and the place.
    pub(in crate::target::embedded) fn of(scenario: &Scenario) -> Result<Ways, TargetError> {
        let mut ways = Ways {
            appups: appups::read(scenario, "the embedded node", refused)?,
            ..Ways::default()
        };
        for (index, new) in scenario.releases.iter().enumerate() {
            for old in &scenario.releases[..index] {
                let key = (old.vsn.clone(), new.vsn.clone());
                if let Some(script) = ways.script(scenario, Direction::Up, old, new)? {
                    ways.ups.insert(key.clone(), script);
                }
                if let Some(script) = ways.script(scenario, Direction::Down, old, new)? {
                    ways.downs.insert(key, script);
                }
            }
        }
        Ok(ways)
    }

    /// The way from one release to another: up where there is one, else down.
    pub(super) fn find(&self, from: &str, to: &str) -> Option<Way<'_>> {
        let up = self.ups.get(&(from.to_owned(), to.to_owned()));
        let down = self.downs.get(&(to.to_owned(), from.to_owned()));
        let (direction, script) = match (up, down) {
            (Some(script), _) => (Direction::Up, script),
            (None, Some(script)) => (Direction::Down, script),
            (None, None) => return None,
        };
        Some(Way { direction, script })
    }

    /// Whether a release has a relup: one without any way has none.
    pub(super) fn has_relup(&self, vsn: &str) -> bool {
        let mut all = self.ups.keys().chain(self.downs.keys());
        all.any(|(_, new)| new == vsn)
    }

    /// What leads from the older release to the newer, or back: nothing where an appup has
    /// no clause for it.
    fn script(
        &self,
        scenario: &Scenario,
        direction: Direction,
        old: &Release,
        new: &Release,
    ) -> Result<Option<Vec<LowLevel>>, TargetError> {
        let mut scripts: Vec<Vec<Instruction>> = Vec::new();
        for (name, vsn) in &new.applications {
            let Some(base) = old.application(name).filter(|base| base != vsn) else {
                continue;
            };
            let Some(steps) = self.steps(direction, (name, vsn), base) else {
                return Ok(None);
            };
            scripts.push(steps);
        }
        let (from, to) = match direction {
            Direction::Up => (old, new),
            Direction::Down => (new, old),
        };
        let only_in = |one: &Release, other: &Release| -> Vec<Atom> {
            let all = one.applications.iter();
            let only = all.filter(|(name, _)| other.application(name).is_none());
            only.filter_map(|(name, _)| Atom::new(name).ok()).collect()
        };
        let added = only_in(to, from).into_iter().map(|application| {
            vec![Instruction::AddApplication {
                application,
                start: StartType::Temporary,
            }]
        });
        scripts.splice(0..0, added);
        let removed = only_in(from, to)
            .into_iter()
            .map(|application| vec![Instruction::RemoveApplication { application }]);
        scripts.extend(removed);
        let (before, after) = (applications(scenario, from), applications(scenario, to));
        let translation = Translation::new(direction, &before, &after);
        match translation.script(&scripts) {
            Ok(script) => Ok(Some(script)),
            Err(error) => Err(TargetError::Release {
                scenario: scenario.name.clone(),
                from: from.vsn.clone(),
                to: to.vsn.clone(),
                problem: error.to_string(),
            }),
        }
    }

    /// The instructions of an application's appup; none where it has no clause.
    fn steps(
        &self,
        direction: Direction,
        (name, vsn): (&str, &str),
        base: &str,
    ) -> Option<Vec<Instruction>> {
        let clause = self.appup(name, vsn)?.clause(direction, base)?;
        Some(clause.instructions())
    }

    /// The appup of a version of an application, where it has one.
    pub(super) fn appup(&self, name: &str, vsn: &str) -> Option<&Appup> {
        self.appups.get(&(name.to_owned(), vsn.to_owned()))
    }
}

/// What the embedded node cannot do, and what can be done about it.
fn refused(instruction: &LowLevel) -> Option<String> {
    match instruction {
        LowLevel::Apply(function) if Applicable::of(function).is_none() => Some(format!(
            "it has no such function, only {}; apply one of these, or run the scenario with \
             --target beam",
            Applicable::ALL
        )),
        LowLevel::SyncNodes { .. } => Some("it is alone; leave it out".into()),
        LowLevel::Restart | LowLevel::Reboot => {
            Some("no release handler does that; write restart_emulator".into())
        }
        _ => None,
    }
}

/// The script that moves an application alone, and its error where there is none.
pub(super) fn script_alone(
    scenario: &Scenario,
    direction: Direction,
    (name, from, to): (&str, &str, &str),
    steps: Vec<Instruction>,
) -> Result<Vec<LowLevel>, Term> {
    // The type that an application has if nothing is said.
    let of = |vsn: &str| described(scenario, name, vsn, StartType::Permanent);
    let (from, to) = (Vec::from_iter(of(from)), Vec::from_iter(of(to)));
    let translation = Translation::new(direction, &from, &to);
    let script = translation.script(&[steps]);
    script.map_err(|error| error.reason())
}

fn applications(scenario: &Scenario, release: &Release) -> Vec<Application> {
    let each = release.applications.iter();
    // So that its end does not end the node.
    let described =
        |(name, vsn): &(String, String)| described(scenario, name, vsn, StartType::Temporary);
    each.filter_map(described).collect()
}

fn described(scenario: &Scenario, name: &str, vsn: &str, start: StartType) -> Option<Application> {
    let version = version(scenario, name, vsn)?;
    let modules = version.modules.iter();
    Some(Application {
        name: Atom::new(name).ok()?,
        vsn: vsn.into(),
        modules: modules
            .filter_map(|(module, _)| Atom::new(module).ok())
            .collect(),
        start,
    })
}

pub(super) fn version<'a>(
    scenario: &'a Scenario,
    name: &str,
    vsn: &str,
) -> Option<&'a ApplicationVersion> {
    scenario.find_application(name)?.find_version(vsn)
}

impl Way<'_> {
    /// The version that an install returns: on the way up where it comes from, on the
    /// way down where it leads (C15).
    pub(super) fn leads_from<'a>(&self, from: &'a str, to: &'a str) -> &'a str {
        match self.direction {
            Direction::Up => from,
            Direction::Down => to,
        }
    }
}
