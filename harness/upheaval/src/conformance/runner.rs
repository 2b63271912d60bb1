//! Plan after plan on both targets.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use upheaval_node::Flaw;

use super::{Difference, Unrun, compare};
use crate::artifact::Artifacts;
use crate::plan::{Plan, PlanStrategy, PlanTree, case_seed, largest, shrink};
use crate::scenario::{Patience, RequestSpec, Scenario, Sizes, Switch, Weights};
use crate::target::{Beam, Embedded, Lab, TargetError};

/// How often a plan is run again that showed a difference: one that does not come
/// again each time is left open by the real node's parallelism.
const CONFIRMATIONS: u32 = 2;

/// On how many schedules the embedded node may try to do what the real one did: the
/// order in which signals of different senders arrive is left open (E1).
const SCHEDULES: u32 = 64;

/// The most plans that may be tried to shrink one.
const SHRINK_BUDGET: u32 = 200;

/// A scenario as it is compared: smaller cases, and less patience, since a real node
/// waits in real time.
#[must_use]
pub fn as_compared(scenario: &Scenario) -> Scenario {
    let doubled = scenario.weights.doubled();
    let is_converted = (scenario.modules.iter()).any(|m| m.switch == Switch::CodeChange);
    let unless_converted = |weight| if is_converted { 0 } else { weight };
    Scenario {
        sizes: Sizes {
            requests: 24,
            disturbances: 12,
            ..scenario.sizes
        },
        patience: Patience {
            request: 2000,
            system: 500,
        },
        // Nor may it matter how long a real node takes for what it does at once.
        requests: (scenario.requests.iter().cloned())
            .map(RequestSpec::without_timeout)
            .collect(),
        // A jump of the clock costs real time.
        weights: Weights {
            advance: scenario.weights.advance,
            // What a killed supervisor leaves behind races with its restart: how often
            // that is tried, and so whether the one above gives up, is left open.
            kill_supervisor: 0,
            // By these a version comes to convert the state of another than it is told:
            // what it says of that is its own business, and Erlang has no types.
            freeze: unless_converted(doubled.freeze),
            thaw: unless_converted(doubled.thaw),
            damage: unless_converted(doubled.damage),
            meanwhile: unless_converted(doubled.meanwhile),
            ..doubled
        },
        ..scenario.clone()
    }
}

/// Runs plans of a scenario on both targets.
#[derive(Debug)]
pub struct Conformance {
    scenario: Scenario,
    artifacts: Artifacts,
    lab: Lab,
    flaw: Option<Flaw>,
}

/// What plans came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// How many plans were run.
    pub plans: u64,
    /// How many ops they held.
    pub ops: u64,
    /// How many plans showed the same on both.
    pub agreed: u64,
    /// How many of those only on another schedule than the plan's own (E1).
    pub rescheduled: u64,
    /// Plans on which the real node did not agree with itself, in their order.
    pub open: Vec<Open>,
    /// The first plan that showed a difference each time, shrunk.
    pub disagreement: Option<Disagreement>,
}

/// A plan on which the two targets differed, and then did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The seed of the case.
    pub case_seed: u64,
    /// A difference that was not there each time.
    pub once: Difference,
    /// Whether they agreed each time that it was run with no other beside it: then it was
    /// the load of the machine that made it differ, since a real node waits in real time.
    pub agrees_alone: bool,
}

/// A plan on which the two targets differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The seed of the case in which it was found.
    pub case_seed: u64,
    /// How many ops the plan had when it was found.
    pub ops_before: usize,
    /// The shrunk plan, as text.
    pub plan: String,
    /// The difference, in the shrunk plan.
    pub difference: Difference,
}

impl Open {
    fn new(plan: &Plan, once: Difference) -> Open {
        Open {
            case_seed: plan.seed,
            once,
            agrees_alone: false,
        }
    }
}

