//! Releases on a real node: how they are made of a scenario, and what its release
//! handler is asked for.

use std::path::Path;
use std::time::Duration;

use upheaval_beam::{ApplicationFiles, BeamError, Node, ReleaseSet, ReleaseVersion, Session};
use upheaval_term::{Atom, Term};

use super::lab::Beams;
use super::run::{Run, start, unexpected};
use super::wire::request;
use crate::plan::{ApplicationStep, ReleaseStep};
use crate::scenario::{Application, ApplicationVersion, Release, Scenario};
use crate::target::control::Believed;
use crate::target::ops::name;
use crate::target::spoilt::{Lies, Spoilt};
use crate::target::tree::{Start, start_of};
use crate::target::{ApplicationLook, TargetError, appups};

/// How long an install may take beyond what everything may: it waits for whoever does
/// not answer.
const INSTALL: Duration = Duration::from_secs(120);

/// Makes the releases of a scenario, where it has any.
pub(super) fn make(
    session: &Session,
    node: &Node,
    scenario: &Scenario,
    beams: &Beams,
) -> Result<Option<ReleaseSet>, TargetError> {
    if scenario.releases.is_empty() {
        return Ok(None);
    }
    appups::read(scenario, "a real node", |_| None)?;
    let applications = scenario.applications.iter().flat_map(|application| {
        let versions = application.versions.iter();
        versions.map(move |version| files(scenario, application, version, beams))
    });
    let applications: Vec<ApplicationFiles> = applications.collect();
    let releases = scenario.releases.iter().map(|release| ReleaseVersion {
        vsn: release.vsn.clone(),
        applications: release.applications.clone(),
    });
    let releases: Vec<ReleaseVersion> = releases.collect();
    let set = ReleaseSet::make(session, node, &scenario.name, &applications, &releases)?;
    Ok(Some(set))
}

fn files(
    scenario: &Scenario,
    application: &Application,
    version: &ApplicationVersion,
    beams: &Beams,
) -> ApplicationFiles {
    let atoms = |names: &[&str]| Term::list(names.iter().map(|n| name(n)));
    let top = top(scenario, application);
    let modules = version.modules.iter().map(|(module, _)| name(module));
    let env = version.env.iter();
    let env = env.map(|(key, value)| Term::tuple([name(key), value.clone()]));
    let mut keys = vec![
        ("description", Term::string("")),
        ("vsn", Term::string(&version.vsn)),
        ("modules", Term::list(modules)),
        ("registered", atoms(&Vec::from_iter(top))),
        ("applications", atoms(&["kernel", "stdlib"])),
        ("env", Term::list(env)),
    ];
    if let Some(top) = top
        && let Some(Start { module, args }) = start_of(scenario, top)
    {
        // The callback module is the agent's own: it is on the node, and in no release.
        let args = Term::list([name(top), name(&module), args]);
        keys.push(("mod", Term::tuple([name("upheaval_releases"), args])));
    }
    let keys = keys.into_iter();
    let beams = version.modules.iter().filter_map(|module| {
        let beam = beams.get(module)?;
        Some((module.0.clone(), beam.clone()))
    });
    ApplicationFiles {
        name: application.name.clone(),
        vsn: version.vsn.clone(),
        keys: Term::list(keys.map(|(key, value)| Term::tuple([Term::atom(key), value]))),
        appup: version.appup.clone(),
        beams: beams.collect(),
    }
}

/// The supervisor that an application starts.
fn top<'a>(scenario: &Scenario, application: &'a Application) -> Option<&'a str> {
    let top = application.supervisor.as_deref();
    top.filter(|top| scenario.started_by_hand().any(|name| name == *top))
}

/// The versions that a release has of its modules, `[{Module,Vsn}]`.
fn versions(scenario: &Scenario, release: &Release) -> Term {
    let of = |(name, vsn): &(String, String)| scenario.find_application(name)?.find_version(vsn);
    let versions = release.applications.iter().filter_map(of);
    Term::list(versions.flat_map(|version| {
        let modules = version.modules.iter();
        modules.map(|(module, vsn)| Term::tuple([name(module), Term::string(vsn)]))
    }))
}

/// Releases with their statuses.
type Releases = Vec<(String, String)>;

