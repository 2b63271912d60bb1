//! From a plan to a history.

use std::cell::RefCell;
use std::rc::Rc;

use upheaval_node::{
    Flaw, Node, Outcome, PctScheduler, Pid, RandomScheduler, Scheduler, Stacks, Tag,
    UnfairScheduler,
};

use super::recorder::Recorder;
use super::releases::{Handler, Ways};
use super::witness::Witness;
use crate::artifact::Artifacts;
use crate::coverage::Reached;
use crate::history::{Event, History};
use crate::plan::{Plan, Schedule, Step};
use crate::scenario::Scenario;
use crate::target::control::Control;
use crate::target::ops::perform;
use crate::target::spoilt::Spoilt;
use crate::target::tree::{Start, start_of};
use crate::target::{Rest, Target, TargetError, Watched};

/// The most steps that a system may take without coming to what is waited for.
/// Far more than any case needs: beyond it, it is running in circles.
const MOST_STEPS: u64 = 1_000_000;

/// Spreads the numbers of schedules over all seeds.
const SPREAD: u32 = 0x9e37_79b9;

/// The embedded target: it runs each plan on a node of its own.
#[derive(Debug)]
pub struct Embedded {
    scenario: Scenario,
    artifacts: Artifacts,
    stacks: Stacks,
    flaw: Option<Flaw>,
    /// The ways between the scenario's releases, once they were looked for.
    ways: Option<Rc<Ways>>,
    /// What each case starts, by name.
    starts: Vec<(String, Start)>,
    /// The cells that the last run has reached.
    covered: Vec<Reached>,
}

impl Embedded {
    /// A target for the plans of one scenario.
    pub fn new(scenario: Scenario, artifacts: Artifacts) -> Embedded {
        let names = scenario.started_by_hand();
        let starts = names.filter_map(|name| Some((name.to_owned(), start_of(&scenario, name)?)));
        Embedded {
            starts: starts.collect(),
            scenario,
            artifacts,
            stacks: Stacks::new(),
            flaw: None,
            ways: None,
            covered: Vec::new(),
        }
    }

    /// The same, on nodes that break a rule on purpose.
    #[must_use]
    pub fn with_flaw(mut self, flaw: Flaw) -> Embedded {
        self.flaw = Some(flaw);
        self
    }
}

impl Embedded {
    /// Runs a plan, at rest after each op, and looks at everybody each time.
    ///
    /// `clock` is when the system is started, then when each op begins and when everybody
    /// is looked at after it, and when all is over: the node's clock is moved on to there,
    /// if it has not got further by itself. So a system in real time can be followed, in which an
    /// op takes time.
    ///
    /// `schedule` picks one of the ways in which it can go, whatever the plan's schedule is:
    /// at rest after each op little is left of it. 0 follows the plan's seeds, and
    /// in the others signals may overtake those of other senders, too, some processes may
    /// go long before others, and an op may fall anywhere in the time that it takes.
    ///
    /// # Errors
    /// As [`Target::run`].
    pub fn watch(
        &mut self,
        plan: &Plan,
        clock: &[u64],
        schedule: u32,
    ) -> Result<Watched, TargetError> {
        let mut watched = Watched::default();
        let watch = |run: &mut Run<'_>| run.watch(plan, clock, schedule);
        let history = &mut watched.history;
        // Every other one lets some processes go long before others, which hardly ever
        // comes about by chance.
        let looks = match schedule % 2 {
            0 => self.on_a_node(RandomScheduler::new(plan.seed), history, watch),
            _ => self.on_a_node(UnfairScheduler::new(plan.seed), history, watch),
        }?;
        watched.looks = looks;
        watched.clock = clock.to_vec();
        Ok(watched)
    }

    fn on_a_node<T>(
        &mut self,
        scheduler: impl Scheduler + 'static,
        history: &mut History,
        body: impl FnOnce(&mut Run<'_>) -> Result<T, TargetError>,
    ) -> Result<T, TargetError> {
        let ways = match &self.ways {
            Some(ways) => Rc::clone(ways),
            None => Rc::clone(self.ways.insert(Rc::new(Ways::of(&self.scenario)?))),
        };
        let shared = Rc::new(RefCell::new(std::mem::take(history)));
        let mut node = Node::new(
            self.stacks.clone(),
            scheduler,
            Recorder::new(Rc::clone(&shared)),
        );
        if let Some(flaw) = self.flaw {
            node.set_flaw(flaw);
        }
        let mut run = Run {
            scenario: &self.scenario,
            artifacts: &self.artifacts,
            starts: &self.starts,
            node,
            clients: Vec::new(),
            history: Rc::clone(&shared),
            steps_left: MOST_STEPS,
            at_rest: false,
            seed: 0,
            handler: Handler::new(&self.scenario, ways),
            spoilt: None,
            encoded: Vec::new(),
            covered: std::mem::take(&mut self.covered),
        };
        run.covered.clear();
        let result = body(&mut run);
        // The node ends with what is still alive; nobody writes that down.
        *history = shared.take();
        self.covered = run.covered;
        result
    }
}

impl Target for Embedded {
    fn name(&self) -> &'static str {
        "embedded"
    }

