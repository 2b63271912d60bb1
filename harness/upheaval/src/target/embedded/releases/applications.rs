//! The applications of the release that runs: their versions and environments.

use upheaval_node::SystemRequest;
use upheaval_release::Mfa;
use upheaval_term::Term;

use super::ways::version;
use crate::scenario::{Release, Scenario};
use crate::target::ApplicationLook;
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

/// A release takes effect: versions and environments change before anything of it has
/// been installed, and stay as they are then if the install fails (C10, C11).
pub(super) fn change(applications: &mut [Loaded], scenario: &Scenario, release: &Release) {
    for application in applications {
        if let Some(vsn) = release.application(&application.name) {
            application.vsn = vsn.into();
            application.env = env(scenario, &application.name, vsn);
        }
    }
}

fn env(scenario: &Scenario, name: &str, vsn: &str) -> Vec<(String, Term)> {
    let mut env = version(scenario, name, vsn).map_or(Vec::new(), |version| version.env.clone());
    env.sort_by(|(one, _), (other, _)| one.cmp(other));
    env
}

/// What came of a function that a script applies.
pub(super) enum Applied {
    /// It returned; what it returned is ignored (C11).
    Returned,
    /// It raised, and this is what `catch` makes of it.
    Raised(Term),
    /// The embedded node has no such function.
    Unknown,
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

    /// `application:start`: starts the top of its tree.
    pub(super) fn start_application(&mut self, name: &str) -> Result<(), Term> {
        let scenario = self.scenario;
        let application = scenario.find_application(name);
        if application.is_none() || self.is_started(name) {
            return Ok(());
        }
        if let Some(top) = application.and_then(|a| a.supervisor.as_ref()) {
            self.start_by_hand(top)?;
        }
        let handler = self.handler.iter_mut();
        for loaded in handler.flat_map(|handler| &mut handler.applications) {
            loaded.started |= loaded.name == name;
        }
        Ok(())
    }

    /// `application:stop`: the top of its tree is told to shut down.
    fn stop_application(&mut self, name: &str) {
        let top = self
            .scenario
            .find_application(name)
            .and_then(|a| a.supervisor.as_ref());
        if let Some(pid) = top.and_then(|top| self.node.whereis(top)) {
            let shutdown = SystemRequest::Terminate(Term::atom("shutdown"));
            let tag = self.node.system(pid, shutdown);
            // It takes as long as it takes.
            let _ = self.wait_for(tag, u64::from(u32::MAX));
        }
        let handler = self.handler.iter_mut();
        for loaded in handler.flat_map(|handler| &mut handler.applications) {
            loaded.started &= loaded.name != name;
        }
    }

    /// A function that a script applies.
    pub(super) fn apply_function(&mut self, function: &Mfa, release: &Release) -> Applied {
        let Mfa {
            module,
            function,
            args,
        } = function;
        let scenario = self.scenario;
        match (module.as_str(), function.as_str(), args.as_slice()) {
            ("erlang", "error", [why]) => Applied::Raised(Term::tuple([
                Term::atom("EXIT"),
                Term::tuple([why.clone(), Term::List(Vec::new())]),
            ])),
            ("erlang", "exit", [why]) => {
                Applied::Raised(Term::tuple([Term::atom("EXIT"), why.clone()]))
            }
            ("erlang", "throw", [why]) => Applied::Raised(why.clone()),
            ("application", "start", [Term::Atom(name)] | [Term::Atom(name), _]) => {
                // That it failed is returned, and ignored.
                let _ = self.start_application(name.as_str());
                Applied::Returned
            }
            ("application", "stop", [Term::Atom(name)]) => {
                self.stop_application(name.as_str());
                Applied::Returned
            }
            (
                "supervisor",
                verb @ ("terminate_child" | "restart_child" | "delete_child"),
                [Term::Atom(supervisor), id],
            ) => {
                // That it failed is returned, and ignored.
                if let Some(pid) = self.node.whereis(supervisor.as_str()) {
                    self.call_supervisor(pid, verb, id);
                }
                Applied::Returned
            }
            ("application", function, args) => match &mut self.handler {
                Some(handler) => {
                    apply(&mut handler.applications, scenario, release, function, args)
                }
                None => Applied::Unknown,
            },
            _ => Applied::Unknown,
        }
    }
}

/// The functions of `application` that need no process.
fn apply(
    applications: &mut Vec<Loaded>,
    scenario: &Scenario,
    release: &Release,
    function: &str,
    args: &[Term],
) -> Applied {
    let named = |term: &Term| term.as_atom().map(|atom| atom.as_str().to_owned());
    match (function, args) {
        ("set_env", [application, key, value]) => {
            let (Some(application), Some(key)) = (named(application), named(key)) else {
                return Applied::Unknown;
            };
            if let Some(loaded) = applications.iter_mut().find(|a| a.name == application) {
                loaded.env.retain(|(k, _)| *k != key);
                loaded.env.push((key, value.clone()));
                loaded.env.sort_by(|(one, _), (other, _)| one.cmp(other));
            }
            Applied::Returned
        }
        ("load", [application]) => {
            let Some(name) = named(application) else {
                return Applied::Unknown;
            };
            let known = applications.iter().any(|a| a.name == name);
            let new = of_release(scenario, release).into_iter();
            if let Some(new) = new.filter(|_| !known).find(|a| a.name == name) {
                applications.push(new);
            }
            Applied::Returned
        }
        ("unload", [application]) => {
            let Some(name) = named(application) else {
                return Applied::Unknown;
            };
            applications.retain(|a| a.name != name || a.started);
            Applied::Returned
        }
        _ => Applied::Unknown,
    }
}