impl Disagreement {
    fn unshrunk(plan: &Plan, difference: Difference) -> Disagreement {
        Disagreement {
            case_seed: plan.seed,
            ops_before: plan.steps.len(),
            plan: plan.to_string(),
            difference,
        }
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "the embedded node and the real one differ, in a plan shrunk from {} ops:",
            self.ops_before
        )?;
        writeln!(f)?;
        writeln!(f, "{}", self.plan.trim_end())?;
        writeln!(f)?;
        write!(f, "{}", self.difference)
    }
}

/// How a plan went on both.
enum Outcome {
    Agreed { rescheduled: bool },
    Open(Difference),
    Differed(Difference),
}

impl Conformance {
    /// Compares the targets on a scenario. The lab must be of the same one.
    pub fn new(scenario: Scenario, artifacts: Artifacts, lab: Lab) -> Conformance {
        Conformance {
            scenario,
            artifacts,
            lab,
            flaw: None,
        }
    }

    /// The same, with an embedded node that breaks a rule on purpose.
    #[must_use]
    pub fn with_flaw(mut self, flaw: Flaw) -> Conformance {
        self.flaw = Some(flaw);
        self
    }

    /// Runs `plans` plans drawn from `seed`, on so many nodes at once; ends early
    /// where they differ. What they came to does not depend on the number of nodes. What
    /// is left open is then run again, one plan at a time.
    ///
    /// # Errors
    /// A target could not run a plan: which, and why.
    pub fn run(
        &self,
        nodes: usize,
        seed: u64,
        plans: u64,
        progress: impl FnMut(u64),
    ) -> Result<Agreement, Unrun> {
        let strategy = PlanStrategy::new(&self.scenario);
        let mut all = self.run_all(nodes, &strategy, seed, plans, progress)?;
        if !all.open.is_empty() {
            let mut pair = self.pair();
            for open in &mut all.open {
                let plan = strategy.draw(open.case_seed);
                open.agrees_alone = pair.agrees(&plan).map_err(Unrun::of(&plan))?;
            }
        }
        Ok(all)
    }

