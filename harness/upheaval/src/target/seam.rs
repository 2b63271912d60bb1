//! The seam between a plan and what runs it.

use std::path::PathBuf;

use upheaval_beam::BeamError;
use upheaval_term::Term;

use crate::coverage::Reached;
use crate::history::{Event, History};
use crate::plan::Plan;

/// A system that can run plans of one scenario.
pub trait Target {
    /// Its name, as the command line gives it.
    fn name(&self) -> &'static str;

    /// Runs a plan on a fresh system, and appends all that happens to `history`.
    ///
    /// The plan must be one of the target's scenario: see
    /// [`Plan::check_against`]. What such a plan cannot name is not there, and
    /// the op returns an error.
    ///
    /// # Errors
    /// The system could not be started, or was lost. What the *modules* do wrong
    /// is no error: it stands in the history.
    fn run(&mut self, plan: &Plan, history: &mut History) -> Result<(), TargetError>;

    /// The [cells](crate::coverage::Cell) that the last plan has reached, each
    /// as often as it was; none where the target cannot be asked.
    fn covered(&self) -> &[Reached] {
        &[]
    }

    /// Whether the same plan gives the same history each time.
    fn is_deterministic(&self) -> bool {
        true
    }
}

/// Why a target could not run a plan.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Something that the scenario starts with did not start.
    #[error(
        "failed to start `{process}` of scenario `{scenario}`: {reason}; every process must start in its first version, under a name that nobody has"
    )]
    Start {
        /// The scenario.
        scenario: String,
        /// The process, by name.
        process: String,
        /// The exit reason.
        reason: String,
    },
    /// A release that a node restarts with, and that does not start. A case that is run for
    /// its verdict has none then: its history ends there.
    #[error(
        "the node restarts, and its release does not start: {problem}; give each release all that its applications start"
    )]
    NotBooted {
        /// What did not start, and why.
        problem: String,
    },
    /// A version that cannot be run on a real node.
    #[error(
        "failed to run scenario `{scenario}` on real Erlang: module `{module}` has no Erlang source for version {vsn}; give it one with Module::erlang, or run it on the embedded target"
    )]
    NoErlang {
        /// The scenario.
        scenario: String,
        /// The module.
        module: String,
        /// The version.
        vsn: String,
    },
    /// An Erlang source that is another module, or another version.
    #[error(
        "failed to use {}: it is {found}, and the scenario says module `{module}` version {vsn}; correct its -module or -vsn, or the scenario",
        path.display()
    )]
    OtherModule {
        /// The source.
        path: PathBuf,
        /// What it is, as a term.
        found: String,
        /// The module that it should be.
        module: String,
        /// The version that it should be.
        vsn: String,
    },
    /// An appup that cannot be read.
    #[error(
        "failed to read the appup of application `{application}`, version {vsn}, in scenario `{scenario}`: {problem}"
    )]
    Appup {
        /// The scenario.
        scenario: String,
        /// The application.
        application: String,
        /// The version that the appup is for.
        vsn: String,
        /// What is wrong, with line and column.
        problem: String,
    },
    /// Appups that cannot be made a script of.
    #[error(
        "failed to find the way from release {from} to {to} of scenario `{scenario}`: {problem}; correct the appups"
    )]
    Release {
        /// The scenario.
        scenario: String,
        /// The release that is left.
        from: String,
        /// The release that is to come.
        to: String,
        /// What is wrong.
        problem: String,
    },
    /// An instruction of an appup that a target cannot do.
    #[error(
        "failed to use the appup of application `{application}`, version {vsn}, in scenario `{scenario}` on {target}: {problem}"
    )]
    Refused {
        /// The scenario.
        scenario: String,
        /// The application.
        application: String,
        /// The version that the appup is for.
        vsn: String,
        /// The target.
        target: &'static str,
        /// The instruction, with line and column, and what to do about it.
        problem: String,
    },
    /// An instruction of a script that a target cannot do, and met all the same.
    #[error(
        "failed to go on with scenario `{scenario}` on {target}: its script has {instruction}, which that cannot do; leave it out, or run the scenario on another target"
    )]
    Instruction {
        /// The scenario.
        scenario: String,
        /// The instruction.
        instruction: String,
        /// The target.
        target: &'static str,
    },
    /// A release handler that waits for ever, as OTP's does for a supervisor that is
    /// suspended and that its script calls. A case that is run for its verdict has none then:
    /// its history ends there. Plans that are drawn do not suspend whom a script calls.
    #[error(
        "the release handler does not come back: {waits}; resume the supervisors that scripts call before a release moves"
    )]
    Waits {
        /// What it waits for.
        waits: String,
    },
    /// Releases on a node that was not started with one.
    #[error(
        "failed to run scenario `{scenario}` on a node that runs already: its releases need a node that was started with the first of them; leave --attach out"
    )]
    Attached {
        /// The scenario.
        scenario: String,
    },
    /// A real node could not be started, reached or driven.
    #[error(transparent)]
    Beam(#[from] BeamError),
    /// A node to attach to that has what the scenario would put there.
    #[error(
        "failed to run scenario `{scenario}` on node {node}: it has {taken}, and that would be replaced or killed; attach to a node without it, or let upheaval start nodes"
    )]
    Taken {
        /// The scenario.
        scenario: String,
        /// The node.
        node: String,
        /// The modules and names, and where they are.
        taken: String,
    },
    /// A node that was attached to and had to be given up.
    #[error(
        "failed to go on with node {node}, which was given up: {why}; see what is left on it, and attach to it anew"
    )]
    GivenUp {
        /// The node.
        node: String,
        /// Why it was given up.
        why: String,
    },
    /// The node's agent answered something that it never should.
    #[error("failed to read what the agent answered to {to}: {answer}; this is a bug of upheaval")]
    Answer {
        /// What it was asked for.
        to: String,
        /// What it answered.
        answer: String,
    },
    /// A worker process that could not be started, or be spoken to.
    #[error("failed to {action} a worker process for scenario `{scenario}`: {problem}")]
    Worker {
        /// Start, or speak to.
        action: &'static str,
        /// The scenario.
        scenario: String,
        /// What went wrong, and what to do about it.
        problem: String,
    },
    /// What a target in a worker process could not do, in its words.
    #[error("{0}")]
    InWorker(String),
}

