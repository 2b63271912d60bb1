//! Where code lies: the code path, and the folders that the release handler removes.

use std::collections::BTreeMap;

use super::ways::version;
use crate::scenario::{Release, Scenario};
use crate::target::embedded::run::Run;
use crate::target::spoilt::Lies;

/// Where a module was loaded from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    /// A version of an application.
    Application(String, String),
    /// A place of the plan's own, which no release has.
    ByHand,
}

/// The code path, and where from it what is loaded was loaded.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    /// The version of each application in which its code is looked for.
    applications: BTreeMap<String, String>,
    /// Of modules that were loaded from somewhere else than their application's path as
    /// it is now.
    origins: BTreeMap<String, Origin>,
}

impl Paths {
    /// Those of an emulator that has just been booted, and has loaded nothing.
    pub(super) fn new(applications: impl IntoIterator<Item = (String, String)>) -> Paths {
        Paths {
            applications: applications.into_iter().collect(),
            origins: BTreeMap::new(),
        }
    }

    /// `code:lib_dir(Application)`, by its version.
    pub(super) fn of(&self, application: &str) -> Option<&str> {
        self.applications.get(application).map(String::as_str)
    }

    /// Each application with its version.
    pub(super) fn all(&self) -> impl Iterator<Item = (String, String)> {
        let all = self.applications.iter();
        all.map(|(name, vsn)| (name.clone(), vsn.clone()))
    }

    /// A plan has loaded a module.
    pub(super) fn loaded_by_hand(&mut self, module: &str) {
        self.origins.insert(module.into(), Origin::ByHand);
    }

    /// The release handler has loaded a module of a version of an application.
    pub(super) fn loaded(&mut self, module: &str, application: &str, vsn: &str) {
        let origin = Origin::Application(application.into(), vsn.into());
        self.origins.insert(module.into(), origin);
    }

    /// `code:replace_path(Application, Folder)`: what is loaded stays where it was loaded
    /// from.
    fn replace(&mut self, scenario: &Scenario, application: &str, vsn: &str) {
        let before = self.applications.insert(application.into(), vsn.into());
        let Some(before) = before else {
            return;
        };
        let modules = version(scenario, application, &before).map(|v| &v.modules);
        for (module, _) in modules.into_iter().flatten() {
            let origin = || Origin::Application(application.into(), before.clone());
            self.origins.entry(module.clone()).or_insert_with(origin);
        }
    }

    fn origin(&self, scenario: &Scenario, module: &str) -> Option<Origin> {
        let looked_for = || {
            let mut applications = self.applications.iter();
            let (name, vsn) = applications.find(|(name, vsn)| {
                version(scenario, name, vsn).is_some_and(|v| v.module(module).is_some())
            })?;
            Some(Origin::Application(name.clone(), vsn.clone()))
        };
        self.origins.get(module).cloned().or_else(looked_for)
    }
}

