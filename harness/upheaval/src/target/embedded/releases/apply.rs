//! The functions that a script may apply.

use upheaval_release::Mfa;
use upheaval_term::Term;

use super::applications::{Loaded, env};
use super::evaluate::Stop;
use crate::target::embedded::run::Run;

/// What the embedded node has of Erlang's functions. What they return is ignored (C11).
pub(super) enum Applicable<'a> {
    /// It raises, and this is what `catch` makes of it.
    Raise(Term),
    /// `application:start`.
    Start(&'a str),
    /// `application:stop`.
    Stop(&'a str),
    /// `application:load`.
    Load(&'a str),
    /// `application:unload`.
    Unload(&'a str),
    /// `application:set_env`: application, key and value.
    SetEnv(&'a str, &'a str, &'a Term),
    /// `supervisor:terminate_child` and its like: supervisor and id.
    Child(&'a str, &'a str, &'a Term),
}

impl<'a> Applicable<'a> {
    /// All of them, for whoever is told what there is.
    pub(super) const ALL: &'static str = "application:start, stop, load, unload and set_env/3, \
        supervisor:terminate_child, restart_child and delete_child of a name, erlang:error/1, \
        exit/1 and throw/1";

    /// The function, where the embedded node has it.
    pub(super) fn of(function: &'a Mfa) -> Option<Applicable<'a>> {
        let module = function.module.as_str();
        Some(
            match (module, function.function.as_str(), function.args.as_slice()) {
                ("erlang", "error", [why]) => Applicable::Raise(Term::tuple([
                    Term::atom("EXIT"),
                    Term::tuple([why.clone(), Term::List(Vec::new())]),
                ])),
                ("erlang", "exit", [why]) => {
                    Applicable::Raise(Term::tuple([Term::atom("EXIT"), why.clone()]))
                }
                ("erlang", "throw", [why]) => Applicable::Raise(why.clone()),
                ("application", "start", [Term::Atom(name)] | [Term::Atom(name), _]) => {
                    Applicable::Start(name.as_str())
                }
                ("application", "stop", [Term::Atom(name)]) => Applicable::Stop(name.as_str()),
                ("application", "load", [Term::Atom(name)]) => Applicable::Load(name.as_str()),
                ("application", "unload", [Term::Atom(name)]) => Applicable::Unload(name.as_str()),
                ("application", "set_env", [Term::Atom(name), Term::Atom(key), value]) => {
                    Applicable::SetEnv(name.as_str(), key.as_str(), value)
                }
                (
                    "supervisor",
                    verb @ ("terminate_child" | "restart_child" | "delete_child"),
                    [Term::Atom(supervisor), id],
                ) => Applicable::Child(verb, supervisor.as_str(), id),
                _ => return None,
            },
        )
    }
}

impl Run<'_> {
    /// Does it.
    ///
    /// # Errors
    /// What it raises, or that it never comes back.
    pub(super) fn apply(&mut self, function: Applicable<'_>) -> Result<(), Stop> {
        match function {
            Applicable::Raise(why) => return Err(Stop::Raised(why)),
            Applicable::Start(name) => {
                let _ = self.start_application(name);
            }
            Applicable::Stop(name) => self.stop_application(name),
            Applicable::Load(name) => self.load_application(name),
            Applicable::Unload(name) => {
                let is_started = self.is_started(name);
                if let Some(handler) = self.handler.as_mut().filter(|_| !is_started) {
                    handler.applications.retain(|loaded| loaded.name != name);
                }
            }
            Applicable::SetEnv(name, key, value) => {
                let handler = self.handler.iter_mut();
                let mut loaded = handler.flat_map(|handler| &mut handler.applications);
                if let Some(loaded) = loaded.find(|loaded| loaded.name == name) {
                    loaded.env.retain(|(k, _)| k != key);
                    loaded.env.push((key.into(), value.clone()));
                    loaded.env.sort_by(|(one, _), (other, _)| one.cmp(other));
                }
            }
            Applicable::Child(verb, supervisor, id) => {
                if let Some(pid) = self.node.whereis(supervisor) {
                    self.call_supervisor(pid, verb, id)?;
                }
            }
        }
        Ok(())
    }

    /// An application that is not known yet, in the version that the code path leads to.
    pub(super) fn load_application(&mut self, name: &str) {
        let scenario = self.scenario;
        let Some(handler) = &mut self.handler else {
            return;
        };
        let Some(vsn) = handler.paths.of(name).map(str::to_owned) else {
            return;
        };
        if handler
            .applications
            .iter()
            .all(|loaded| loaded.name != name)
        {
            handler.applications.push(Loaded {
                name: name.into(),
                env: env(scenario, name, &vsn),
                vsn,
                started: false,
            });
        }
    }
}
