//! A whole scenario, and the check that it makes sense.

use super::{
    Application, DynamicChild, Module, Patience, Process, Release, RequestSpec, Sizes, Supervision,
    Weights,
};

/// What runs, and what may happen to it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name, as the command line and plan files give it.
    pub name: String,
    /// One line for `upheaval list`.
    pub about: String,
    /// The modules it runs.
    pub modules: Vec<Module>,
    /// The processes that it starts with, in start order.
    pub processes: Vec<Process>,
    /// The supervisor over the supervised ones.
    pub supervision: Supervision,
    /// Children that are added to supervisors, and taken away.
    pub dynamic: Vec<DynamicChild>,
    /// The names of processes that modules start by themselves.
    pub others: Vec<String>,
    /// The applications that its releases are made of.
    pub applications: Vec<Application>,
    /// Its releases, oldest first; a case starts with the first. None where modules
    /// are moved one by one.
    pub releases: Vec<Release>,
    /// How many clients send requests, each one at a time.
    pub clients: u32,
    /// What they ask for.
    pub requests: Vec<RequestSpec>,
    /// Which upgrades and faults happen, and how often.
    pub weights: Weights,
    /// How large a case is.
    pub sizes: Sizes,
    /// How long who waits for what.
    pub patience: Patience,
}

/// Why a scenario cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("failed to use scenario `{scenario}`: {problem}")]
pub struct ScenarioError {
    scenario: String,
    problem: String,
}

impl Scenario {
    /// An empty scenario: add modules, processes and requests to it.
    pub fn new(name: impl Into<String>, about: impl Into<String>) -> Self {
        Scenario {
            name: name.into(),
            about: about.into(),
            modules: Vec::new(),
            processes: Vec::new(),
            supervision: Supervision::default(),
            dynamic: Vec::new(),
            others: Vec::new(),
            applications: Vec::new(),
            releases: Vec::new(),
            clients: 1,
            requests: Vec::new(),
            weights: Weights::default(),
            sizes: Sizes::default(),
            patience: Patience::default(),
        }
    }

    /// Adds a module.
    #[must_use]
    pub fn module(mut self, module: Module) -> Self {
        self.modules.push(module);
        self
    }

    /// Adds a process.
    #[must_use]
    pub fn process(mut self, process: Process) -> Self {
        self.processes.push(process);
        self
    }

    /// Adds a child that plans may add to a supervisor while it runs.
    #[must_use]
    pub fn dynamic(mut self, child: DynamicChild) -> Self {
        self.dynamic.push(child);
        self
    }

    /// Says that a module starts a process of this name, so that it can be spoken of.
    #[must_use]
    pub fn other(mut self, name: impl Into<String>) -> Self {
        self.others.push(name.into());
        self
    }

    /// Adds an application.
    #[must_use]
    pub fn application(mut self, application: Application) -> Self {
        self.applications.push(application);
        self
    }

    /// Adds a release, newer than those before it.
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.releases.push(release);
        self
    }

    /// Adds a kind of request.
    #[must_use]
    pub fn request(mut self, request: RequestSpec) -> Self {
        self.requests.push(request);
        self
    }

    /// The module of this name.
    pub fn find_module(&self, name: &str) -> Option<&Module> {
        self.modules.iter().find(|module| module.name == name)
    }

    /// The application of this name.
    pub fn find_application(&self, name: &str) -> Option<&Application> {
        self.applications
            .iter()
            .find(|application| application.name == name)
    }

    /// The release of this version.
    pub fn find_release(&self, vsn: &str) -> Option<&Release> {
        self.releases.iter().find(|release| release.vsn == vsn)
    }

    /// The process of this name.
    pub fn find_process(&self, name: &str) -> Option<&Process> {
        self.processes.iter().find(|process| process.name == name)
    }

    /// Checks that every name it uses exists and that there is something to do.
    ///
    /// # Errors
    /// Names the scenario, the place and the remedy.
    pub fn validate(&self) -> Result<(), ScenarioError> {
        match self.problem() {
            None => Ok(()),
            Some(problem) => Err(ScenarioError {
                scenario: self.name.clone(),
                problem,
            }),
        }
    }

    fn problem(&self) -> Option<String> {
        for (index, module) in self.modules.iter().enumerate() {
            let name = &module.name;
            if self.modules[..index].iter().any(|m| m.name == *name) {
                return Some(format!("module `{name}` is listed twice; keep one"));
            }
            if module.versions.is_empty() {
                return Some(format!("module `{name}` has no version; add one"));
            }
            for (i, version) in module.versions.iter().enumerate() {
                let vsn = &version.vsn;
                if module.versions[..i].iter().any(|v| v.vsn == *vsn) {
                    return Some(format!(
                        "module `{name}` lists version {vsn} twice; keep one"
                    ));
                }
            }
        }
        for (index, process) in self.processes.iter().enumerate() {
            let name = &process.name;
            if self.processes[..index].iter().any(|p| p.name == *name)
                || *name == self.supervision.name
            {
                return Some(format!("two processes are named `{name}`; rename one"));
            }
            if process.supervises.is_none() && self.find_module(&process.module).is_none() {
                return Some(format!(
                    "process `{name}` runs module `{}`, which is not listed{}",
                    process.module,
                    nearest(
                        &process.module,
                        self.modules.iter().map(|m| m.name.as_str())
                    ),
                ));
            }
        }
        if let Some(problem) = self.problem_of_tree() {
            return Some(problem);
        }
        for request in &self.requests {
            if self.names().all(|name| *name != request.to) {
                return Some(format!(
                    "a request goes to `{}`, which is no process of it{}",
                    request.to,
                    nearest(&request.to, self.names()),
                ));
            }
        }
        if let Some(problem) = super::release::problem(self) {
            return Some(problem);
        }
        if self.clients == 0 {
            return Some("it has no client; give it at least one".into());
        }
        if self.requests.iter().all(|request| request.weight == 0) && self.sizes.requests > 0 {
            return Some("every request has weight 0; give one of them a weight".into());
        }
        None
    }
}

/// `; did you mean …?` where a name is close to one that exists.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    known
        .map(|k| (strsim::damerau_levenshtein(name, k), k))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, k)| format!("; did you mean `{k}`?"))
        .unwrap_or_else(|| "; add it".into())
}
