//! Plans drawn at random: all of a plan follows from its scenario and one seed.

use proptest::prelude::Rng as _;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use upheaval_term::Term;

use super::{ApplicationStep, ChildRequest, Op, Plan, PlanTree, ReleaseStep, Step, SystemMessage};
use crate::scenario::{
    ApplicationVersion, ChildRef, Draw, Process, RequestSpec, Scenario, Sizes, Switch,
};

/// The clock's jumps, in milliseconds: a moment, a tick, a second, OTP's
/// timeout of a call (and the default restart period), and just past it.
const JUMPS: [u32; 5] = [1, 100, 1000, 5000, 6000];

/// The increment of SplitMix64.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

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
/// let plan = strategy.draw(7);
/// assert_eq!(plan, strategy.draw(7));
/// assert_eq!(plan.steps.len(), 210);
/// assert_eq!(plan.seed, 7);
/// ```
#[derive(Clone, Debug)]
pub struct PlanStrategy {
    scenario: String,
    clients: u32,
    sizes: Sizes,
    requests: Weighted<RequestSpec>,
    /// Each kind of disturbance with the ops it may be, ready to be cloned.
    disturbances: Weighted<Vec<Op>>,
}

impl PlanStrategy {
    /// The strategy for the plans of `scenario`.
    ///
    /// A kind of disturbance that has nothing to act on is left out: there are
    /// no upgrades where no module switches by `code_change`. Each op of a kind
    /// is as likely as another.
    pub fn new(scenario: &Scenario) -> Self {
        let requests = scenario.requests.iter();
        PlanStrategy {
            scenario: scenario.name.clone(),
            clients: scenario.clients,
            sizes: scenario.sizes,
            requests: Weighted::new(requests.map(|spec| (spec.weight, spec.clone()))),
            disturbances: Weighted::new(disturbances(scenario)),
        }
    }