impl<T: Target + ?Sized> Target for &mut T {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn run(&mut self, plan: &Plan, history: &mut History) -> Result<(), TargetError> {
        (**self).run(plan, history)
    }

    fn covered(&self) -> &[Reached] {
        (**self).covered()
    }

    fn is_deterministic(&self) -> bool {
        (**self).is_deterministic()
    }
}

impl TargetError {
    /// What an error is that comes as a node restarts: what does not start then is the
    /// release's doing, which ran until then.
    pub(super) fn at_restart(self) -> TargetError {
        let problem = match self {
            TargetError::Start {
                process, reason, ..
            } => format!("`{process}` gives {reason}"),
            TargetError::Beam(error @ BeamError::Boot { .. }) => error.to_string(),
            other => return other,
        };
        TargetError::NotBooted { problem }
    }

    /// Ends the history of a case with an error at which nobody can say what else would
    /// have happened.
    ///
    /// # Errors
    /// It is another error.
    pub(super) fn abandon(self, history: &mut History) -> Result<(), TargetError> {
        let what = match self {
            TargetError::NotBooted { .. } => "not_booted",
            TargetError::Waits { .. } => "waits",
            _ => return Err(self),
        };
        let text = Term::binary(self.to_string());
        let why = Term::tuple([Term::atom(what), text]);
        let reason = history.data(&upheaval_term::encode(&why));
        history.push(Event::Abandoned { reason });
        Ok(())
    }
}