impl Run<'_> {
    /// The code path is that of a release that is booted; behind it stand the newest
    /// versions of all else that was unpacked.
    pub(in crate::target::embedded) fn set_paths(&mut self, release: &Release) {
        let scenario = self.scenario;
        for module in &scenario.modules {
            self.node.undeploy(&module.name);
        }
        let mut all = release.applications.clone();
        for application in &scenario.applications {
            let name = &application.name;
            let mut versions = application.versions.iter().rev();
            let newest = versions.find(|version| self.is_unpacked(name, &version.vsn));
            if let Some(newest) = newest.filter(|_| release.application(name).is_none()) {
                all.push((name.clone(), newest.vsn.clone()));
            }
        }
        for (name, vsn) in &all {
            self.look_for(name, vsn);
        }
        if let Some(handler) = &mut self.handler {
            handler.paths = Paths::new(all);
        }
    }

    /// The code paths of applications take the place of those that they had: what a
    /// version has no more is found only where the node was booted from.
    pub(super) fn replace_paths(&mut self, applications: &[(String, String)]) {
        let scenario = self.scenario;
        for (name, vsn) in applications {
            if let Some(handler) = &mut self.handler {
                handler.paths.replace(scenario, name, vsn);
            }
            self.look_for(name, vsn);
        }
    }

    fn look_for(&mut self, name: &str, vsn: &str) {
        let scenario = self.scenario;
        let versions = scenario.find_application(name).map(|a| &a.versions);
        for (module, _) in versions.into_iter().flatten().flat_map(|v| &v.modules) {
            self.look_for_module((name, vsn), module);
        }
    }

    /// What lies where a version of an application has a module is what is found of that.
    pub(super) fn look_for_module(&mut self, (name, vsn): (&str, &str), module: &str) {
        let scenario = self.scenario;
        let new = version(scenario, name, vsn).and_then(|version| version.module(module));
        let lies = self.lies_at((name, vsn), module).cloned();
        let found = match &lies {
            None => new,
            Some(Lies::Other(other, vsn)) if other == module => Some(vsn.as_str()),
            Some(Lies::Nothing) => None,
            Some(Lies::Half | Lies::Other(..)) => return self.node.damage(module),
        };
        let found = found.or_else(|| self.booted_from(name, module));
        match found.and_then(|found| self.artifacts.get(module, found)) {
            Some(artifact) => self.node.deploy(artifact),
            None => self.node.undeploy(module),
        }
    }

    /// What the code path has not is looked for where the boot script has told the primary
    /// loader to look, which nothing changes (seen on OTP 25; A3).
    fn booted_from(&self, application: &str, module: &str) -> Option<&str> {
        let booted = &self.handler.as_ref()?.booted;
        let vsn = self
            .scenario
            .find_release(booted)?
            .application(application)?;
        let version = version(self.scenario, application, vsn)?;
        self.is_unpacked(application, vsn)
            .then(|| version.module(module))?
    }

    /// Whether the folder of a version of an application is there: one of the releases
    /// that are unpacked has it.
    pub(super) fn is_unpacked(&self, application: &str, vsn: &str) -> bool {
        let Some(handler) = &self.handler else {
            return false;
        };
        let mut unpacked = handler
            .books
            .all()
            .filter_map(|(release, _)| self.scenario.find_release(release));
        unpacked.any(|release| release.application(application) == Some(vsn))
    }

    /// What lies in folders that are gone is not found any longer.
    pub(super) fn lose_removed(&mut self) {
        let scenario = self.scenario;
        let paths = self.handler.as_ref().map(|handler| &handler.paths);
        let applications = paths.map_or(BTreeMap::new(), |paths| paths.applications.clone());
        for (name, vsn) in applications {
            if self.is_unpacked(&name, &vsn) {
                continue;
            }
            let modules = version(scenario, &name, &vsn).map(|version| &version.modules);
            for (module, _) in modules.into_iter().flatten() {
                match (self.booted_from(&name, module))
                    .and_then(|found| self.artifacts.get(module, found))
                {
                    Some(artifact) => self.node.deploy(artifact),
                    None => self.node.undeploy(module),
                }
            }
        }
    }

    /// A plan has loaded a module, from no release.
    pub(in crate::target::embedded) fn loaded_by_hand(&mut self, module: &str) {
        if let Some(handler) = &mut self.handler {
            handler.paths.loaded_by_hand(module);
        }
    }

    /// The version of a module in the file that it was loaded from, or would be: none
    /// where that is not there (any more).
    pub(super) fn vsn_on_file(&mut self, module: &str) -> Option<String> {
        let handler = self.handler.as_ref()?;
        match handler.paths.origin(self.scenario, module)? {
            Origin::ByHand => self.node.current_vsn(module).map(str::to_owned),
            Origin::Application(name, vsn) if self.is_unpacked(&name, &vsn) => {
                match self.lies_at((&name, &vsn), module) {
                    Some(Lies::Nothing) => return None,
                    Some(Lies::Other(_, vsn)) => return Some(vsn.clone()),
                    Some(Lies::Half) | None => {}
                }
                let version = version(self.scenario, &name, &vsn)?;
                version.module(module).map(str::to_owned)
            }
            Origin::Application(..) => None,
        }
    }
}