    /// The plan of that seed.
    ///
    /// The random source is ChaCha20 with the 32 bytes of
    /// [`case_seed(seed, 0..4)`](case_seed), little-endian: the same on every
    /// platform and in every build.
    pub fn draw(&self, seed: u64) -> Plan {
        let random = &mut source(seed);
        let mut requests = if self.requests.total == 0 {
            0
        } else {
            self.sizes.requests
        };
        let mut disturbances = if self.disturbances.total == 0 {
            0
        } else {
            self.sizes.disturbances
        };
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
                self.disturbance(random)
            } else {
                requests -= 1;
                self.request(random)
            };
            steps.push(Step {
                op,
                steps: below(random, runs).saturating_sub(bursts),
                seed: random.next_u32(),
            });
        }
        Plan {
            scenario: self.scenario.clone(),
            seed,
            steps,
        }
    }

    fn request(&self, random: &mut TestRng) -> Op {
        Op::Request {
            client: 1 + below(random, self.clients),
            request: self.requests.pick(random).draw(&mut Draw::new(random)),
        }
    }

    fn disturbance(&self, random: &mut TestRng) -> Op {
        let ops = self.disturbances.pick(random);
        ops[below(random, ops.len() as u32) as usize].clone()
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

/// The seed of a run's case: the output number `case`, counted from 0, of
/// SplitMix64 seeded with `run_seed`.
///
/// So any case can be run again without the ones before it, and two runs whose
/// seeds are neighbours share no case.
///
/// ```
/// use upheaval::plan::case_seed;
///
/// assert_eq!(case_seed(1_234_567, 0), 6_457_827_717_110_365_317);
/// assert_eq!(case_seed(1_234_567, 1), 3_203_168_211_198_807_973);
/// ```
pub fn case_seed(run_seed: u64, case: u64) -> u64 {
    let z = run_seed.wrapping_add(case.wrapping_add(1).wrapping_mul(GOLDEN));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The random source of a seed.
fn source(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    for (word, chunk) in (0..).zip(bytes.chunks_exact_mut(8)) {
        chunk.copy_from_slice(&case_seed(seed, word).to_le_bytes());
    }
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// A number from 0 up to but not `bound`, of which none is more likely than
/// another by more than `bound` / 2³².
fn below(random: &mut TestRng, bound: u32) -> u32 {
    ((u64::from(random.next_u32()) * u64::from(bound)) >> 32) as u32
}

/// The kinds of disturbance that a scenario offers something for, with their
/// weights.
fn disturbances(scenario: &Scenario) -> impl Iterator<Item = (u32, Vec<Op>)> {
    let weights = scenario.weights;
    // Those of a module that switches by itself, and those that are switched.
    let versions = |switched: bool, op: fn(String, String) -> Op| -> Vec<Op> {
        let modules = scenario
            .modules
            .iter()
            .filter(|module| (module.switch != Switch::Load) == switched);
        modules
            .flat_map(|m| {
                m.versions
                    .iter()
                    .map(move |v| op(m.name.clone(), v.vsn.clone()))
            })
            .collect()
    };
    let modules = |op: fn(String) -> Op| -> Vec<Op> {
        scenario
            .modules
            .iter()
            .map(|module| op(module.name.clone()))
            .collect()
    };
    let kills = |supervisors: bool| -> Vec<Op> {
        let processes = scenario.processes.iter();
        let those = processes.filter(|process| scenario.is_supervisor(process) == supervisors);
        those
            .map(|process| Op::Kill {
                process: process.name.clone(),
            })
            .collect()
    };
    let systems = |messages: &dyn Fn(&Process) -> Vec<SystemMessage>| -> Vec<Op> {
        let each = scenario.processes.iter().flat_map(|process| {
            messages(process).into_iter().map(|message| Op::System {
                process: process.name.clone(),
                message,
                within: None,
            })
        });
        each.collect()
    };
    let kinds = [
        (
            weights.load,
            versions(false, |module, vsn| Op::Load { module, vsn }),
        ),
        (
            weights.load_binary,
            versions(false, |module, vsn| Op::LoadBinary { module, vsn }),
        ),
        (
            weights.reload,
            versions(false, |module, vsn| Op::Reload { module, vsn }),
        ),
        (
            weights.upgrade,
            versions(true, |module, vsn| Op::Upgrade { module, vsn }),
        ),
        (weights.purge, modules(|module| Op::Purge { module })),
        (
            weights.soft_purge,
            modules(|module| Op::SoftPurge { module }),
        ),
        (weights.suspend, systems(&|_| vec![SystemMessage::Suspend])),
        (weights.resume, systems(&|_| vec![SystemMessage::Resume])),
        (weights.kill, kills(false)),
        (weights.start, starts(scenario)),
        (weights.release, releases(scenario)),
        (weights.application, applications(scenario)),
        (weights.advance, JUMPS.map(|ms| Op::Advance { ms }).to_vec()),
        (
            weights.get_state,
            systems(&|process| stateful(process, SystemMessage::GetState)),
        ),
        (
            weights.replace_state,
            systems(&|process| {
                let states = process.replacements.iter().cloned();
                let failure = SystemMessage::FailToReplace(Term::atom("oops"));
                let states = states.map(SystemMessage::ReplaceState);
                match process.replacements.is_empty() {
                    true => Vec::new(),
                    false => states.chain([failure]).collect(),
                }
            }),
        ),
        (
            weights.get_status,
            systems(&|process| stateful(process, SystemMessage::GetStatus)),
        ),
        (
            weights.change_code,
            systems(&|process| changes(scenario, process)),
        ),
        (
            weights.terminate,
            systems(&|_| {
                let reasons = reasons().into_iter();
                reasons.map(SystemMessage::Terminate).collect()
            }),
        ),
        (weights.exit, exits(scenario)),
        (weights.delete, modules(|module| Op::Delete { module })),
        (weights.stick, modules(|module| Op::Stick { module })),
        (weights.unstick, modules(|module| Op::Unstick { module })),
        (weights.children, children(scenario)),
        (weights.kill_supervisor, kills(true)),
    ];
    kinds.into_iter().filter(|(_, ops)| !ops.is_empty())
}

/// Conversions by hand, up from and down to each version.
fn changes(scenario: &Scenario, process: &Process) -> Vec<SystemMessage> {
    let module = scenario.find_module(&process.module);
    let versions = module.map_or(&[][..], |module| &module.versions).iter();
    let both = versions.flat_map(|version| {
        [false, true].map(|down| SystemMessage::ChangeCode {
            vsn: version.vsn.clone(),
            down,
        })
    });
    both.collect()
}

/// Reasons that supervisors tell apart (D2).
fn reasons() -> [Term; 4] {
    let bye = Term::tuple([Term::atom("shutdown"), Term::atom("bye")]);
    [
        Term::atom("normal"),
        Term::atom("shutdown"),
        bye,
        Term::atom("oops"),
    ]
}

fn exits(scenario: &Scenario) -> Vec<Op> {
    let each = scenario.processes.iter().flat_map(|process| {
        reasons().map(|reason| Op::Exit {
            process: process.name.clone(),
            reason,
        })
    });
    each.collect()
}

/// What is done with the children that come and go: each is added as often as it is
/// terminated.
fn children(scenario: &Scenario) -> Vec<Op> {
    let each = scenario.dynamic.iter().flat_map(|child| {
        let start = ChildRequest::Start(child.start.clone());
        let terminate = ChildRequest::Terminate(child.child.clone());
        let others = match &child.child {
            ChildRef::Id(id) => vec![
                ChildRequest::Restart(id.clone()),
                ChildRequest::Delete(id.clone()),
                ChildRequest::GetSpec(child.child.clone()),
            ],
            ChildRef::Whereis(_) => vec![ChildRequest::GetSpec(child.child.clone())],
        };
        let all = [start.clone(), start, terminate.clone(), terminate];
        all.into_iter().chain(others).map(|request| Op::Child {
            supervisor: child.supervisor.clone(),
            request,
        })
    });
    each.collect()
}

/// A look at the state of a process; a supervisor's is OTP's own business.
fn stateful(process: &Process, message: SystemMessage) -> Vec<SystemMessage> {
    match process.supervises {
        Some(_) => Vec::new(),
        None => vec![message],
    }
}

/// What can be asked of the release handler, the steps that lead on more often than
/// the others.
fn releases(scenario: &Scenario) -> Vec<Op> {
    let often = |step| match step {
        ReleaseStep::Install => 4,
        ReleaseStep::Unpack => 3,
        ReleaseStep::MakePermanent => 2,
        ReleaseStep::Check | ReleaseStep::RebootOld | ReleaseStep::Remove => 1,
    };
    let of = |vsn: &String| {
        let vsn = vsn.clone();
        let steps = ReleaseStep::ALL.iter();
        steps.flat_map(move |step| {
            let op = Op::Release {
                step: *step,
                vsn: vsn.clone(),
            };
            std::iter::repeat_n(op, often(*step))
        })
    };
    (scenario.releases.iter())
        .flat_map(|release| of(&release.vsn))
        .collect()
}

/// Each application moved alone to each version that an appup leads to, up or down;
/// there are none without a release.
fn applications(scenario: &Scenario) -> Vec<Op> {
    if scenario.releases.is_empty() {
        return Vec::new();
    }
    let each = scenario.applications.iter().flat_map(|application| {
        let to = |step, version: &ApplicationVersion| Op::Application {
            step,
            application: application.name.clone(),
            vsn: version.vsn.clone(),
        };
        let versions = &application.versions;
        let ups = versions.iter().filter(|version| version.appup.is_some());
        let ups = ups.map(move |version| to(ApplicationStep::Upgrade, version));
        // The appup is that of a later version.
        let downs = versions.iter().enumerate().filter(|(place, _)| {
            let mut later = versions[place + 1..].iter();
            later.any(|version| version.appup.is_some())
        });
        ups.chain(downs.map(move |(_, version)| to(ApplicationStep::Downgrade, version)))
    });
    each.collect()
}

/// What can be started by hand: each process that nobody supervises, and the
/// supervisor where it has a child.
fn starts(scenario: &Scenario) -> Vec<Op> {
    let alone = scenario.processes.iter().filter(|p| p.restart.is_none());
    let supervisor = scenario
        .has_supervisor()
        .then_some(&scenario.supervision.name);
    alone
        .map(|process| &process.name)
        .chain(supervisor)
        .map(|process| Op::Start {
            process: process.clone(),
        })
        .collect()
}

/// Choices of which one is drawn as often as its weight says.
#[derive(Clone, Debug)]
struct Weighted<T> {
    total: u32,
    choices: Vec<(u32, T)>,
}

impl<T> Weighted<T> {
    fn new(choices: impl IntoIterator<Item = (u32, T)>) -> Self {
        let choices: Vec<_> = choices.into_iter().collect();
        Weighted {
            total: choices
                .iter()
                .fold(0, |sum, (weight, _)| sum.saturating_add(*weight)),
            choices,
        }
    }

    /// Draws one; there must be one.
    fn pick(&self, random: &mut TestRng) -> &T {
        let mut at = below(random, self.total);
        for (weight, choice) in &self.choices {
            match at.checked_sub(*weight) {
                None => return choice,
                Some(rest) => at = rest,
            }
        }
        unreachable!("drew past the total of the weights")
    }
}

#[cfg(test)]
mod tests;
