//! What the release handler is asked for.

use std::rc::Rc;

use upheaval_release::{LowLevel, Purge};
use upheaval_term::{Atom, Term};

use super::applications::{self, Loaded};
use super::books::{Books, of_vsn};
use super::evaluate::{Course, Done, Failure};
use super::paths::Paths;
use super::ways::Ways;
use crate::plan::ReleaseStep;
use crate::scenario::{Release, Scenario};
use crate::target::TargetError;
use crate::target::control::Believed;
use crate::target::embedded::run::Run;
use crate::target::ops::error;

/// How often the release handler tries to purge what nobody may run any more (C14), in
/// milliseconds.
const RETRY: u64 = 10_000;

/// The release handler's and the application controller's books.
#[derive(Debug)]
pub(in crate::target::embedded) struct Handler {
    pub(super) books: Books,
    pub(super) ways: Rc<Ways>,
    pub(super) applications: Vec<Loaded>,
    pub(super) paths: Paths,
    /// The release that `init:restart()` boots: the one that was booted or made
    /// permanent last.
    pub(super) boot: String,
    /// The release that was booted.
    pub(super) booted: String,
    /// Modules whose old code somebody still ran when it was to be purged.
    unpurged: Vec<(Atom, Purge)>,
    /// When it is tried again.
    retry: Option<u64>,
}

impl Handler {
    /// The books of a node that has just started with the first release; none where
    /// the scenario has no releases.
    pub(in crate::target::embedded) fn new(scenario: &Scenario, ways: Rc<Ways>) -> Option<Handler> {
        let first = scenario.releases.first()?;
        let vsns = scenario.releases.iter().map(|release| release.vsn.as_str());
        Some(Handler {
            books: Books::new(&scenario.name, vsns),
            ways,
            applications: applications::of_release(scenario, first),
            paths: Paths::new(first.applications.iter().cloned()),
            boot: first.vsn.clone(),
            booted: first.vsn.clone(),
            unpurged: Vec::new(),
            retry: None,
        })
    }

    /// What it goes by.
    pub(in crate::target::embedded) fn believed(&self) -> Option<Believed> {
        Some(Believed {
            release: self.books.latest()?.to_owned(),
            paths: self.paths.all().collect(),
        })
    }

    /// Forgets what a restart forgets; the release that was booted has its applications.
    pub(super) fn restarted(&mut self, scenario: &Scenario, boot: &Release) {
        self.unpurged.clear();
        self.retry = None;
        self.booted.clone_from(&boot.vsn);
        self.applications = applications::of_release(scenario, boot);
    }
}

