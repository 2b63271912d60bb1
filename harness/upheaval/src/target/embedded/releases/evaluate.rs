//! A low-level script, instruction by instruction, as the release handler does it.

use upheaval_node::Pid;
use upheaval_release::{Direction, LowLevel, Purge};
use upheaval_term::{Atom, Term};

use super::apply::Applicable;
use crate::target::TargetError;
use crate::target::control::Control;
use crate::target::embedded::run::Run;
use crate::target::spoilt::Lies;
use crate::target::upgrade::Pauses;

/// The most steps that some of those who were killed by a purge are started again in: a
/// few of each.
const MOST_STEPS_OF_RESTARTS: u32 = 24;

/// A script, and what it is done for.
pub(super) struct Course<'a> {
    pub(super) script: &'a [LowLevel],
    /// The versions of applications whose files may be read.
    pub(super) libraries: Vec<(String, String)>,
    /// Those whose code paths change at the point of no return, besides those whose files
    /// are read.
    pub(super) paths: Vec<(String, String)>,
}

/// How a script ended.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Done {
    /// All of it is done, and somebody still runs the old code of these modules.
    All(Vec<(Atom, Purge)>),
    /// The emulator is to be restarted at its end.
    RestartEmulator,
}

/// How a script failed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Failure {
    /// Before the point of no return: nothing but the applications' data has changed
    /// (C11).
    Before(Term),
    /// After it: the node restarts (C12).
    After(Term),
}

/// Instructions, and what it is if one of them fails.
type Part<'a> = (&'a [LowLevel], fn(Term) -> Failure);

/// What a script has done so far.
pub(super) struct Progress<'a> {
    libraries: &'a [(String, String)],
    /// The code paths that change.
    paths: Vec<(String, String)>,
    pub(super) pauses: Pauses,
    /// Modules that were read, with their versions and where they lie.
    read: Vec<(Atom, String, (Atom, String))>,
    /// The versions that modules had before and have in the new release.
    pub(super) vsns: Vec<(Atom, Option<String>, String)>,
    pub(super) suspended: Vec<(Atom, Vec<Pid>)>,
    stopped: Vec<(Atom, Vec<(Pid, Term)>)>,
    /// Modules whose old code somebody still runs.
    unpurged: Vec<(Atom, Purge)>,
}

/// What an instruction raises, or that the system is lost.
pub(super) enum Stop {
    Raised(Term),
    RestartEmulator,
    Lost(TargetError),
}

impl From<TargetError> for Stop {
    fn from(error: TargetError) -> Stop {
        Stop::Lost(error)
    }
}