    fn run_all(
        &self,
        nodes: usize,
        strategy: &PlanStrategy,
        seed: u64,
        plans: u64,
        mut progress: impl FnMut(u64),
    ) -> Result<Agreement, Unrun> {
        let next = AtomicU64::new(0);
        let stop = AtomicBool::new(false);
        let (sender, receiver) = channel();
        let mut all = Agreement::default();
        thread::scope(|scope| {
            for _ in 0..nodes
                .max(1)
                .min(usize::try_from(plans).unwrap_or(usize::MAX))
            {
                let (sender, next, stop) = (sender.clone(), &next, &stop);
                scope.spawn(move || {
                    let mut pair = self.pair();
                    while !stop.load(Ordering::Relaxed) {
                        let case = next.fetch_add(1, Ordering::Relaxed);
                        if case >= plans {
                            return;
                        }
                        let plan = strategy.draw(largest(case_seed(seed, case)));
                        let outcome = pair.outcome(&plan);
                        if sender.send((case, plan, outcome)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut early = BTreeMap::new();
            for (case, plan, outcome) in receiver {
                early.insert(case, (plan, outcome));
                while let Some((plan, outcome)) = early.remove(&all.plans) {
                    let outcome = outcome
                        .inspect_err(|_| stop.store(true, Ordering::Relaxed))
                        .map_err(Unrun::of(&plan))?;
                    all.plans += 1;
                    all.ops += plan.steps.len() as u64;
                    match outcome {
                        Outcome::Agreed { rescheduled } => {
                            all.agreed += 1;
                            all.rescheduled += u64::from(rescheduled);
                        }
                        Outcome::Open(once) => all.open.push(Open::new(&plan, once)),
                        Outcome::Differed(once) => {
                            stop.store(true, Ordering::Relaxed);
                            all.disagreement = match self.pair().shrink(&plan) {
                                Ok(Some(found)) => Some(found),
                                Ok(None) => {
                                    all.open.push(Open::new(&plan, once));
                                    None
                                }
                                // What was found counts, although it cannot be shrunk.
                                Err(_) => Some(Disagreement::unshrunk(&plan, once)),
                            };
                            return Ok(all);
                        }
                    }
                    progress(all.plans);
                }
            }
            Ok(all)
        })
    }

    /// Runs one plan on both, and again where it showed a difference: gives one that
    /// comes each time.
    ///
    /// # Errors
    /// A target could not run it.
    pub fn difference(&self, plan: &Plan) -> Result<Option<Difference>, TargetError> {
        self.pair().confirmed(plan)
    }

    fn pair(&self) -> Pair {
        let embedded = Embedded::new(self.scenario.clone(), self.artifacts.clone());
        Pair {
            embedded: match self.flaw {
                Some(flaw) => embedded.with_flaw(flaw),
                None => embedded,
            },
            beam: self.lab.target(),
        }
    }
}

/// One run on both.
enum Compared {
    Same { schedule: u32 },
    Different(Difference),
}

/// Both targets.
struct Pair {
    embedded: Embedded,
    beam: Beam,
}

impl Pair {
    /// The real node first: the embedded one is given its clock. They differ if the
    /// real one did what the embedded one does on no schedule.
    fn difference(&mut self, plan: &Plan) -> Result<Compared, TargetError> {
        let real = self.beam.watch(plan)?;
        let mut first = None;
        for schedule in 0..SCHEDULES {
            let embedded = self.embedded.watch(plan, &real.clock, schedule)?;
            match compare(&embedded, &real) {
                None => return Ok(Compared::Same { schedule }),
                Some(difference) => {
                    first.get_or_insert(difference);
                }
            }
        }
        Ok(first.map_or(Compared::Same { schedule: 0 }, Compared::Different))
    }

    /// A difference counts if it comes each time.
    fn confirmed(&mut self, plan: &Plan) -> Result<Option<Difference>, TargetError> {
        let mut found = None;
        for _ in 0..=CONFIRMATIONS {
            match self.difference(plan)? {
                Compared::Different(difference) => found = Some(difference),
                Compared::Same { .. } => return Ok(None),
            }
        }
        Ok(found)
    }

    /// Whether they agree each time.
    fn agrees(&mut self, plan: &Plan) -> Result<bool, TargetError> {
        for _ in 0..=CONFIRMATIONS {
            if let Compared::Different(_) = self.difference(plan)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn outcome(&mut self, plan: &Plan) -> Result<Outcome, TargetError> {
        let once = match self.difference(plan)? {
            Compared::Different(once) => once,
            Compared::Same { schedule } => {
                let rescheduled = schedule > 0;
                return Ok(Outcome::Agreed { rescheduled });
            }
        };
        Ok(match self.confirmed(plan)? {
            Some(again) => Outcome::Differed(again),
            None => Outcome::Open(once),
        })
    }

    fn shrink(&mut self, plan: &Plan) -> Result<Option<Disagreement>, TargetError> {
        let mut lost = None;
        let mut tree = PlanTree::new(plan.clone());
        let shrunk = shrink(&mut tree, SHRINK_BUDGET, |plan| {
            // Once a node is lost, no candidate is worth another.
            lost.is_none()
                && self.confirmed(plan).map_or_else(
                    |error| {
                        lost = Some(error);
                        false
                    },
                    |found| found.is_some(),
                )
        });
        if let Some(error) = lost {
            return Err(error);
        }
        // A shrunk plan may have lost what made the difference certain.
        for candidate in [&shrunk.plan, plan] {
            if let Some(difference) = self.confirmed(candidate)? {
                return Ok(Some(Disagreement {
                    case_seed: plan.seed,
                    ops_before: plan.steps.len(),
                    plan: candidate.to_string(),
                    difference,
                }));
            }
        }
        Ok(None)
    }
}
