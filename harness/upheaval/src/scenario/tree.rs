//! Who is under whom.

use upheaval_term::Term;

use super::{Process, Scenario, Supervision, Switch};

impl Scenario {
    /// Whether a process is a supervisor: one that the scenario describes, or that runs
    /// a supervisor's callback module.
    pub fn is_supervisor(&self, process: &Process) -> bool {
        let module = self.find_module(&process.module);
        process.supervises.is_some() || module.is_some_and(|m| m.switch == Switch::Supervisor)
    }

    /// Whether a supervisor of it has that name.
    pub(crate) fn names_a_supervisor(&self, name: &str) -> bool {
        let process = self.find_process(name);
        *name == self.supervision.name || process.is_some_and(|p| self.is_supervisor(p))
    }

    /// The description of the supervisor of that name.
    pub fn find_supervision(&self, name: &str) -> Option<&Supervision> {
        if *name == self.supervision.name {
            return Some(&self.supervision);
        }
        self.find_process(name)?.supervises.as_ref()
    }

    /// The children that a supervisor is started with, in start order.
    pub fn children_of<'a>(&'a self, supervisor: &'a str) -> impl Iterator<Item = &'a Process> {
        self.processes
            .iter()
            .filter(move |process| self.parent_of(process) == Some(supervisor))
    }

    /// The name of a process's supervisor.
    pub fn parent_of<'a>(&'a self, process: &'a Process) -> Option<&'a str> {
        process.restart?;
        Some(process.under.as_deref().unwrap_or(&self.supervision.name))
    }

    /// Whether the scenario's own supervisor is there: it has a child.
    pub fn has_supervisor(&self) -> bool {
        let root = self.supervision.name.as_str();
        self.children_of(root).next().is_some() || self.supervision.template.is_some()
    }

    /// What is started by hand, in that order: the scenario's own supervisor, if it is
    /// there, and each process that nobody supervises.
    pub fn started_by_hand(&self) -> impl Iterator<Item = &str> {
        let root = self
            .has_supervisor()
            .then_some(self.supervision.name.as_str());
        let alone = self.processes.iter().filter(|p| p.restart.is_none());
        root.into_iter()
            .chain(alone.map(|process| process.name.as_str()))
    }

    /// Whether a process stands at the top of an application.
    pub fn is_top(&self, name: &str) -> bool {
        let mut applications = self.applications.iter();
        applications.any(|application| application.supervisor.as_deref() == Some(name))
    }

    /// The names of all that can be asked, told or killed: the processes, what is
    /// added to them, and what their modules start.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let processes = self.processes.iter().map(|process| process.name.as_str());
        let dynamic = self.dynamic.iter().map(|child| child.name.as_str());
        let others = self.others.iter().map(String::as_str);
        processes.chain(dynamic).chain(others)
    }

    /// The call that [crashes](super::Module::crashes_on) the process of this name, where
    /// its module says one.
    pub fn crash_of(&self, name: &str) -> Option<&Term> {
        let module = match self.find_process(name) {
            Some(process) => Some(process.module.as_str()),
            None => {
                let child = self.dynamic.iter().find(|child| child.name == name)?;
                child.module.as_deref()
            }
        };
        self.find_module(module?)?.crash.as_ref()
    }

    /// Whether a module is loaded before the first op: somebody may run it.
    pub fn is_run(&self, module: &str) -> bool {
        let runs = |process: &Process| {
            let template = process
                .supervises
                .as_ref()
                .and_then(|s| s.template.as_ref());
            process.module == module || template.is_some_and(|t| t.module == module)
        };
        let root = self.supervision.template.as_ref();
        let found = self.find_module(module);
        self.processes.iter().any(runs)
            || root.is_some_and(|template| template.module == module)
            || self
                .dynamic
                .iter()
                .any(|child| child.module.as_deref() == Some(module))
            || found.is_some_and(|module| module.preloaded)
    }

    /// What is wrong with who is under whom.
    pub(super) fn problem_of_tree(&self) -> Option<String> {
        for process in &self.processes {
            let name = &process.name;
            let Some(parent) = process.under.as_deref() else {
                continue;
            };
            if self.find_supervision(parent).is_none() {
                return Some(format!(
                    "process `{name}` is under `{parent}`, which is no supervisor that the \
                     scenario describes; add one with Process::supervisor"
                ));
            }
            let mut above = Some(process);
            for _ in 0..self.processes.len() {
                above = above
                    .and_then(|process| self.parent_of(process))
                    .and_then(|parent| self.find_process(parent));
            }
            if above.is_some() {
                return Some(format!(
                    "process `{name}` is under itself, by way of `{parent}`; put one of them \
                     under another"
                ));
            }
        }
        None
    }
}
