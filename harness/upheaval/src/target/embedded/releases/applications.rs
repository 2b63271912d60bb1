//! The applications of the release that runs: their versions and environments.

use upheaval_node::SystemRequest;
use upheaval_term::Term;

use super::ways::version;
use crate::history::Event;
use crate::scenario::{Release, Scenario};
use crate::target::ApplicationLook;
use crate::target::embedded::recorder::process;
use crate::target::embedded::run::Run;

/// What the application controller knows of an application.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Loaded {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) vsn: String,
    /// Its environment, in the order of its keys.
    pub(super) env: Vec<(String, Term)>,
    /// Whether it was started and has not been stopped.
    pub(super) started: bool,
}

/// The applications of a release, as they are before anything is done to them.
pub(super) fn of_release(scenario: &Scenario, release: &Release) -> Vec<Loaded> {
    let all = release.applications.iter().map(|(name, vsn)| Loaded {
        name: name.clone(),
        vsn: vsn.clone(),
        env: env(scenario, name, vsn),
        started: false,
    });
    all.collect()
}

/// Other versions of applications take effect: those that are loaded get their versions
/// and environments. A release does that before anything of it has been installed, and it
/// stays so if the install fails (C10, C11).
pub(super) fn change(
    applications: &mut [Loaded],
    scenario: &Scenario,
    versions: &[(String, String)],
) {
    for application in applications {
        let mut versions = versions.iter();
        if let Some((name, vsn)) = versions.find(|(name, _)| *name == application.name) {
            application.vsn.clone_from(vsn);
            application.env = env(scenario, name, vsn);
        }
    }
}

pub(super) fn env(scenario: &Scenario, name: &str, vsn: &str) -> Vec<(String, Term)> {
    let mut env = version(scenario, name, vsn).map_or(Vec::new(), |version| version.env.clone());
    env.sort_by(|(one, _), (other, _)| one.cmp(other));
    env
}

impl Run<'_> {
    /// Whether an application runs: it does not once the top of its tree has ended.
    pub(in crate::target::embedded) fn is_started(&self, name: &str) -> bool {
        let loaded = self
            .handler
            .iter()
            .flat_map(|handler| &handler.applications);
        let mut named = loaded.filter(|loaded| loaded.name == name);
        let is_up = |top: &String| self.node.whereis(top).is_some();
        let top = self
            .scenario
            .find_application(name)
            .and_then(|a| a.supervisor.as_ref());
        named.any(|loaded| loaded.started) && top.is_none_or(is_up)
    }

    /// The applications as they are.
    pub(in crate::target::embedded) fn applications(&self) -> Vec<ApplicationLook> {
        let loaded = |name: &str| {
            let mut all = self
                .handler
                .iter()
                .flat_map(|handler| &handler.applications);
            all.find(|loaded| loaded.name == name)
        };
        let all = self.scenario.applications.iter();
        all.filter_map(|application| {
            let Loaded { name, vsn, env, .. } = loaded(&application.name)?;
            let env = env.iter();
            Some(ApplicationLook {
                name: name.clone(),
                vsn: vsn.clone(),
                started: self.is_started(name),
                env: Term::list(env.map(|(key, value)| {
                    Term::tuple([crate::target::ops::name(key), value.clone()])
                })),
            })
        })
        .collect()
    }

    /// The application whose tree has this supervisor at its top, where the node has a
    /// release.
    pub(in crate::target::embedded) fn application_of(&self, top: &str) -> Option<&str> {
        self.handler.as_ref()?;
        let mut all = self.scenario.applications.iter();
        let found = all.find(|application| application.supervisor.as_deref() == Some(top))?;
        Some(&found.name)
    }

    /// `application:start`: loads it if need be, and starts the top of its tree; gives
    /// what that gives.
    pub(in crate::target::embedded) fn start_application(
        &mut self,
        name: &str,
    ) -> Result<Term, Term> {
        self.load_application(name);
        let handler = self.handler.iter();
        let mut loaded = handler.flat_map(|handler| &handler.applications);
        if loaded.all(|loaded| loaded.name != name) {
            let file = Term::string(&format!("{name}.app"));
            return Err(Term::tuple([
                Term::string("no such file or directory"),
                file,
            ]));
        }
        let application = self.scenario.find_application(name);
        let started = match application.and_then(|a| a.supervisor.as_ref()) {
            Some(top) => self.start_by_hand(top)?,
            None => Term::atom("ok"),
        };
        let handler = self.handler.iter_mut();
        for loaded in handler.flat_map(|handler| &mut handler.applications) {
            loaded.started |= loaded.name == name;
        }
        Ok(started)
    }

    /// `application:stop`: the top of its tree is told to shut down.
    pub(super) fn stop_application(&mut self, name: &str) {
        let top = self
            .scenario
            .find_application(name)
            .and_then(|a| a.supervisor.as_ref());
        if let Some(pid) = top.and_then(|top| self.node.whereis(top)) {
            // A supervisor ends of itself, too: this time it does not.
            let process = process(pid);
            self.note(Event::Interfered { process });
            let shutdown = SystemRequest::Terminate(Term::atom("shutdown"));
            let down = self.node.monitor(pid);
            let answer = self.node.system(pid, shutdown);
            // It takes as long as it takes: the answer comes before its end.
            let _ = self.wait_for(down, u64::from(u32::MAX));
            self.node.forget(answer);
        }
        let handler = self.handler.iter_mut();
        for loaded in handler.flat_map(|handler| &mut handler.applications) {
            loaded.started &= loaded.name != name;
        }
    }
}
