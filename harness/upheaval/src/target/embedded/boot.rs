//! Starting a scenario's system.

use upheaval_node::{ChildSpec, Flags, Outcome, RestartType, Strategy};
use upheaval_term::Term;

use super::run::Run;
use crate::scenario::{Process, Restart};
use crate::target::TargetError;

/// How long the system may take to start, in milliseconds of the node's time.
const START_TIMEOUT: u64 = 60_000;

impl Run<'_> {
    /// Loads the first version of every module that a process runs, and starts
    /// the supervisor, the unsupervised processes, and the clients.
    pub(super) fn boot(&mut self) -> Result<(), TargetError> {
        for module in &self.scenario.modules {
            let is_run = self
                .scenario
                .processes
                .iter()
                .any(|p| p.module == module.name);
            if let Some(artifact) = self.artifacts.get(&module.name, &module.versions[0].vsn)
                && is_run
            {
                self.node.deploy(artifact);
                if let Err(error) = self.node.load(&module.name) {
                    return Err(self.failed_to_start(&module.name, error.to_string()));
                }
            }
        }
        if self.scenario.processes.iter().any(|p| p.restart.is_some()) {
            let name = self.scenario.supervision.name.clone();
            self.start_by_hand(&name)
                .map_err(|reason| self.failed_to_start(&name, reason.to_string()))?;
        }
        let scenario = self.scenario;
        for process in scenario.processes.iter().filter(|p| p.restart.is_none()) {
            self.start_by_hand(&process.name)
                .map_err(|reason| self.failed_to_start(&process.name, reason.to_string()))?;
        }
        for number in 1..=self.scenario.clients {
            let client = self.node.start_client(&format!("client_{number}"));
            self.clients.push(client);
        }
        Ok(())
    }

    /// Starts an unsupervised process, or the supervisor and with it its
    /// children; gives `{ok,Pid}`, or the error.
    pub(super) fn start_by_hand(&mut self, name: &str) -> Result<Term, Term> {
        let (pid, tag) = if *name == self.scenario.supervision.name {
            let supervision = &self.scenario.supervision;
            let flags = Flags {
                strategy: Strategy::OneForOne,
                intensity: supervision.intensity,
                period: supervision.period,
            };
            let specs: Vec<ChildSpec> = self
                .scenario
                .processes
                .iter()
                .filter_map(child_spec)
                .collect();
            self.node.start_supervisor(name, &flags, &specs)
        } else {
            match self.scenario.find_process(name) {
                Some(process) => self.node.start(name, &process.module, &process.args),
                None => return Err(Term::atom("noproc")),
            }
        };
        match self.wait_for(tag, START_TIMEOUT) {
            Some(Outcome::Started(_)) => Ok(Term::tuple([Term::atom("ok"), Term::Pid(pid.term())])),
            Some(Outcome::Ignored) => Ok(Term::atom("ignore")),
            Some(
                Outcome::Ok(why) | Outcome::Error(why) | Outcome::Raised(why) | Outcome::Down(why),
            ) => Err(upheaval_term::decode(&why).unwrap_or(Term::atom("badarg"))),
            None => Err(Term::atom("timeout")),
        }
    }

    fn failed_to_start(&self, process: &str, reason: String) -> TargetError {
        TargetError::Start {
            scenario: self.scenario.name.clone(),
            process: process.into(),
            reason,
        }
    }
}

fn child_spec(process: &Process) -> Option<ChildSpec> {
    let restart = match process.restart? {
        Restart::Permanent => RestartType::Permanent,
        Restart::Transient => RestartType::Transient,
        Restart::Temporary => RestartType::Temporary,
    };
    // `Scenario::validate` has seen to it that both names are atoms.
    ChildSpec::worker(
        &process.name,
        &process.module,
        process.args.clone(),
        restart,
    )
    .ok()
}
