//! An application that is moved without a release (C13).

use upheaval_release::{Direction, LowLevel, Purge};
use upheaval_term::{Atom, Term};

use super::applications;
use super::evaluate::{Course, Done, Failure};
use super::handler::Handler;
use super::ways::script_alone;
use crate::plan::ApplicationStep;
use crate::target::TargetError;
use crate::target::embedded::run::Run;
use crate::target::ops::{error, name};

impl Run<'_> {
    /// `upgrade_app` and `downgrade_app`. No release handler does it but whoever calls
    /// it: nothing restarts the node where it fails after the point of no return.
    pub(in crate::target::embedded) fn application_step(
        &mut self,
        step: ApplicationStep,
        application: &str,
        vsn: &str,
        seed: u32,
    ) -> Result<Term, TargetError> {
        let scenario = self.scenario;
        let script = match self.script_alone(step, application, vsn) {
            Ok(script) => script,
            Err(why) => return Ok(error(why)),
        };
        let library = vec![(application.to_owned(), vsn.to_owned())];
        let course = Course {
            script: &script,
            libraries: library.clone(),
            paths: library,
        };
        Ok(match self.evaluate(&course, seed)? {
            Ok(Done::All(unpurged)) => {
                if let Some(Handler { applications, .. }) = &mut self.handler {
                    applications::change(applications, scenario, &course.libraries);
                }
                Term::tuple([Term::atom("ok"), Term::list(unpurged.iter().map(left))])
            }
            // Whoever has called it may do that.
            Ok(Done::RestartEmulator) => Term::atom("restart_emulator"),
            Err(Failure::Before(why)) => error(why),
            Err(Failure::After(why)) => Term::tuple([Term::atom("EXIT"), why]),
        })
    }

    /// The script, found in the appup that leads there; or what is thrown.
    fn script_alone(
        &self,
        step: ApplicationStep,
        application: &str,
        vsn: &str,
    ) -> Result<Vec<LowLevel>, Term> {
        let scenario = self.scenario;
        let thrown = |why: &'static str, what: Term| Term::tuple([Term::atom(why), what]);
        let is_started = self.is_started(application);
        let handler = self.handler.as_ref().filter(|_| is_started);
        let handler = handler.ok_or_else(|| thrown("app_not_running", name(application)))?;
        let mut loaded = handler.applications.iter();
        let running = loaded.find(|loaded| loaded.name == application);
        let running = running.map_or(vsn, |running| running.vsn.as_str());
        let path = handler.paths.of(application).unwrap_or(running);
        let (direction, new, base) = match step {
            ApplicationStep::Upgrade => (Direction::Up, vsn, running),
            ApplicationStep::Downgrade => (Direction::Down, path, vsn),
        };
        let appup = handler.ways.appup(application, new);
        let appup = appup.filter(|_| self.is_unpacked(application, new));
        let appup = appup.ok_or(Term::atom("no_appup_found"))?;
        let Some(clause) = appup.clause(direction, base) else {
            return Err(thrown("version_not_in_appup", Term::string(base)));
        };
        // The files of what runs are looked for where its code is.
        match step {
            ApplicationStep::Upgrade => {
                self.read_application(application, running, path)?;
                self.read_application(application, &appup.vsn, vsn)?;
            }
            ApplicationStep::Downgrade if appup.vsn != running => {
                return Err(thrown("badmatch", Term::string(&appup.vsn)));
            }
            ApplicationStep::Downgrade => {
                self.read_application(application, vsn, vsn)?;
                self.read_application(application, running, path)?;
            }
        }
        let way = (application, running, vsn);
        script_alone(scenario, direction, way, clause.instructions())
    }

    /// Reads the files of a version where another may lie.
    fn read_application(&self, application: &str, vsn: &str, place: &str) -> Result<(), Term> {
        if !self.is_unpacked(application, place) {
            return Err(no_application(application, vsn, place));
        }
        if vsn == place {
            return Ok(());
        }
        let file = format!("{application}.app");
        let [should_be, found, vsn, file, place] =
            ["should be", "found file", vsn, &file, place].map(Term::string);
        let versions = [
            Term::tuple([should_be, vsn]),
            Term::tuple([found, file, place]),
        ];
        let versions = Term::tuple(versions);
        Err(Term::tuple([Term::atom("no_valid_version"), versions]))
    }
}

/// Why the files of a version are not there.
fn no_application(application: &str, vsn: &str, place: &str) -> Term {
    let folder = format!("{application}-{place}");
    let vsns = [Term::string(vsn), Term::string(&folder)];
    Term::tuple([Term::atom("no_app_found")].into_iter().chain(vsns))
}

/// `{Module,PostPurge}`: old code that somebody still runs.
fn left((module, method): &(Atom, Purge)) -> Term {
    let method = match method {
        Purge::Soft => "soft_purge",
        Purge::Brutal => "brutal_purge",
    };
    Term::tuple([Term::Atom(module.clone()), Term::atom(method)])
}
