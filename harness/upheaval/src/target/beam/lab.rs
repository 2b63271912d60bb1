//! What the beam targets of a run share, and one of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use upheaval_beam::{Agent, BeamError, Erl, Node, Raw, ReleaseSet, Runtime, Session};
use upheaval_term::Term;

use super::compiler::Compiler;
use super::run::Run;
use super::taken;
use super::who::Marks;
use crate::history::{Event, History};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::target::ops::name;
use crate::target::{Target, TargetError, Watched};

/// How long the node may take for what takes it no time.
pub(super) const PROMPT: Duration = Duration::from_secs(60);

/// An Erlang, the compiled modules of a scenario, and the compiled agent: made
/// once, for any number of targets.
#[derive(Clone, Debug)]
pub struct Lab {
    shared: Arc<Shared>,
    beams: Arc<Beams>,
    patience: Duration,
}

/// Beams by module and version.
pub(super) type Beams = BTreeMap<(String, String), Vec<u8>>;

/// What all targets of a lab have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) scenario: Scenario,
    pub(super) runtime: Runtime,
    pub(super) place: Place,
    pub(super) agent: Vec<Raw>,
    /// The scenario's releases, where it has any.
    pub(super) releases: Option<ReleaseSet>,
    pub(super) marks: Marks,
}

/// Where the nodes come from.
#[derive(Debug)]
pub(super) enum Place {
    /// Each target starts one of its own.
    Started(Erl),
    /// All cases run on one that runs already.
    Attached { name: String, cookie: PathBuf },
}

impl Lab {
    /// Compiles the scenario's Erlang modules with the given `erl`; each target
    /// will start a node of it. For several scenarios a [`Compiler`] is quicker.
    ///
    /// # Errors
    /// There is no such Erlang, a version has no Erlang source, or it does not
    /// compile, or is not the module and version that the scenario says.
    pub fn new(scenario: Scenario, erl: Option<&Path>) -> Result<Lab, TargetError> {
        Compiler::new(erl)?.lab(scenario)
    }

    /// The same, on a node that runs already on this machine, given its name and
    /// its cookie file. The local `erl` compiles.
    ///
    /// # Errors
    /// As [`new`](Lab::new).
    pub fn attached(
        scenario: Scenario,
        erl: Option<&Path>,
        name: &str,
        cookie: &Path,
    ) -> Result<Lab, TargetError> {
        if !scenario.releases.is_empty() {
            let scenario = scenario.name.clone();
            return Err(TargetError::Attached { scenario });
        }
        let place = Place::Attached {
            name: name.into(),
            cookie: cookie.into(),
        };
        Compiler::new(erl)?.lab_at(scenario, place)
    }

    pub(super) fn of(shared: Shared, beams: Beams) -> Lab {
        Lab {
            shared: Arc::new(shared),
            beams: Arc::new(beams),
            patience: PROMPT,
        }
    }

    /// Puts another beam in the place of a version's: for a test of what happens
    /// with a bad one.
    #[must_use]
    pub fn with_beam(mut self, module: &str, vsn: &str, beam: Vec<u8>) -> Lab {
        let beams = Arc::make_mut(&mut self.beams);
        beams.insert((module.into(), vsn.into()), beam);
        self
    }

    /// How long a node may take for what takes it no time, a minute if this is not
    /// said: one that takes longer is lost.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Lab {
        self.patience = patience;
        self
    }

    /// The beam of a version.
    pub fn beam(&self, module: &str, vsn: &str) -> Option<&[u8]> {
        let key = (module.to_owned(), vsn.to_owned());
        self.beams.get(&key).map(Vec::as_slice)
    }

    /// A target, which starts its node with its first case.
    pub fn target(&self) -> Beam {
        Beam {
            lab: self.clone(),
            site: None,
            given_up: Vec::new(),
        }
    }

    /// A node with the agent and the scenario's modules on it.
    fn site(&self) -> Result<Site, TargetError> {
        let shared = &*self.shared;
        let node = match (&shared.place, &shared.releases) {
            (Place::Started(_), Some(releases)) => Node::start_release(releases)?,
            (Place::Started(erl), None) => Node::start(erl)?,
            (Place::Attached { name, cookie }, _) => Node::attach(&shared.runtime, name, cookie)?,
        };
        let session = Session::open(&shared.runtime, &node)?;
        if let Place::Attached { .. } = shared.place {
            // What another harness has put there goes with it.
            Agent::await_turn(&session)?;
            taken::refuse(&session, &shared.scenario)?;
        }
        let agent = self.agent(session, &node)?;
        Ok(Site { agent, node })
    }

    /// The agent, with the scenario's modules, on a node.
    fn agent(&self, session: Session, node: &Node) -> Result<Agent, TargetError> {
        let mut agent = Agent::load(session, &self.shared.agent)?;
        let beams = self.beams.iter().map(|((module, vsn), beam)| {
            let version = Term::tuple([name(module), Term::string(vsn)]);
            Term::tuple([version, Term::binary(beam.clone())])
        });
        let folder = node.folder().join("beams");
        let setup = Term::tuple([
            Term::atom("setup"),
            Term::string(&folder.to_string_lossy()),
            Term::list(beams),
        ]);
        agent.ask(setup, PROMPT)?;
        Ok(agent)
    }

    /// The scenario that it is a lab of.
    pub(super) fn scenario(&self) -> &Scenario {
        &self.shared.scenario
    }

    /// How long a node may take for what takes it no time.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// What marks the funs of each version.
    pub(super) fn marks(&self) -> &Marks {
        &self.shared.marks
    }

    /// The scenario's releases.
    pub(super) fn releases(&self) -> Option<&ReleaseSet> {
        self.shared.releases.as_ref()
    }

    /// The agent anew, on a node that is about to restart.
    pub(super) fn rejoin(&self, node: &Node, before: &Agent) -> Result<Agent, TargetError> {
        let session = node.rejoin(&self.shared.runtime, before.session())?;
        self.agent(session, node)
    }

    /// The agent anew, on a node that is about to end and is booted with the release that
    /// its release handler has left word of in this file.
    pub(super) fn reboot(
        &self,
        node: &mut Node,
        before: &Agent,
        word: &str,
    ) -> Result<Agent, TargetError> {
        let shared = &self.shared;
        let Some(releases) = &shared.releases else {
            let scenario = shared.scenario.name.clone();
            return Err(TargetError::Attached { scenario });
        };
        let session = node.reboot(&shared.runtime, before.session(), releases, word)?;
        self.agent(session, node)
    }
}

