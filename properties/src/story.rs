//! A plan written by hand, run on the default scenario.

use upheaval::history::{Event, History, ProcessId};
use upheaval::plan::Plan;
use upheaval::scenario::Scenario;
use upheaval::target::Target;

use crate::embedded;

/// A history, asked in the words of a test.
#[derive(Debug)]
pub struct Story {
    history: History,
}

/// Runs ops, one a line as a plan file has them, on the default scenario.
///
/// # Panics
/// If they are no plan of it, or it does not run.
pub fn run_plan(ops: &str) -> Story {
    let scenario = default_scenario();
    run_plan_on(&mut embedded(&scenario), ops)
}

/// The default scenario.
///
/// # Panics
/// If there is none.
pub fn default_scenario() -> Scenario {
    match sample_scenarios::find(sample_scenarios::DEFAULT) {
        Some(scenario) => scenario,
        None => panic!("there is no default scenario"),
    }
}

/// A plan of the default scenario, from its ops.
///
/// # Panics
/// If they are none.
pub fn plan(ops: &str) -> Plan {
    let text = format!("scenario {}\nseed 0x1\n{ops}", sample_scenarios::DEFAULT);
    match text.parse() {
        Ok(plan) => plan,
        Err(error) => panic!("{error}\n{text}"),
    }
}

/// As [`run_plan`], on a target of the default scenario.
///
/// # Panics
/// As `run_plan`.
pub fn run_plan_on(target: &mut dyn Target, ops: &str) -> Story {
    let mut history = History::new();
    if let Err(error) = target.run(&plan(ops), &mut history) {
        panic!("{error}");
    }
    Story { history }
}

impl Story {
    /// The history.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What op number `n` (from 1) returned, in Erlang's text form.
    ///
    /// # Panics
    /// If there was no such op.
    pub fn result(&self, n: usize) -> String {
        let results: Vec<String> = self
            .history
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::OpEnds { result } => Some(self.history.term(*result).to_string()),
                _ => None,
            })
            .collect();
        results[n - 1].clone()
    }

    /// The processes that were registered under a name, in order.
    pub fn named(&self, name: &str) -> Vec<ProcessId> {
        self.history
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::Registered { process, name: n } if self.history.name(*n) == name => {
                    Some(*process)
                }
                _ => None,
            })
            .collect()
    }

    /// The versions that a process entered, in order.
    pub fn versions(&self, process: ProcessId) -> Vec<&str> {
        self.history
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::Entered { process: p, code } if *p == process => {
                    Some(self.history.name(code.vsn))
                }
                _ => None,
            })
            .collect()
    }

    /// The reason with which a process ended, if it has.
    pub fn exit(&self, process: ProcessId) -> Option<String> {
        self.history.events().iter().find_map(|event| match event {
            Event::Exited { process: p, reason } if *p == process => {
                Some(self.history.term(*reason).to_string())
            }
            _ => None,
        })
    }

    /// All replies to calls and asks, in order, in Erlang's text form.
    pub fn replies(&self) -> Vec<String> {
        use upheaval::history::Answer;
        self.history
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::Answered { answer, .. } => Some(match answer {
                    Answer::Reply(data) => self.history.term(*data).to_string(),
                    Answer::Exit(data) => format!("exit {}", self.history.term(*data)),
                    Answer::Timeout => "timeout".into(),
                }),
                _ => None,
            })
            .collect()
    }

    /// How many processes purges killed.
    pub fn purge_kills(&self) -> u32 {
        self.history
            .events()
            .iter()
            .filter_map(|event| match event {
                Event::Purged { killed, .. } => Some(*killed),
                _ => None,
            })
            .sum()
    }
}