impl Run<'_> {
    /// Starts the applications of the release that runs, the strays and the clients.
    pub(super) fn begin_release(&mut self, began: &'static str) -> Result<(), TargetError> {
        let scenario = self.scenario;
        let releases = scenario
            .releases
            .iter()
            .map(|release| Term::tuple([Term::string(&release.vsn), versions(scenario, release)]));
        let tops = || {
            let applications = scenario.applications.iter();
            applications.map(|application| (name(&application.name), top(scenario, application)))
        };
        let applications = tops().map(|(application, top)| {
            Term::tuple([application, top.map_or(Term::atom("none"), name)])
        });
        let by_hand = tops().filter_map(|(application, top)| {
            let top = top?;
            // How, says who runs what.
            let started = start(scenario, top)?;
            let start = Term::tuple([Term::atom("application"), application, started]);
            Some(Term::tuple([name(top), start]))
        });
        let is_stray = |name: &&str| tops().all(|(_, top)| top != Some(name));
        let strays = scenario.started_by_hand().filter(is_stray);
        let strays = strays.filter_map(|name| start(scenario, name));
        let modules = scenario.modules.iter().map(|module| &module.name);
        let run = modules.filter(|module| scenario.is_run(module));
        let request = [
            Term::atom(began),
            Term::list(releases),
            Term::list(run.map(|module| name(module))),
            Term::list(applications),
            Term::list(by_hand.chain(strays)),
            Term::Int(i64::from(scenario.clients)),
        ];
        let answer = self.ask("begin_release", request, self.prompt)?;
        self.has_begun(&answer)
    }

    /// Asks the release handler; goes on with the node when it has started anew (C12).
    pub(super) fn release_step(
        &mut self,
        step: ReleaseStep,
        vsn: &str,
    ) -> Result<Term, TargetError> {
        let what = match (step, self.lab.releases()) {
            (ReleaseStep::Unpack, Some(releases)) => releases.tarball(vsn),
            _ => vsn.to_owned(),
        };
        let request = [
            Term::atom(step.name()),
            Term::string(&what),
            Term::string(vsn),
        ];
        let answer = self.ask_handler("release", request)?;
        let Some([result, how]) = answer.as_tuple() else {
            return Err(unexpected("release", &answer));
        };
        let result = without_place(result, self.node.folder());
        match how.as_atom().map(Atom::as_str) {
            Some("restart") => self.starts_anew(None)?,
            // What is installed is booted once; what is permanent, from then on.
            Some("reboot") if step == ReleaseStep::Install => {
                self.starts_anew(Some("new_start_erl.data"))?;
            }
            Some("reboot") => self.starts_anew(Some("start_erl.data"))?,
            _ => {}
        }
        Ok(result)
    }

    /// Asks for a function of the release handler that moves an application alone.
    pub(super) fn application_step(
        &mut self,
        step: ApplicationStep,
        application: &str,
        vsn: &str,
    ) -> Result<Term, TargetError> {
        let version = (self.scenario.find_application(application))
            .and_then(|application| application.find_version(vsn));
        let modules = version.iter().flat_map(|version| &version.modules);
        let modules = modules.map(|(module, vsn)| Term::tuple([name(module), Term::string(vsn)]));
        let request = [
            Term::atom(step.name()),
            name(application),
            Term::string(&format!("{application}-{vsn}")),
            Term::list(modules),
        ];
        let result = self.ask_handler("application", request)?;
        Ok(without_place(&result, self.node.folder()))
    }

    /// Asks for something that the release handler does. The node of one that does not come
    /// back is of no use any more.
    fn ask_handler<const N: usize>(
        &mut self,
        what: &'static str,
        request: [Term; N],
    ) -> Result<Term, TargetError> {
        let answer = self.ask(what, request, self.prompt + INSTALL);
        answer.map_err(|error| match error {
            TargetError::Beam(silent @ BeamError::Silent { .. }) => TargetError::Waits {
                waits: silent.to_string(),
            },
            other => other,
        })
    }

    /// Lets the agent put something else in the place of an artifact: it mends that as soon as
    /// the release handler is done.
    pub(super) fn spoil_artifact(&mut self, spoilt: &Spoilt) {
        let Spoilt {
            place: (application, version),
            code: (module, vsn),
            lies,
        } = spoilt;
        let code = [name(module), Term::string(vsn)];
        let (what, instead) = match lies {
            Lies::Nothing => (Term::atom("missing"), Vec::new()),
            Lies::Half => (Term::atom("truncated"), Vec::new()),
            Lies::Other(other, vsn) => {
                let other = [name(other), Term::string(vsn)];
                (request("artifact", other.clone()), other.to_vec())
            }
        };
        let note = request("damaged", code.into_iter().chain(instead));
        self.agent.tell(request("note", [note]));
        let folder = Term::string(&format!("{application}-{version}"));
        let spoil = [folder, name(module), what];
        self.agent.tell(request("spoil", spoil));
    }

    /// The node restarts as soon as it may, or ends and is booted by what the release
    /// handler has written into a file: everything that was traced is fetched before
    /// that, and the agent and the system are started anew.
    fn starts_anew(&mut self, word: Option<&str>) -> Result<(), TargetError> {
        self.keep_events()?;
        match self.ask("let_go", [], self.prompt) {
            // The node may end before its answer gets here.
            Ok(_) | Err(TargetError::Beam(BeamError::Lost { .. })) => {}
            Err(error) => return Err(error),
        }
        self.comes_up(word).map_err(TargetError::at_restart)
    }

    fn comes_up(&mut self, word: Option<&str>) -> Result<(), TargetError> {
        *self.agent = match word {
            None => self.lab.rejoin(self.node, self.agent)?,
            Some(word) => self.lab.reboot(self.node, self.agent, word)?,
        };
        self.begin_release("restarted")
    }

    /// What the release handler goes by, where there are releases.
    pub(super) fn believed_by_release_handler(&mut self) -> Result<Option<Believed>, TargetError> {
        if self.lab.releases().is_none() {
            return Ok(None);
        }
        let answer = self.ask("believed", [], self.prompt)?;
        let read = || {
            let [release, folders] = answer.as_tuple()? else {
                return None;
            };
            let paths = folders.as_list()?.iter().map(|folder| {
                let (name, vsn) = (folder.as_string()?.rsplit_once('-'))
                    .map(|(name, vsn)| (name.to_owned(), vsn.to_owned()))?;
                Some((name, vsn))
            });
            Some(Believed {
                release: release.as_string()?,
                paths: paths.collect::<Option<_>>()?,
            })
        };
        match read() {
            Some(believed) => Ok(Some(believed)),
            None => Err(unexpected("believed", &answer)),
        }
    }

    /// The releases and the applications that the node has.
    pub(super) fn releases(&mut self) -> Result<(Releases, Vec<ApplicationLook>), TargetError> {
        if self.lab.releases().is_none() {
            return Ok(Default::default());
        }
        let answer = self.ask("releases", [], self.prompt)?;
        let read = || {
            let [releases, applications] = answer.as_tuple()? else {
                return None;
            };
            let releases = releases.as_list()?.iter().map(|release| {
                let [vsn, status] = release.as_tuple()? else {
                    return None;
                };
                Some((vsn.as_string()?, status.as_atom()?.as_str().to_owned()))
            });
            let applications = applications.as_list()?.iter().map(|application| {
                let [name, vsn, started, env] = application.as_tuple()? else {
                    return None;
                };
                Some(ApplicationLook {
                    name: name.as_atom()?.as_str().to_owned(),
                    vsn: vsn.as_string()?,
                    started: started.as_bool()?,
                    env: env.clone(),
                })
            });
            Some((
                releases.collect::<Option<_>>()?,
                applications.collect::<Option<_>>()?,
            ))
        };
        read().ok_or_else(|| unexpected("releases", &answer))
    }
}

/// A term in which files below a folder are given by their names alone: where a node
/// has its root is no matter of what it answers.
fn without_place(term: &Term, folder: &Path) -> Term {
    let all = |terms: &[Term]| terms.iter().map(|t| without_place(t, folder)).collect();
    match term {
        Term::Tuple(parts) => Term::Tuple(all(parts)),
        Term::List(parts) => match term.as_string().as_deref().map(Path::new) {
            Some(path) if path.starts_with(folder) => {
                let name = path.file_name().unwrap_or_default();
                Term::string(&name.to_string_lossy())
            }
            _ => Term::List(all(parts)),
        },
        other => other.clone(),
    }
}