/// A node, and the agent on it. The agent first: its connection ends before the
/// node does.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) agent: Agent,
    pub(super) node: Node,
}

/// A beam target: it runs one plan after the other on a node of its own, as long as
/// each leaves the node as clean as it found it. Where a scenario has releases, each
/// plan has a new node: it changes what is installed there.
#[derive(Debug)]
pub struct Beam {
    lab: Lab,
    site: Option<Site>,
    given_up: Vec<String>,
}

impl Beam {
    /// The nodes that were given up, by why: what a case had left behind on them, or
    /// how it had taken them down.
    pub fn given_up(&self) -> &[String] {
        &self.given_up
    }

    /// The node that the next case runs on, where it has one already.
    pub fn node(&self) -> Option<&Node> {
        self.site.as_ref().map(|site| &site.node)
    }

    /// The agent on that node.
    pub fn agent(&mut self) -> Option<&mut Agent> {
        self.site.as_mut().map(|site| &mut site.agent)
    }

    /// Runs a plan, at rest after each op, and looks at everybody each time.
    ///
    /// # Errors
    /// As [`Target::run`]; and the node was lost.
    pub fn watch(&mut self, plan: &Plan) -> Result<Watched, TargetError> {
        let mut watched = Watched::default();
        self.run_on_site(|run| {
            watched = run.watch(plan)?;
            Ok(())
        })?;
        Ok(watched)
    }

    fn run_on_site(
        &mut self,
        run: impl FnOnce(&mut Run<'_>) -> Result<(), TargetError>,
    ) -> Result<(), TargetError> {
        let lab = self.lab.clone();
        // A node that others use changes by itself: what is left there says nothing.
        let is_attached = matches!(lab.shared.place, Place::Attached { .. });
        let site = self.site()?;
        let mut on_site = Run::new(&lab, site);
        let result = run(&mut on_site);
        if result.is_ok() && lab.releases().is_some() {
            // Its root is not what it was.
            self.site = None;
            return Ok(());
        }
        let result = result.and_then(|()| on_site.end());
        match result {
            Ok(leftovers) if is_attached || leftovers.as_list().is_some_and(<[Term]>::is_empty) => {
                Ok(())
            }
            // It is not as a new one would be.
            Ok(leftovers) => {
                self.give_up(leftovers.to_string());
                Ok(())
            }
            Err(error) => {
                let error = self.with_last_words(error);
                self.give_up(error.to_string());
                Err(error)
            }
        }
    }

    /// The node, started if it is not there. One that was attached to and is lost is
    /// not attached to again: nobody knows how the last case left it.
    fn site(&mut self) -> Result<&mut Site, TargetError> {
        if self.site.is_none() {
            if let (Place::Attached { name, .. }, Some(why)) =
                (&self.lab.shared.place, self.given_up.last())
            {
                return Err(TargetError::GivenUp {
                    node: name.clone(),
                    why: why.clone(),
                });
            }
            self.site = Some(self.lab.site()?);
        }
        match &mut self.site {
            Some(site) => Ok(site),
            None => unreachable!("it has just been made"),
        }
    }

    fn give_up(&mut self, why: String) {
        self.site = None;
        self.given_up.push(why);
    }

    /// What the node printed before it was lost says why.
    fn with_last_words(&self, error: TargetError) -> TargetError {
        let said = self.site.as_ref().map(|site| site.node.last_words());
        match (error, said) {
            (
                TargetError::Beam(BeamError::Lost {
                    node,
                    doing,
                    problem,
                }),
                Some(said),
            ) if !said.is_empty() => TargetError::Beam(BeamError::Lost {
                node,
                doing,
                problem: format!("{problem}; it said: {said}"),
            }),
            (error, _) => error,
        }
    }
}

impl Target for Beam {
    fn name(&self) -> &'static str {
        "beam"
    }

    fn is_deterministic(&self) -> bool {
        false
    }

    fn run(&mut self, plan: &Plan, history: &mut History) -> Result<(), TargetError> {
        // A node that cannot be had is no matter of this case.
        self.site()?;
        let result = self.run_on_site(|run| run.plan(plan, history));
        match result {
            // A module can take its node down. That is no reason to end the run, and
            // no verdict either: what happened went with the node.
            Err(TargetError::Beam(error)) if error.is_fatal_to_the_node() => {
                history.clear();
                let why = Term::tuple([Term::atom("node_lost"), Term::binary(error.to_string())]);
                let reason = history.data(&upheaval_term::encode(&why));
                history.push(Event::Abandoned { reason });
                Ok(())
            }
            result => result,
        }
    }
}