impl Run<'_> {
    /// Does what the release handler is asked for; gives what its function returns.
    pub(in crate::target::embedded) fn release_step(
        &mut self,
        step: ReleaseStep,
        vsn: &str,
        seed: u32,
    ) -> Result<Term, TargetError> {
        let scenario = self.scenario;
        let (Some(handler), Some(release)) = (&mut self.handler, scenario.find_release(vsn)) else {
            return Ok(error(of_vsn("no_such_release", vsn)));
        };
        match step {
            ReleaseStep::Unpack => Ok(handler.books.unpack(vsn)),
            ReleaseStep::Remove => {
                let result = handler.books.remove(vsn);
                self.lose_removed();
                Ok(result)
            }
            ReleaseStep::RebootOld => match handler.books.reboot_old(vsn) {
                Ok(()) => {
                    handler.boot = vsn.to_owned();
                    self.restart()?;
                    Ok(Term::atom("ok"))
                }
                Err(why) => Ok(why),
            },
            ReleaseStep::MakePermanent => Ok(match handler.books.make_permanent(vsn) {
                Ok(changed) => {
                    if changed {
                        handler.boot = vsn.to_owned();
                        self.purge_brutally();
                    }
                    Term::atom("ok")
                }
                Err(why) => why,
            }),
            ReleaseStep::Check => self.check_install(release, seed),
            ReleaseStep::Install => self.install(release, seed),
        }
    }

    /// Where the way to a release starts, and its script.
    fn way_to(&self, vsn: &str) -> Result<(String, Rc<Ways>), Term> {
        let none = || error(of_vsn("no_such_release", vsn));
        let handler = self.handler.as_ref().ok_or_else(none)?;
        let status = handler.books.status(vsn).ok_or_else(none)?;
        if status == super::books::Status::Current {
            return Err(error(of_vsn("already_installed", vsn)));
        }
        let latest = handler.books.latest().ok_or_else(none)?;
        Ok((latest.to_owned(), Rc::clone(&handler.ways)))
    }

    fn check_install(&mut self, release: &Release, seed: u32) -> Result<Term, TargetError> {
        let vsn = &release.vsn;
        let (from, ways) = match self.way_to(vsn) {
            Ok(found) => found,
            Err(why) => return Ok(why),
        };
        if !ways.has_relup(vsn) {
            // Without a relup of its own nothing is looked at.
            return Ok(Term::tuple([
                Term::atom("ok"),
                Term::string(vsn),
                Term::string(""),
            ]));
        }
        let Some(way) = ways.find(&from, vsn) else {
            return Ok(no_way(&ways, &from, vsn));
        };
        let course = self.course(way.script, release, &from);
        Ok(match self.check_script(&course, seed)? {
            Ok(()) => leads(way.leads_from(&from, vsn)),
            Err(why) => error(why),
        })
    }

    fn install(&mut self, release: &Release, seed: u32) -> Result<Term, TargetError> {
        let vsn = &release.vsn;
        let (from, ways) = match self.way_to(vsn) {
            Ok(found) => found,
            Err(why) => return Ok(why),
        };
        let Some(way) = ways.find(&from, vsn) else {
            return Ok(no_way(&ways, &from, vsn));
        };
        let scenario = self.scenario;
        if let Some(handler) = &mut self.handler {
            applications::change(&mut handler.applications, scenario, &release.applications);
        }
        let course = self.course(way.script, release, &from);
        let result = leads(way.leads_from(&from, vsn));
        match self.evaluate(&course, seed)? {
            Ok(Done::All(unpurged)) => {
                let now = self.node.now();
                if let Some(handler) = &mut self.handler {
                    handler.books.installed(vsn);
                    handler.retry = (!unpurged.is_empty()).then_some(now + RETRY);
                    handler.unpurged = unpurged;
                }
                Ok(result)
            }
            Ok(Done::RestartEmulator) => {
                if let Some(handler) = &mut self.handler {
                    handler.books.installed_by_boot(vsn);
                    handler.boot.clone_from(vsn);
                }
                self.restart()?;
                Ok(result)
            }
            Err(Failure::Before(why)) => Ok(error(why)),
            Err(Failure::After(why)) => {
                if let Some(handler) = &mut self.handler {
                    handler.books.restarted();
                }
                self.restart()?;
                Ok(error(why))
            }
        }
    }

    /// A script that leads to a release: the code paths change of those applications
    /// that have another version there.
    fn course<'a>(&self, script: &'a [LowLevel], release: &Release, from: &str) -> Course<'a> {
        let from = self.scenario.find_release(from);
        let all = release.applications.iter();
        let changed = all.filter(|(name, vsn)| {
            let before = from.and_then(|from| from.application(name));
            before.is_some_and(|before| before != vsn)
        });
        Course {
            script,
            libraries: release.applications.clone(),
            paths: changed.cloned().collect(),
        }
    }

    /// What was to be purged brutally and is still run is killed for good (C14).
    fn purge_brutally(&mut self) {
        let Some(handler) = &mut self.handler else {
            return;
        };
        let (brutal, soft): (Vec<_>, Vec<_>) = std::mem::take(&mut handler.unpurged)
            .into_iter()
            .partition(|(_, method)| *method == Purge::Brutal);
        handler.unpurged = soft;
        for (module, _) in brutal {
            self.node.purge(module.as_str());
        }
    }

    /// The releases as the release handler lists them.
    pub(in crate::target::embedded) fn releases(&self) -> Vec<(String, String)> {
        let all = self.handler.iter().flat_map(|handler| handler.books.all());
        all.map(|(vsn, status)| (vsn.to_owned(), status.name().to_owned()))
            .collect()
    }

    /// When the release handler will try to purge again.
    pub(in crate::target::embedded) fn next_retry(&self) -> Option<u64> {
        self.handler.as_ref()?.retry
    }

    /// Tries to purge what is still run, if it is time.
    pub(in crate::target::embedded) fn retry_purges(&mut self) {
        let now = self.node.now();
        let Some(handler) = &mut self.handler else {
            return;
        };
        if handler.retry.is_none_or(|at| at > now) {
            return;
        }
        let modules = std::mem::take(&mut handler.unpurged).into_iter();
        let left: Vec<_> = modules
            .filter(|(module, _)| !self.node.soft_purge(module.as_str()))
            .collect();
        handler.retry = match left.is_empty() {
            true => None,
            false => handler.retry.map(|at| at + RETRY),
        };
        handler.unpurged = left;
    }
}

/// `{ok,OtherVsn,Descr}`.
fn leads(other: &str) -> Term {
    Term::tuple([
        Term::atom("ok"),
        Term::string(other),
        Term::List(Vec::new()),
    ])
}

/// The error of a release that there is no way to. Where the one that is left has no
/// relup at all, the missing file is the error.
fn no_way(ways: &Ways, from: &str, to: &str) -> Term {
    if !ways.has_relup(from) {
        return error(Term::tuple([Term::atom("enoent"), Term::string("relup")]));
    }
    error(Term::tuple([
        Term::atom("no_matching_relup"),
        Term::string(to),
        Term::string(from),
    ]))
}
