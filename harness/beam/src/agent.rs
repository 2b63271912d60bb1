//! The agent: a small Erlang program on a node, which does what it is asked for
//! beside the processes that it is done to.

use std::path::Path;
use std::time::{Duration, Instant};

use upheaval_term::Term;

use crate::{BeamError, Session};

/// The agent's modules and their sources.
pub const SOURCES: [(&str, &str); 9] = [
    (
        "upheaval_plain",
        include_str!("../agent/upheaval_plain.erl"),
    ),
    ("upheaval_look", include_str!("../agent/upheaval_look.erl")),
    (
        "upheaval_begun",
        include_str!("../agent/upheaval_begun.erl"),
    ),
    (
        "upheaval_loader",
        include_str!("../agent/upheaval_loader.erl"),
    ),
    (
        "upheaval_supervisor",
        include_str!("../agent/upheaval_supervisor.erl"),
    ),
    (
        "upheaval_releases",
        include_str!("../agent/upheaval_releases.erl"),
    ),
    (
        "upheaval_client",
        include_str!("../agent/upheaval_client.erl"),
    ),
    (
        "upheaval_tracer",
        include_str!("../agent/upheaval_tracer.erl"),
    ),
    (
        "upheaval_agent",
        include_str!("../agent/upheaval_agent.erl"),
    ),
];

/// How long loading the agent may take.
const LOADING: Duration = Duration::from_secs(30);

/// How long the agent of a harness that is gone may take to leave.
const LEAVING: Duration = Duration::from_secs(15);

/// A compiled module of the agent.
#[derive(Clone, Debug)]
pub struct Raw {
    /// Its name.
    pub name: &'static str,
    /// Its beam.
    pub beam: Vec<u8>,
}

/// The agent on a node, by the session that it is asked over.
///
/// A request is a term; what there is to ask for stands in `agent/upheaval_agent.erl`.
#[derive(Debug)]
pub struct Agent {
    session: Session,
    /// Requests whose answers nobody needs, to go with the next one that is
    /// answered.
    before: Vec<Term>,
}

impl Agent {
    /// Compiles the agent's modules, on a node of this machine that has a compiler.
    ///
    /// # Errors
    /// They do not compile there: an Erlang that is too old, or has no compiler.
    pub fn compile(session: &Session, folder: &Path) -> Result<Vec<Raw>, BeamError> {
        SOURCES
            .iter()
            .map(|(name, source)| {
                let path = folder.join(format!("{name}.erl"));
                std::fs::write(&path, source).map_err(|error| BeamError::System {
                    action: format!("write {}", path.display()),
                    error: error.to_string(),
                })?;
                let beam = crate::compile(session, &path)?;
                Ok(Raw { name, beam })
            })
            .collect()
    }

    /// Waits until no other harness's agent is on the node: one that is just about to
    /// leave, say.
    ///
    /// # Errors
    /// It stays.
    pub fn await_turn(session: &Session) -> Result<(), BeamError> {
        let deadline = Instant::now() + LEAVING;
        let whereis = || {
            let args = vec![Term::atom("upheaval_agent")];
            session.rpc("erlang", "whereis", args, LOADING)
        };
        while !whereis()?.is_atom("undefined") {
            if Instant::now() > deadline {
                return Err(BeamError::Agent {
                    node: session.node().into(),
                    problem: "another harness uses the node; wait until it is done".into(),
                });
            }
        }
        Ok(())
    }

    /// Loads the agent over the connection, and starts it.
    ///
    /// # Errors
    /// The node does not take it, or its OTP lacks a function that is traced.
    pub fn load(session: Session, modules: &[Raw]) -> Result<Agent, BeamError> {
        let refused = |problem: String| BeamError::Agent {
            node: session.node().into(),
            problem,
        };
        Agent::await_turn(&session)?;
        for Raw { name, beam } in modules {
            let args = vec![
                Term::atom(*name),
                Term::string(name),
                Term::binary(beam.clone()),
            ];
            let result = session.rpc("code", "load_binary", args, LOADING)?;
            if !matches!(result.as_tuple(), Some([ok, _]) if ok.is_atom("module")) {
                return Err(refused(format!(
                    "loading {name} gave {result}; its OTP may be older than the one that \
                     compiled it"
                )));
            }
        }
        let result = session.rpc("upheaval_agent", "start", Vec::new(), LOADING)?;
        if !result.is_atom("ok") {
            return Err(refused(format!("it did not start: {result}")));
        }
        Ok(Agent {
            session,
            before: Vec::new(),
        })
    }

    /// The node's name.
    pub fn node(&self) -> &str {
        self.session.node()
    }

    /// The connection.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Asks for something whose answer nobody needs. It is done before what is
    /// asked for next.
    pub fn tell(&mut self, request: Term) {
        self.before.push(request);
    }

    /// Asks for something, and waits for the answer.
    ///
    /// # Errors
    /// The node is lost, does not answer in time, or the agent failed at it.
    pub fn ask(&mut self, request: Term, patience: Duration) -> Result<Term, BeamError> {
        let doing = what(&request);
        let before = Term::List(std::mem::take(&mut self.before));
        let message = |from: Term, tag: Term| {
            Term::Tuple(vec![Term::atom("upheaval"), from, tag, before, request])
        };
        let answer = self
            .session
            .ask("upheaval_agent", message, &doing, patience)?;
        match answer.as_tuple() {
            Some([failed, class, reason, stack]) if failed.is_atom("failed") => {
                Err(BeamError::Failed {
                    node: self.session.node().into(),
                    doing,
                    problem: format!("{class}:{reason} at {stack}"),
                })
            }
            _ => Ok(answer),
        }
    }
}

/// A request as an error message names it: its first two parts, since others can
/// be long.
fn what(request: &Term) -> String {
    match request.as_tuple() {
        Some([name, Term::Atom(first), ..]) => format!("asking for {name} of {first}"),
        Some([name, ..]) => format!("asking for {name}"),
        _ => format!("asking for {request}"),
    }
}
