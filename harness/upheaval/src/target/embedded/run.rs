//! From a plan to a history.

use std::cell::RefCell;
use std::rc::Rc;

use upheaval_node::{Node, Outcome, Pid, RandomScheduler, Stacks, Tag};

use super::recorder::Recorder;
use crate::artifact::Artifacts;
use crate::history::{Event, History};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::target::{Target, TargetError};

/// The most steps that a system may take without coming to what is waited for.
/// Far more than any case needs: beyond it, it is running in circles.
const MOST_STEPS: u64 = 1_000_000;

/// The embedded target: it runs each plan on a node of its own.
#[derive(Debug)]
pub struct Embedded {
    scenario: Scenario,
    artifacts: Artifacts,
    stacks: Stacks,
}

impl Embedded {
    /// A target for the plans of one scenario.
    pub fn new(scenario: Scenario, artifacts: Artifacts) -> Embedded {
        Embedded {
            scenario,
            artifacts,
            stacks: Stacks::new(),
        }
    }
}

impl Target for Embedded {
    fn name(&self) -> &'static str {
        "embedded"
    }

    fn run(&mut self, plan: &Plan, history: &mut History) -> Result<(), TargetError> {
        let shared = Rc::new(RefCell::new(std::mem::take(history)));
        let node = Node::new(
            self.stacks.clone(),
            RandomScheduler::new(plan.seed),
            Recorder::new(Rc::clone(&shared)),
        );
        let mut run = Run {
            scenario: &self.scenario,
            artifacts: &self.artifacts,
            node,
            clients: Vec::new(),
            history: Rc::clone(&shared),
            steps_left: MOST_STEPS,
            encoded: Vec::new(),
        };
        let result = run.all(plan);
        // The node ends with what is still alive; nobody writes that down.
        *history = shared.take();
        drop(run);
        result
    }
}

/// One plan on one node.
pub(super) struct Run<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) artifacts: &'a Artifacts,
    pub(super) node: Node,
    pub(super) clients: Vec<Pid>,
    history: Rc<RefCell<History>>,
    steps_left: u64,
    /// A buffer for terms on their way into the node or the history.
    pub(super) encoded: Vec<u8>,
}

impl Run<'_> {
    fn all(&mut self, plan: &Plan) -> Result<(), TargetError> {
        self.boot()?;
        for (index, step) in plan.steps.iter().enumerate() {
            self.note(Event::OpBegins { op: index as u32 });
            self.node.reseed(u64::from(step.seed));
            let result = self.op(step);
            let result = self
                .history
                .borrow_mut()
                .data(&upheaval_term::encode(&result));
            self.note(Event::OpEnds { result });
            for _ in 0..step.steps {
                self.step();
            }
        }
        self.node.reseed(plan.seed);
        self.settle();
        Ok(())
    }

    pub(super) fn note(&self, event: Event) {
        self.history.borrow_mut().push(event);
    }

    pub(super) fn note_with(&self, bytes: &[u8]) -> crate::history::Data {
        self.history.borrow_mut().data(bytes)
    }

    pub(super) fn name(&self, name: &str) -> crate::history::Symbol {
        self.history.borrow_mut().symbol(name)
    }

    /// One scheduler step. False where nothing can run, or the run has taken
    /// more steps than any run needs.
    pub(super) fn step(&mut self) -> bool {
        self.steps_left > 0 && {
            self.steps_left -= 1;
            self.node.step()
        }
    }

    /// Whether the system was stopped because it would not come to rest.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps_left == 0
    }

    /// Waits for the answer to a request of the harness, for at most `ms`
    /// milliseconds of the node's time. Nothing where none came.
    pub(super) fn wait_for(&mut self, tag: Tag, ms: u64) -> Option<Outcome> {
        let end = self.node.now() + ms;
        loop {
            if let Some(outcome) = self.node.take(tag) {
                return Some(outcome);
            }
            if self.step() {
                continue;
            }
            let due = self.node.next_due().filter(|due| *due < end);
            match due {
                Some(due) if !self.is_exhausted() => self.node.advance(due - self.node.now(), 0),
                _ => {
                    self.node.advance(end - self.node.now(), 0);
                    self.node.forget(tag);
                    return None;
                }
            }
        }
    }
}
