//! Starting a scenario's system.

use upheaval_node::Outcome;
use upheaval_term::Term;

use super::run::Run;
use crate::target::TargetError;
use crate::target::tree::{Start, start_of};

/// How long the system may take to start, in milliseconds of the node's time.
const START_TIMEOUT: u64 = 60_000;

impl Run<'_> {
    /// Loads the first version of every module that a process runs, and starts
    /// the supervisor, the unsupervised processes, and the clients.
    pub(super) fn boot(&mut self) -> Result<(), TargetError> {
        let scenario = self.scenario;
        if let Some(first) = scenario.releases.first() {
            self.set_paths(first);
            self.boot_release()?;
            // What belongs to an application is there already.
            for name in scenario
                .started_by_hand()
                .filter(|name| !scenario.is_top(name))
            {
                self.start_by_hand(name)
                    .map_err(|reason| self.failed_to_start(name, reason.to_string()))?;
            }
            return Ok(());
        }
        for module in &self.scenario.modules {
            if let Some(artifact) = self.artifacts.get(&module.name, &module.versions[0].vsn)
                && self.scenario.is_run(&module.name)
            {
                self.node.deploy(artifact);
                if let Err(error) = self.load(&module.name) {
                    return Err(self.failed_to_start(&module.name, error.to_string()));
                }
            }
        }
        for name in scenario.started_by_hand() {
            self.start_by_hand(name)
                .map_err(|reason| self.failed_to_start(name, reason.to_string()))?;
        }
        self.start_clients();
        Ok(())
    }

    pub(super) fn start_clients(&mut self) {
        for number in 1..=self.scenario.clients {
            let client = self.node.start_client(&format!("client_{number}"));
            self.clients.push(client);
        }
    }

    /// Starts an unsupervised process, or the supervisor and with it its
    /// children; gives `{ok,Pid}`, or the error.
    pub(super) fn start_by_hand(&mut self, name: &str) -> Result<Term, Term> {
        // Those that each case starts are known; a plan may name any other.
        let known = self.starts.iter().find(|(known, _)| known == name);
        let other = known.map_or_else(|| start_of(self.scenario, name), |_| None);
        let Some(Start { module, args }) = known.map(|(_, start)| start).or(other.as_ref()) else {
            return Err(Term::atom("noproc"));
        };
        let (pid, tag) = self.node.start(name, module, args);
        match self.wait_for(tag, START_TIMEOUT) {
            Some(Outcome::Started(_)) => Ok(Term::tuple([Term::atom("ok"), Term::Pid(pid.term())])),
            Some(Outcome::Ignored) => Ok(Term::atom("ignore")),
            Some(
                Outcome::Ok(why) | Outcome::Error(why) | Outcome::Raised(why) | Outcome::Down(why),
            ) => Err(upheaval_term::decode(&why).unwrap_or(Term::atom("badarg"))),
            None => Err(Term::atom("timeout")),
        }
    }

    pub(super) fn failed_to_start(&self, process: &str, reason: String) -> TargetError {
        TargetError::Start {
            scenario: self.scenario.name.clone(),
            process: process.into(),
            reason,
        }
    }
}
