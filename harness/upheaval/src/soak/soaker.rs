//! The soak itself.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_128;

use super::books::Books;
use super::desk::Desk;
use super::journal::{Header, Journal};
use super::lock::Lock;
use super::part::Record;
use super::shapes::Shapes;
use super::units::{BLOCK, Unit, Units};
use super::{Shard, SoakError, Totals};
use crate::history::DigestChain;
use crate::plan::case_seed;
use crate::run::{Claim, Executor, Failure, Runner};
use crate::target::TargetError;
use crate::worker::{Isolated, Isolation};

/// After how long what is done is written down although the unit is not: at most so much
/// is run again by whoever was killed.
const PART: Duration = Duration::from_secs(1);

/// How many parts may be done and not written down yet.
const AHEAD: usize = 16;

/// Where the modules are kept, below the soak's folder.
const MODULES: &str = "modules";

/// One of the scenarios of a soak.
#[derive(Debug)]
pub struct SoakScenario {
    /// What judges its cases.
    pub runner: Runner,
    /// How its workers are started.
    pub isolation: Isolation,
}

/// Runs case after case in worker processes until a time is up, and keeps what is violated.
#[derive(Debug)]
pub struct Soak {
    scenarios: Vec<SoakScenario>,
    pub(super) folder: PathBuf,
    header: Header,
    seed: u64,
    shard: Shard,
    _lock: Lock,
}

/// What a soak has to say while it runs.
#[derive(Debug)]
pub enum News {
    /// The journal had a torn end, which was cut off.
    Mended {
        /// The journal.
        path: PathBuf,
        /// How many bytes of it are left.
        whole: u64,
        /// How many bytes were cut off.
        torn: u64,
    },
    /// It goes on where an earlier one ended.
    Resumed {
        /// How many cases that one had done.
        cases: u64,
        /// How long it had taken.
        spent: Duration,
    },
    /// Something was violated as it never was before.
    Kept {
        /// What, shrunk.
        failure: Box<Failure>,
        /// The plan's file.
        path: PathBuf,
    },
    /// So many cases are done, by this soak and those before it.
    Progress {
        /// All of them.
        cases: u64,
        /// Those of them in which something was violated.
        violations: u64,
        /// How long it has taken.
        spent: Duration,
    },
}

/// What a soak and those that it went on from came to.
#[derive(Debug)]
pub struct SoakReport {
    /// What the cases came to, by scenario.
    pub totals: Vec<Totals>,
    /// The plan files that were written, by this soak and those before it.
    pub kept: Vec<PathBuf>,
    /// How long all that took.
    pub spent: Duration,
    /// What ended it before its time.
    pub error: Option<SoakError>,
}

impl Soak {
    /// Takes a folder, which is made if there is none, and puts copies of the modules
    /// there, so that they stay as they are whatever is built meanwhile.
    ///
    /// # Errors
    /// Another soak is at work there, or something cannot be written.
    pub fn new(
        mut scenarios: Vec<SoakScenario>,
        folder: &Path,
        seed: u64,
        shard: Shard,
    ) -> Result<Soak, SoakError> {
        let lock = Lock::take(folder)?;
        let mut modules = Vec::new();
        for scenario in &mut scenarios {
            let built = &mut scenario.isolation.built;
            *built = built.copy_to(&folder.join(MODULES))?;
            for (_, _, path) in &built.files {
                modules.extend(
                    path.file_name()
                        .map(|name| name.to_os_string().into_encoded_bytes()),
                );
            }
        }
        // The files are named after what is in them.
        let modules = format!("{:032x}", xxh3_128(&modules.concat()));
        let names = scenarios.iter().map(|s| s.runner.scenario().name.clone());
        Ok(Soak {
            header: Header::new(names.collect(), seed, shard, modules),
            scenarios,
            folder: folder.into(),
            seed,
            shard,
            _lock: lock,
        })
    }
}

