//! Applications and the releases that are made of them.

use upheaval_term::Term;

use super::Scenario;
use super::definition::nearest;

/// An application, in the versions that releases are made of.
///
/// Its supervision tree is the scenario's: an application that is started starts the
/// supervisor that it names, and all that is under it.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// The supervisor at its top; none for a library.
    pub supervisor: Option<String>,
    /// Its versions, oldest first.
    pub versions: Vec<ApplicationVersion>,
}

/// One version of an application.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationVersion {
    /// Its version.
    pub vsn: String,
    /// Its modules, each with the version that it has in this one.
    pub modules: Vec<(String, String)>,
    /// Its environment: keys and values.
    pub env: Vec<(String, Term)>,
    /// The text of its appup: how to come here from other versions, and how to go
    /// back (C1). None where there is no way.
    pub appup: Option<String>,
}

/// One version of the scenario's release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Its version.
    pub vsn: String,
    /// Its applications, by name and version, in start order.
    pub applications: Vec<(String, String)>,
}

impl Application {
    /// An application without versions yet.
    pub fn new(name: impl Into<String>) -> Self {
        Application {
            name: name.into(),
            supervisor: None,
            versions: Vec::new(),
        }
    }

    /// Says which of the scenario's supervisors stands at its top.
    #[must_use]
    pub fn supervisor(mut self, name: impl Into<String>) -> Self {
        self.supervisor = Some(name.into());
        self
    }

    /// Adds a version, newer than those before it.
    #[must_use]
    pub fn version(mut self, version: ApplicationVersion) -> Self {
        self.versions.push(version);
        self
    }

    /// The version of that name.
    pub fn find_version(&self, vsn: &str) -> Option<&ApplicationVersion> {
        self.versions.iter().find(|version| version.vsn == vsn)
    }
}

impl ApplicationVersion {
    /// A version with modules, given as pairs of name and version.
    pub fn new<'a>(
        vsn: impl Into<String>,
        modules: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let modules = modules.into_iter();
        ApplicationVersion {
            vsn: vsn.into(),
            modules: modules.map(|(m, v)| (m.to_owned(), v.to_owned())).collect(),
            env: Vec::new(),
            appup: None,
        }
    }

    /// Says how to come to this version, and how to go back.
    #[must_use]
    pub fn appup(mut self, text: impl Into<String>) -> Self {
        self.appup = Some(text.into());
        self
    }

    /// Adds a key to its environment.
    #[must_use]
    pub fn env(mut self, key: impl Into<String>, value: Term) -> Self {
        self.env.push((key.into(), value));
        self
    }

    /// The version of a module in it.
    pub fn module(&self, name: &str) -> Option<&str> {
        let found = self.modules.iter().find(|(module, _)| module == name)?;
        Some(&found.1)
    }
}

impl Release {
    /// A release of applications, given as pairs of name and version.
    pub fn new<'a>(
        vsn: impl Into<String>,
        applications: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let applications = applications.into_iter();
        Release {
            vsn: vsn.into(),
            applications: applications
                .map(|(a, v)| (a.to_owned(), v.to_owned()))
                .collect(),
        }
    }

    /// The version of an application in it.
    pub fn application(&self, name: &str) -> Option<&str> {
        let mut all = self.applications.iter();
        all.find(|(application, _)| application == name)
            .map(|(_, vsn)| vsn.as_str())
    }
}

/// What is wrong with a scenario's applications and releases.
pub(super) fn problem(scenario: &Scenario) -> Option<String> {
    for (index, application) in scenario.applications.iter().enumerate() {
        let name = &application.name;
        if scenario.applications[..index]
            .iter()
            .any(|a| a.name == *name)
        {
            return Some(format!("application `{name}` is listed twice; keep one"));
        }
        for version in &application.versions {
            if let Some(problem) = of_version(scenario, version) {
                let vsn = &version.vsn;
                return Some(format!("application `{name}`, version {vsn}, {problem}"));
            }
        }
    }
    for (index, release) in scenario.releases.iter().enumerate() {
        let vsn = &release.vsn;
        if scenario.releases[..index].iter().any(|r| r.vsn == *vsn) {
            return Some(format!("release {vsn} is listed twice; keep one"));
        }
        for (name, version) in &release.applications {
            let Some(application) = scenario.find_application(name) else {
                let known = scenario.applications.iter().map(|a| a.name.as_str());
                return Some(format!(
                    "release {vsn} has application `{name}`, which is not listed{}",
                    nearest(name, known)
                ));
            };
            if application.find_version(version).is_none() {
                return Some(format!(
                    "release {vsn} has version {version} of application `{name}`, which has no \
                     such version; add it"
                ));
            }
        }
    }
    None
}

fn of_version(scenario: &Scenario, version: &ApplicationVersion) -> Option<String> {
    version.modules.iter().find_map(|(name, vsn)| {
        let Some(module) = scenario.find_module(name) else {
            let known = scenario.modules.iter().map(|m| m.name.as_str());
            return Some(format!(
                "has module `{name}`, which is not listed{}",
                nearest(name, known)
            ));
        };
        let has = module.versions.iter().any(|v| v.vsn == *vsn);
        (!has).then(|| {
            format!("has version {vsn} of module `{name}`, which has no such version; add it")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Module, Source, Switch};

    fn scenario() -> Scenario {
        let source = || Source::File("nowhere.so".into());
        Scenario::new("shop", "one application").module(
            Module::new("counter", Switch::CodeChange)
                .version("1", source())
                .version("2", source()),
        )
    }

    fn shop(modules: [(&str, &str); 1]) -> Application {
        Application::new("shop").version(ApplicationVersion::new("1", modules))
    }

    #[test]
    fn what_is_listed_can_be_released() {
        let scenario = scenario()
            .application(shop([("counter", "1")]))
            .release(Release::new("1", [("shop", "1")]));
        assert_eq!(problem(&scenario), None);
    }

    #[test]
    fn what_is_not_listed_is_named_with_what_was_meant() {
        let complaint = |scenario: Scenario| problem(&scenario).unwrap_or_default();
        let module = complaint(scenario().application(shop([("cuonter", "1")])));
        assert!(module.contains("did you mean `counter`?"), "{module}");
        let version = complaint(scenario().application(shop([("counter", "3")])));
        assert!(
            version.contains("version 3 of module `counter`"),
            "{version}"
        );
        let release = Release::new("1", [("shpo", "1")]);
        let application = scenario()
            .application(shop([("counter", "1")]))
            .release(release);
        let application = complaint(application);
        assert!(
            application.contains("did you mean `shop`?"),
            "{application}"
        );
    }
}
