//! Plans drawn at random: all of a plan follows from its scenario and one seed.

use proptest::prelude::Rng as _;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::seed::{favour, largest, output, size};
use super::{Op, Plan, PlanTree, Schedule, Step};
use crate::coverage::Offer;
use crate::scenario::{RequestSpec, Scenario, Sizes};
use case::{Case, is_waited_for};
use disturbances::disturbances;
use favours::Favours;
use ladder::Ladder;
use weighted::Weighted;

mod case;
mod disturbances;
mod faults;
mod favours;
mod ladder;
mod weighted;

/// The share of cases on a schedule by priorities, of 100.
const PCT: u32 = 50;

/// The deepest such schedule.
const DEEPEST: u32 = 5;

/// The proptest strategy for the plans of a scenario.
///
/// ```
/// use upheaval::plan::PlanStrategy;
/// use upheaval::scenario::{Kind, Process, RequestSpec, Scenario};
/// use upheaval_term::Term;
///
/// let scenario = Scenario::new("echo", "one process that answers")
///     .process(Process::new("echo", "echo", Term::atom("none")))
///     .request(RequestSpec::new(1, Kind::Ask, "echo", |_| Term::atom("hello")));
/// let strategy = PlanStrategy::new(&scenario);
/// let plan = strategy.draw(0x7_00ff);
/// assert_eq!(plan, strategy.draw(0x7_00ff));
/// assert_eq!(plan.steps.len(), 90);
/// assert_eq!(plan.seed, 0x7_00ff);
/// // The last byte of a seed says how large the case is.
/// assert_eq!(strategy.draw(0x7_0000).steps.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct PlanStrategy {
    scenario: String,
    clients: u32,
    sizes: Sizes,
    requests: Weighted<RequestSpec>,
    /// Each kind of disturbance with the ops it may be, ready to be cloned.
    disturbances: Weighted<Vec<Op>>,
    favours: Favours,
    ladder: Option<Ladder>,
}

impl PlanStrategy {
    /// The strategy for the plans of `scenario`.
    ///
    /// A kind of disturbance that has nothing to act on is left out: there are
    /// no upgrades where no module switches by `code_change`. Each op of a kind
    /// is as likely as another.
    pub fn new(scenario: &Scenario) -> Self {
        let requests = scenario.requests.iter();
        let disturbances = Weighted::new(disturbances(scenario));
        PlanStrategy {
            scenario: scenario.name.clone(),
            clients: scenario.clients,
            sizes: scenario.sizes,
            requests: Weighted::new(requests.map(|spec| (spec.weight, spec.clone()))),
            favours: Favours::of(scenario, disturbances.possible().flatten()),
            disturbances,
            ladder: Ladder::of(scenario),
        }
    }

    /// What cases can favour, by what it does, with the numbers that their seeds say it by.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        self.favours.offers()
    }

    /// The plan of that seed.
    ///
    /// Its last byte says how large the case is: with 255 it is as large as the scenario
    /// says, and with 0 it has one request and one disturbance. Which of the kinds of both
    /// the case has, and its schedule, is drawn before the steps are. The byte before it is the
    /// number of an op, with a process or module, that the case has more of than others, each
    /// time right behind something else that these are told or asked; 0 for none. Such a case
    /// has as many disturbances as the scenario says, and what leads to them on top; what its
    /// ops are to meet a process doing says the byte before that.
    ///
    /// The random source is ChaCha20 with 32 bytes made of the seed, the first four outputs
    /// of SplitMix64, little-endian: the same on every platform and in every build.
    pub fn draw(&self, seed: u64) -> Plan {
        let random = &mut source(seed);
        let favoured =
            favour(seed).and_then(|(number, doing)| Some((self.favours.get(number)?, doing)));
        // What it favours it has to have often enough, whatever its size.
        let disturbed = if favoured.is_some() {
            largest(seed)
        } else {
            seed
        };
        let mut requests = match self.requests.is_empty() {
            true => 0,
            false => size(seed, self.sizes.requests),
        };
        let mut disturbances = match self.disturbances.is_empty() {
            true => 0,
            false => size(disturbed, self.sizes.disturbances),
        };
        let mut case = Case {
            clients: self.clients,
            requests: (requests > 0).then(|| self.requests.some(random)),
            disturbances: (disturbances > 0).then(|| self.disturbances.some(random)),
            favoured,
            ladder: self.ladder.clone(),
        };
        let schedule = schedule(random, requests.saturating_add(disturbances));
        let mut steps = Vec::with_capacity(requests as usize + disturbances as usize);
        // No steps at all are drawn as often as a third of the other numbers
        // together: such bursts fill mailboxes, so that upgrades meet messages
        // that are still queued.
        let most = self.sizes.most_steps;
        let bursts = most / 3;
        let runs = most.saturating_add(bursts).saturating_add(1);
        while requests + disturbances > 0 {
            // Each op is a disturbance with the share that disturbances have of
            // what is left: every order is as likely as another.
            let op = if below(random, requests + disturbances) < disturbances {
                disturbances -= 1;
                let (leads, op) = case.disturbance(random);
                steps.extend(leads.into_iter().map(|op| Step {
                    // What they lead to has hardly begun.
                    steps: match is_waited_for(&op) {
                        true => below(random, most / 2 + 1),
                        false => 0,
                    },
                    op,
                    seed: random.next_u32(),
                }));
                op
            } else {
                requests -= 1;
                case.request(random)
            };
            steps.extend(op.map(|op| Step {
                op,
                steps: below(random, runs).saturating_sub(bursts),
                seed: random.next_u32(),
            }));
        }
        Plan {
            scenario: self.scenario.clone(),
            seed,
            schedule,
            steps,
        }
    }
}

/// One of some ops; there is one.
fn one_of(ops: &[Op], random: &mut TestRng) -> Op {
    ops[below(random, ops.len() as u32) as usize].clone()
}

/// Who goes next: anybody, or by priorities with a few changes.
fn schedule(random: &mut TestRng, ops: u32) -> Schedule {
    if below(random, 100) >= PCT {
        return Schedule::Random;
    }
    Schedule::Pct {
        depth: 1 + below(random, DEEPEST),
        over: ops,
    }
}

/// A plan drawn by proptest carries the seed that [`PlanStrategy::draw`] makes
/// the same plan of.
impl Strategy for PlanStrategy {
    type Tree = PlanTree;
    type Value = Plan;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(PlanTree::new(self.draw(runner.rng().next_u64())))
    }
}

/// The random source of a seed.
fn source(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    for (word, chunk) in (0..).zip(bytes.chunks_exact_mut(8)) {
        chunk.copy_from_slice(&output(seed, word).to_le_bytes());
    }
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// A number from 0 up to but not `bound`, of which none is more likely than
/// another by more than `bound` / 2³².
fn below(random: &mut TestRng, bound: u32) -> u32 {
    ((u64::from(random.next_u32()) * u64::from(bound)) >> 32) as u32
}

#[cfg(test)]
mod tests;
