//! Cases in a worker process.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::Death;
use super::child::Child;
use super::wire::{Answer, Request};
use crate::artifact::Built;
use crate::plan::Plan;
use crate::run::{Breach, Care, Executor, Judged, Replayed, Runner, SURVIVAL};
use crate::target::TargetError;

/// How long a worker may take to open the modules.
const OPENING: Duration = Duration::from_secs(60);

/// The shortest time that a candidate is given while a plan is shrunk.
const QUICK: Duration = Duration::from_millis(500);

/// How many deadlines a plan may be shrunk for, and how long at least.
const SHRINK: (u32, Duration) = (4, Duration::from_secs(60));

/// How many cases a worker does before it is replaced: what a module leaks goes with it.
const LIFE: u64 = 20_000;

/// How worker processes are started, and what they run.
#[derive(Clone, Debug)]
pub struct Isolation {
    /// The program that [serves](super::serve).
    pub program: PathBuf,
    /// The arguments that let it.
    pub arguments: Vec<OsString>,
    /// The modules of the scenario.
    pub built: Built,
    /// How long a case may say nothing.
    pub deadline: Duration,
}

/// Runs cases in a worker process, and in another one where that dies.
///
/// The workers must know the runner's scenario by its name.
#[derive(Debug)]
pub struct Isolated<'a> {
    runner: &'a Runner,
    isolation: &'a Isolation,
    child: Option<Child>,
    cases: u64,
}

impl<'a> Isolated<'a> {
    /// Runs the runner's cases in workers. None is started before it is needed.
    pub fn new(runner: &'a Runner, isolation: &'a Isolation) -> Self {
        Isolated {
            runner,
            isolation,
            child: None,
            cases: 0,
        }
    }

    /// The answer, or how the worker ended over it.
    fn ask(
        &mut self,
        request: &Request,
        deadline: Duration,
    ) -> Result<Result<Answer, Death>, TargetError> {
        let mut child = match self.child.take() {
            Some(child) => child,
            None => self.start()?,
        };
        Ok(match child.ask(request, deadline) {
            Ok(Answer::Failed(why)) => {
                self.child = Some(child);
                return Err(TargetError::InWorker(why));
            }
            Ok(answer) => {
                self.child = Some(child);
                Ok(answer)
            }
            Err(death) => Err(death),
        })
    }

    fn start(&mut self) -> Result<Child, TargetError> {
        self.cases = 0;
        let Isolation {
            program,
            arguments,
            built,
            ..
        } = self.isolation;
        let scenario = self.runner.scenario().name.clone();
        let error = |action, problem| TargetError::Worker {
            action,
            scenario: scenario.clone(),
            problem,
        };
        let mut child = Child::start(program, arguments).map_err(|why| {
            let program = program.display();
            error(
                "start",
                format!("{program}: {why}; run fewer workers, or free some memory"),
            )
        })?;
        let begin = Request::Begin {
            scenario: scenario.clone(),
            files: built.files.clone(),
        };
        match child.ask(&begin, OPENING) {
            Ok(Answer::Ready) => Ok(child),
            Ok(Answer::Failed(why)) => Err(TargetError::InWorker(why)),
            Ok(_) => Err(self.confused()),
            Err(death) => Err(error(
                "start",
                format!(
                    "{death}, while it opened the modules; see what they do when they are loaded"
                ),
            )),
        }
    }

    fn confused(&self) -> TargetError {
        TargetError::Worker {
            action: "speak to",
            scenario: self.runner.scenario().name.clone(),
            problem: "it answered something else than it was asked; this is a bug of upheaval"
                .into(),
        }
    }

    fn dead(&self, case_seed: u64, twice: bool, death: Death) -> Judged {
        Judged::dead(&self.runner.claims(true), case_seed, twice, death)
    }
}

impl Executor for Isolated<'_> {
    fn case(&mut self, case_seed: u64, twice: bool) -> Result<Judged, TargetError> {
        if self.cases >= LIFE {
            self.child = None;
        }
        let request = Request::Case {
            seed: case_seed,
            twice,
        };
        let answer = self.ask(&request, self.isolation.deadline)?;
        self.cases += 1;
        match answer {
            Ok(Answer::Case(said)) => Ok(said.into()),
            Ok(_) => Err(self.confused()),
            Err(death) => Ok(self.dead(case_seed, twice, death)),
        }
    }

    fn breach(
        &mut self,
        claim: &'static str,
        plan: &Plan,
        care: Care,
    ) -> Result<Option<Breach>, TargetError> {
        let deadline = match (care, self.isolation.deadline) {
            (Care::Quick, deadline) => (deadline / 10).max(QUICK).min(deadline),
            (Care::Sure, deadline) => deadline,
        };
        let request = Request::Breach {
            claim: claim.into(),
            plan: plan.to_string(),
        };
        match self.ask(&request, deadline)? {
            Ok(Answer::Breach(said)) => Ok(said.map(Into::into)),
            Ok(_) => Err(self.confused()),
            Err(death) if claim == SURVIVAL.name => Ok(Some(Breach::death(death))),
            // It broke another claim than the one in question.
            Err(_) => Ok(None),
        }
    }

    fn replay(&mut self, plan: &Plan) -> Result<Replayed, TargetError> {
        let request = Request::Replay {
            plan: plan.to_string(),
        };
        match self.ask(&request, self.isolation.deadline)? {
            Ok(Answer::Replay(said, excerpts)) => Ok(Replayed {
                judged: said.into(),
                excerpts,
            }),
            Ok(_) => Err(self.confused()),
            Err(death) => Ok(Replayed {
                excerpts: Vec::new(),
                judged: self.dead(plan.seed, true, death),
            }),
        }
    }

    fn is_deterministic(&self) -> bool {
        true
    }

    fn longest_shrink(&self) -> Option<Duration> {
        let (deadlines, least) = SHRINK;
        Some((self.isolation.deadline * deadlines).max(least))
    }
}