impl Run<'_> {
    /// Does all of a script.
    pub(super) fn evaluate(
        &mut self,
        course: &Course<'_>,
        seed: u32,
    ) -> Result<Result<Done, Failure>, TargetError> {
        if let Err(why) = self.check_old_processes(course.script) {
            return Ok(Err(Failure::Before(why)));
        }
        let (before, after) = split(course.script);
        self.parts(
            course,
            &[(before, Failure::Before), (after, Failure::After)],
            seed,
        )
    }

    /// Does parts of a script, each with what its failure is.
    fn parts(
        &mut self,
        course: &Course<'_>,
        parts: &[Part<'_>],
        seed: u32,
    ) -> Result<Result<Done, Failure>, TargetError> {
        let mut progress = Progress::new(course, seed);
        for (part, failure) in parts {
            for instruction in *part {
                match self.instruction(instruction, &mut progress) {
                    Ok(()) => {}
                    Err(Stop::RestartEmulator) => return Ok(Ok(Done::RestartEmulator)),
                    Err(Stop::Raised(why)) => return Ok(Err(failure(why))),
                    Err(Stop::Lost(error)) => return Err(error),
                }
                progress.pauses.next(self)?;
            }
        }
        Ok(Ok(Done::All(progress.unpurged)))
    }

    /// `check_install_release`: what comes before the point of no return is done (C11).
    pub(super) fn check_script(
        &mut self,
        course: &Course<'_>,
        seed: u32,
    ) -> Result<Result<(), Term>, TargetError> {
        if let Err(why) = self.check_old_processes(course.script) {
            return Ok(Err(why));
        }
        let (before, _) = split(course.script);
        let done = self.parts(course, &[(before, Failure::Before)], seed)?;
        Ok(match done {
            Ok(_) => Ok(()),
            Err(Failure::Before(why) | Failure::After(why)) => Err(why),
        })
    }

    /// Nobody may run old code of a module that is to be purged softly (C10, C14).
    fn check_old_processes(&mut self, script: &[LowLevel]) -> Result<(), Term> {
        for instruction in script {
            let (LowLevel::Load {
                module, pre_purge, ..
            }
            | LowLevel::Remove {
                module, pre_purge, ..
            }) = instruction
            else {
                continue;
            };
            if *pre_purge == Purge::Soft && !self.node.lingering(module.as_str()).is_empty() {
                let module = Term::Atom(module.clone());
                return Err(Term::tuple([Term::atom("old_processes"), module]));
            }
        }
        Ok(())
    }

    fn instruction(
        &mut self,
        instruction: &LowLevel,
        progress: &mut Progress<'_>,
    ) -> Result<(), Stop> {
        match instruction {
            LowLevel::LoadObjectCode {
                library,
                vsn,
                modules,
            } => self.read((library, vsn), modules, progress),
            LowLevel::PointOfNoReturn => {
                self.replace_paths(&std::mem::take(&mut progress.paths));
                Ok(())
            }
            LowLevel::Load {
                module, post_purge, ..
            } => self.load_read(module, *post_purge, progress),
            LowLevel::Remove {
                module, post_purge, ..
            } => {
                self.node.purge(module.as_str());
                self.node.delete(module.as_str());
                self.soft_purge_after(module, *post_purge, progress);
                Ok(())
            }
            LowLevel::Purge(modules) => {
                for module in modules {
                    self.node.purge(module.as_str());
                }
                Ok(())
            }
            LowLevel::Suspend(modules) => self.suspend(modules, progress),
            LowLevel::Resume(modules) => self.resume(modules, progress),
            LowLevel::CodeChange { direction, modules } => {
                let direction = direction.unwrap_or(Direction::Up);
                self.convert(direction, modules, progress)
            }
            LowLevel::Stop(modules) => self.stop(modules, progress),
            LowLevel::Start(modules) => self.start_stopped(modules, progress),
            LowLevel::Apply(function) => match Applicable::of(function) {
                Some(function) => self.apply(function),
                None => Err(self.cannot_do(instruction)),
            },
            LowLevel::RestartEmulator => Err(Stop::RestartEmulator),
            LowLevel::SyncNodes { .. }
            | LowLevel::RestartNewEmulator
            | LowLevel::Restart
            | LowLevel::Reboot => Err(self.cannot_do(instruction)),
        }
    }

    /// An appup that has such an instruction is refused before anything runs.
    fn cannot_do(&self, instruction: &LowLevel) -> Stop {
        Stop::Lost(TargetError::Instruction {
            scenario: self.scenario.name.clone(),
            instruction: instruction.to_string(),
            target: "the embedded node",
        })
    }

    /// The files of modules are read, and it is noted which versions they are.
    fn read(
        &mut self,
        (library, vsn): (&Atom, &str),
        modules: &[Atom],
        progress: &mut Progress<'_>,
    ) -> Result<(), Stop> {
        let mut libraries = progress.libraries.iter();
        let has = libraries.find(|(name, _)| name == library.as_str());
        match has {
            Some((_, has)) if has == vsn => {}
            Some((_, has)) => {
                return Err(Stop::Raised(Term::tuple([
                    Term::atom("bad_lib_vsn"),
                    Term::Atom(library.clone()),
                    Term::string(has),
                ])));
            }
            // OTP has no case for it.
            None => return Err(no_match("case_clause")),
        }
        progress.paths.retain(|(name, _)| name != library.as_str());
        progress.paths.push((library.to_string(), vsn.into()));
        for module in modules {
            let new = super::ways::version(self.scenario, library.as_str(), vsn)
                .and_then(|version| version.module(module.as_str()));
            let new = match self.lies_at((library.as_str(), vsn), module.as_str()) {
                None | Some(Lies::Half) => new,
                Some(Lies::Nothing) => None,
                Some(Lies::Other(_, vsn)) => Some(vsn.as_str()),
            };
            let Some(new) = new else {
                let file = format!("{module}.beam");
                return Err(Stop::Raised(Term::tuple([
                    Term::atom("no_such_file"),
                    Term::string(&file),
                ])));
            };
            let new = new.to_owned();
            let old = self.vsn_on_file(module.as_str());
            let place = (library.clone(), vsn.to_owned());
            progress.read.push((module.clone(), new.clone(), place));
            progress.vsns.retain(|(m, ..)| m != module);
            progress.vsns.push((module.clone(), old, new));
        }
        Ok(())
    }

    /// `load_binary`, which purges hard whatever the appup says (C14).
    fn load_read(
        &mut self,
        module: &Atom,
        post_purge: Purge,
        progress: &mut Progress<'_>,
    ) -> Result<(), Stop> {
        let read = progress.read.iter().position(|(m, ..)| m == module);
        let Some(read) = read else {
            // OTP matches on what it finds, and finds nothing.
            return Err(no_match("badmatch"));
        };
        let (_, vsn, (library, library_vsn)) = progress.read.remove(read);
        let place = (library.as_str(), library_vsn.as_str());
        match self.lies_at(place, module.as_str()) {
            Some(_) => self.look_for_module(place, module.as_str()),
            None => self.deploy(module.as_str(), &vsn)?,
        }
        // Whom the purge kills may be started again before the load, or after it; or some
        // before it and some after it.
        if self.node.purge(module.as_str()) && progress.pauses.coin() {
            match progress.pauses.coin() {
                true => progress.pauses.next(self)?,
                false => {
                    for _ in 0..progress.pauses.below(MOST_STEPS_OF_RESTARTS) {
                        self.step();
                    }
                }
            }
        }
        let result = self.load_binary(module.as_str())?;
        if !result.as_tuple().is_some_and(|r| r[0].is_atom("module")) {
            // OTP matches on `{module,Module}` (seen on OTP 25).
            let error = Term::tuple([Term::atom("badmatch"), result]);
            return Err(raised(Term::tuple([error, Term::List(Vec::new())])));
        }
        if let Some(handler) = &mut self.handler {
            let (library, vsn) = (library.as_str(), &library_vsn);
            handler.paths.loaded(module.as_str(), library, vsn);
        }
        self.soft_purge_after(module, post_purge, progress);
        Ok(())
    }

    fn soft_purge_after(&mut self, module: &Atom, method: Purge, progress: &mut Progress<'_>) {
        let is_free = self.node.soft_purge(module.as_str());
        let known = progress.unpurged.iter().position(|(m, _)| m == module);
        match (known, is_free) {
            (Some(place), true) => {
                progress.unpurged.remove(place);
            }
            (None, false) => progress.unpurged.insert(0, (module.clone(), method)),
            _ => {}
        }
    }

    fn stop(&mut self, modules: &[Atom], progress: &mut Progress<'_>) -> Result<(), Stop> {
        let all = self.supervised_by_applications().map_err(raised)?;
        for module in modules {
            let mut stopped = Vec::new();
            for one in all.iter().filter(|one| one.runs(module)) {
                if let Some((supervisor, id)) = &one.child
                    && self.terminate_child_of(*supervisor, id)?
                {
                    stopped.push((*supervisor, id.clone()));
                }
            }
            progress.stopped.insert(0, (module.clone(), stopped));
        }
        Ok(())
    }

    fn start_stopped(&mut self, modules: &[Atom], progress: &mut Progress<'_>) -> Result<(), Stop> {
        for module in modules {
            let (these, others): (Vec<_>, Vec<_>) = std::mem::take(&mut progress.stopped)
                .into_iter()
                .partition(|(m, _)| m == module);
            progress.stopped = others;
            for (supervisor, id) in these.into_iter().flat_map(|(_, children)| children) {
                self.restart_child_of(supervisor, &id)?;
            }
        }
        Ok(())
    }
}

impl<'a> Progress<'a> {
    fn new(course: &'a Course<'_>, seed: u32) -> Self {
        Progress {
            libraries: &course.libraries,
            paths: course.paths.clone(),
            pauses: Pauses::new(seed),
            read: Vec::new(),
            vsns: Vec::new(),
            suspended: Vec::new(),
            stopped: Vec::new(),
            unpurged: Vec::new(),
        }
    }
}

/// What comes before the point of no return, and what from it on. A script without one
/// has nothing after it.
fn split(script: &[LowLevel]) -> (&[LowLevel], &[LowLevel]) {
    let point = script
        .iter()
        .position(|instruction| *instruction == LowLevel::PointOfNoReturn);
    script.split_at(point.unwrap_or(script.len()))
}

/// What `catch` makes of it when nothing fits.
fn no_match(why: &'static str) -> Stop {
    let error = Term::tuple([Term::atom(why), Term::atom("false")]);
    raised(Term::tuple([error, Term::List(Vec::new())]))
}

/// What `catch` makes of an error or an exit.
pub(super) fn raised(why: Term) -> Stop {
    Stop::Raised(Term::tuple([Term::atom("EXIT"), why]))
}