    fn run(&mut self, plan: &Plan, history: &mut History) -> Result<(), TargetError> {
        let run = |run: &mut Run<'_>| run.all(plan);
        match plan.schedule {
            Schedule::Random => self.on_a_node(RandomScheduler::new(plan.seed), history, run),
            Schedule::Pct { depth, over } => {
                let scheduler = PctScheduler::new(plan.seed, depth, over);
                self.on_a_node(scheduler, history, run)
            }
        }
    }

    fn covered(&self) -> &[Reached] {
        &self.covered
    }
}

/// When the time passes that an op takes on a real node: what it does takes none here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lapse {
    Before,
    After,
    /// After it, and what passes until the next one, too: to look takes time.
    WhileLooking,
    /// Only with the next op: what falls due at the very moment of the look is not seen.
    Later,
}

impl Lapse {
    /// On the plan's own schedule and every other one after it, on the rest now so and
    /// now so.
    fn of(schedule: u32, op: usize) -> Lapse {
        let dice = schedule.wrapping_mul(SPREAD) ^ (op as u32).wrapping_mul(SPREAD).rotate_left(16);
        match (schedule % 2, dice.wrapping_mul(SPREAD) >> 29) {
            (1, 0 | 1) => Lapse::Before,
            (1, 2) => Lapse::Later,
            (1, 3) => Lapse::WhileLooking,
            _ => Lapse::After,
        }
    }
}

/// One plan on one node.
pub(super) struct Run<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) artifacts: &'a Artifacts,
    /// What can be started by hand, by name.
    pub(super) starts: &'a [(String, Start)],
    pub(super) node: Node,
    pub(super) clients: Vec<Pid>,
    history: Rc<RefCell<History>>,
    steps_left: u64,
    /// Whether the system comes to rest after each op, and after each instruction of
    /// an upgrade.
    pub(super) at_rest: bool,
    /// The seed of the op that is being done.
    pub(super) seed: u32,
    /// The release handler's books, where the scenario has releases.
    pub(super) handler: Option<Handler>,
    /// What lies in the place of an artifact, while the release handler reads it.
    pub(super) spoilt: Option<Spoilt>,
    /// A buffer for terms on their way into the node or the history.
    pub(super) encoded: Vec<u8>,
    covered: Vec<Reached>,
}

impl Run<'_> {
    fn all(&mut self, plan: &Plan) -> Result<(), TargetError> {
        self.boot()?;
        for (index, step) in plan.steps.iter().enumerate() {
            if let Err(error) = self.perform(index, step) {
                return error.abandon(&mut self.history.borrow_mut());
            }
            self.run_on(step.steps)?;
        }
        self.node.reseed(plan.seed);
        self.settle();
        Ok(())
    }

    fn watch(
        &mut self,
        plan: &Plan,
        clock: &[u64],
        schedule: u32,
    ) -> Result<Vec<Rest>, TargetError> {
        self.at_rest = true;
        if schedule > 0 {
            self.node.let_signals_overtake();
        }
        let mut clock = clock.iter().copied().peekable();
        self.move_to(clock.next());
        self.boot()?;
        self.run_on(0)?;
        let mut looks = Vec::with_capacity(plan.steps.len());
        for (index, step) in plan.steps.iter().enumerate() {
            let (begins, ends) = (clock.next(), clock.next());
            self.move_to(begins);
            let seed = step.seed ^ schedule.wrapping_mul(SPREAD);
            let lapse = Lapse::of(schedule, index);
            if lapse == Lapse::Before {
                self.move_to(ends);
                self.run_on(0)?;
            }
            self.perform(
                index,
                &Step {
                    seed,
                    ..step.clone()
                },
            )?;
            self.run_on(0)?;
            if lapse == Lapse::After || lapse == Lapse::WhileLooking {
                self.move_to(ends);
                self.run_on(0)?;
            }
            if lapse == Lapse::WhileLooking {
                self.move_to(clock.peek().copied());
                self.run_on(0)?;
            }
            looks.push(self.look());
        }
        self.move_to(clock.next());
        self.run_on(0)?;
        Ok(looks)
    }

    /// Lets time pass until then, unless it is then already.
    fn move_to(&mut self, then: Option<u64>) {
        let left = then.map_or(0, |then| then.saturating_sub(self.node.now()));
        self.node.advance(left, MOST_STEPS);
    }

    fn perform(&mut self, index: usize, step: &Step) -> Result<(), TargetError> {
        self.note(Event::OpBegins { op: index as u32 });
        self.node.reseed(u64::from(step.seed));
        self.seed = step.seed;
        self.retry_purges();
        let witness = Witness::of(self.scenario, &self.node, &step.op);
        let result = perform(self.scenario, self, step)?;
        if let Some(witness) = witness {
            witness.ends(&self.node, &result, &mut self.covered);
        }
        let result = self
            .history
            .borrow_mut()
            .data(&upheaval_term::encode(&result));
        self.note(Event::OpEnds { result });
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
            // With no time to wait, nobody else has run.
            if ms > 0 && self.step() {
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