impl Soak {
    /// Goes on where the journal ends, until all soaks of the folder together have taken
    /// so long. Plans are kept in the soak's folder, and in `regressions` as well.
    ///
    /// # Errors
    /// The journal is of other cases, or cannot be used. What stops it later stands in
    /// the report: what was found until then counts all the same.
    pub fn run(
        &self,
        time: Duration,
        workers: usize,
        regressions: Option<&Path>,
        mut say: impl FnMut(News),
    ) -> Result<SoakReport, SoakError> {
        let started = Instant::now();
        let names = self.scenarios.iter().map(|s| &s.runner.scenario().name);
        let scenarios = names.cloned().zip((0..).map(|i| self.claims(i)));
        let mut books = Books::new(scenarios.collect());
        let known = |record: Record| books.add(&record);
        let (journal, mended) = Journal::open(&self.folder, &self.header, known)?;
        if let Some(mended) = mended {
            say(News::Mended {
                path: mended.path,
                whole: mended.whole,
                torn: mended.torn,
            });
        }
        let (cases, spent) = (books.cases(), books.spent);
        if cases > 0 {
            say(News::Resumed { cases, spent });
        }
        let left = time.saturating_sub(spent);
        let shared = Shared {
            units: Mutex::new(std::mem::take(&mut books.units)),
            shapes: Mutex::default(),
            is_stopped: AtomicBool::new(left.is_zero()),
            end: started.checked_add(left),
        };
        let error = thread::scope(|scope| {
            let (sender, parts) = sync_channel(AHEAD);
            for _ in 0..workers {
                let (sender, shared) = (sender.clone(), &shared);
                scope.spawn(move || self.work(shared, &sender));
            }
            drop(sender);
            let mut desk = Desk {
                soak: self,
                books: &mut books,
                journal,
                regressions,
                before: spent,
                started,
            };
            let error = desk.write_down(parts, &shared, &mut say).err();
            shared.is_stopped.store(true, Ordering::Relaxed);
            error
        });
        Ok(SoakReport {
            totals: books.totals,
            kept: books
                .kept
                .iter()
                .map(|name| self.folder.join(name))
                .collect(),
            spent: spent
                + if left.is_zero() {
                    left
                } else {
                    started.elapsed()
                },
            error,
        })
    }

    /// Takes unit after unit, until the time is up.
    fn work(&self, shared: &Shared, sender: &SyncSender<Part>) {
        let scenarios = self.scenarios.iter();
        let mut executors: Vec<_> = scenarios
            .map(|scenario| Isolated::new(&scenario.runner, &scenario.isolation))
            .collect();
        while !shared.is_over() {
            let mut unit = shared.with_units(Units::take);
            while unit.from < BLOCK && !shared.is_over() {
                let executor = &mut executors[self.scenario(unit.number)];
                let part = self.part(shared, executor, unit);
                unit.from += part.totals.cases as u32;
                let is_last = part.error.is_some();
                // Nobody listens any more once something went wrong.
                if sender.send(part).is_err() || is_last {
                    return;
                }
            }
        }
    }

    /// Runs cases of a unit: all that are left, or those of a second, or up to one that
    /// has to be kept.
    fn part(&self, shared: &Shared, executor: &mut Isolated<'_>, unit: Unit) -> Part {
        let begun = Instant::now();
        let scenario = self.scenario(unit.number);
        let runner = &self.scenarios[scenario].runner;
        let claims = self.claims(scenario);
        let mut part = Part {
            unit,
            totals: Totals::new(&runner.scenario().name, &claims),
            digests: DigestChain::new(),
            failures: Vec::new(),
            error: None,
        };
        let first = self.first_case(unit.number);
        for case in unit.from..BLOCK {
            if !part.failures.is_empty() || begun.elapsed() >= PART || shared.is_over() {
                break;
            }
            let seed = case_seed(self.seed, first + u64::from(case));
            let mut judged = match executor.case(seed, runner.is_rechecked(seed)) {
                Ok(judged) => judged,
                Err(error) => {
                    part.error = Some(error);
                    break;
                }
            };
            part.failures = runner.shrink_all(executor, &claims, &mut judged, |claim, breach| {
                shared.with_shapes(|shapes| shapes.is_worth_it(scenario, claim, breach))
            });
            part.digests.push(judged.digest);
            part.totals.cases += 1;
            part.totals.counts += judged.counts;
            part.totals.tally.add(&judged.judgements);
        }
        part
    }

    /// The scenarios take turns.
    pub(super) fn scenario(&self, unit: u64) -> usize {
        (unit % self.scenarios.len() as u64) as usize
    }

    /// The number of a unit's first case, among all of its scenario's.
    fn first_case(&self, unit: u64) -> u64 {
        self.shard.block(unit / self.scenarios.len() as u64) * u64::from(BLOCK)
    }

    fn claims(&self, scenario: usize) -> Vec<Claim> {
        self.scenarios[scenario].runner.claims(true)
    }
}

/// The cases of a unit that were run in one go.
pub(super) struct Part {
    pub(super) unit: Unit,
    pub(super) totals: Totals,
    pub(super) digests: DigestChain,
    pub(super) failures: Vec<Failure>,
    pub(super) error: Option<TargetError>,
}

/// What the threads of a soak share.
pub(super) struct Shared {
    units: Mutex<Units>,
    shapes: Mutex<Shapes>,
    is_stopped: AtomicBool,
    /// None where it is too far off to be told.
    end: Option<Instant>,
}

impl Shared {
    fn is_over(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed) || self.end.is_some_and(|end| Instant::now() >= end)
    }

    pub(super) fn with_units<T>(&self, body: impl FnOnce(&mut Units) -> T) -> T {
        body(&mut self.units.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with_shapes<T>(&self, body: impl FnOnce(&mut Shapes) -> T) -> T {
        body(&mut self.shapes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
