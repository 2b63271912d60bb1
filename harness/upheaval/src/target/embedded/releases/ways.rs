//! The ways between releases: what relups hold, made of the applications' appups.

use std::collections::BTreeMap;

use upheaval_release::{
    Application, Appup, Direction, Instruction, LowLevel, StartType, Translation,
};
use upheaval_term::Atom;

use crate::scenario::{ApplicationVersion, Release, Scenario};
use crate::target::TargetError;

/// A script for each pair of releases that has a way, as `systools:make_relup` finds
/// them: up from each older release, and down to it.
#[derive(Clone, Debug, Default)]
pub(in crate::target::embedded) struct Ways {
    ups: BTreeMap<(String, String), Vec<LowLevel>>,
    downs: BTreeMap<(String, String), Vec<LowLevel>>,
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
    /// An appup is none, or a way that it gives cannot be translated: its text says
    /// the application, its version, and the place.
    pub(in crate::target::embedded) fn of(scenario: &Scenario) -> Result<Ways, TargetError> {
        let mut ways = Ways::default();
        for (index, new) in scenario.releases.iter().enumerate() {
            for old in &scenario.releases[..index] {
                let key = (old.vsn.clone(), new.vsn.clone());
                if let Some(script) = script(scenario, Direction::Up, old, new)? {
                    ways.ups.insert(key.clone(), script);
                }
                if let Some(script) = script(scenario, Direction::Down, old, new)? {
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
}

/// What leads from the older release to the newer, or back: nothing where an appup has
/// no clause for it.
fn script(
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
        let Some(steps) = steps(scenario, direction, (name, vsn), base)? else {
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
            start: StartType::Load,
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
    scenario: &Scenario,
    direction: Direction,
    (name, vsn): (&str, &str),
    base: &str,
) -> Result<Option<Vec<Instruction>>, TargetError> {
    let Some(text) = version(scenario, name, vsn).and_then(|version| version.appup.as_ref()) else {
        return Ok(None);
    };
    let appup = Appup::parse(text).map_err(|error| TargetError::Appup {
        scenario: scenario.name.clone(),
        application: name.into(),
        vsn: vsn.into(),
        problem: error.to_string(),
    })?;
    let clause = appup.clause(direction, base);
    Ok(clause.map(upheaval_release::Clause::instructions))
}

fn applications(scenario: &Scenario, release: &Release) -> Vec<Application> {
    let each = release.applications.iter().filter_map(|(name, vsn)| {
        let version = version(scenario, name, vsn)?;
        let modules = version.modules.iter();
        Some(Application {
            name: Atom::new(name).ok()?,
            vsn: vsn.clone(),
            modules: modules
                .filter_map(|(module, _)| Atom::new(module).ok())
                .collect(),
            start: StartType::Load,
        })
    });
    each.collect()
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
