//! An upgrade suspends nobody for long.

use super::dense::entry;
use super::{Invariant, Judgement, Violation};
use crate::history::{Event, History, ProcessId};
use crate::scenario::Scenario;

/// How long the release handler waits where an appup says nothing, in milliseconds (C3).
const OF_RELEASES: u64 = 5000;

/// *Who is suspended and resumed within one op is suspended for no longer than the op can
/// have waited for others.*
///
/// An upgrade waits for nothing but the answers to system messages, each as long as the
/// scenario's [patience](crate::scenario::Patience) says (B5, C8), or the release handler's
/// default (C3). So, in the target's time, a pause takes no longer than that for the process
/// itself, and twice that for each other process that was alive and may not have answered:
/// it is suspended in vain, and told to go on.
///
/// Whom a plan suspends by hand is resumed in another op, and not judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct BoundedPause;

impl Invariant for BoundedPause {
    fn name(&self) -> &'static str {
        "bounded_pause"
    }

    fn statement(&self) -> &'static str {
        "an upgrade suspends a process for no longer than it can have waited for others (B5, C8)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let patience = u64::from(scenario.patience.system);
        let patience = match scenario.releases.is_empty() {
            true => patience,
            false => patience.max(OF_RELEASES),
        };
        let mut watch = Watch {
            suspended: Vec::new(),
            alive: 0,
            now: 0,
            op: 0,
        };
        let mut checked = 0;
        for (at, event) in history.besides_traffic() {
            let Some((process, pause)) = watch.pause(at, event) else {
                continue;
            };
            checked += 1;
            let lasted = watch.now - pause.at_ms;
            let most = patience * (1 + 2 * pause.alive.max(watch.alive));
            if lasted > most {
                return Judgement::Violated(Violation {
                    message: format!(
                        "{} was suspended for {lasted} ms, and {most} ms are the most that an \
                         upgrade can have waited",
                        history.describe(process)
                    ),
                    at,
                    evidence: vec![pause.at, at],
                });
            }
        }
        match history.rest() {
            Ok(_) => Judgement::Held { checked },
            Err(reason) => Judgement::Inconclusive { reason },
        }
    }
}

/// Where a process was suspended, and how it was then.
#[derive(Clone, Copy)]
struct Pause {
    at: usize,
    at_ms: u64,
    op: u32,
    alive: u64,
}

struct Watch {
    suspended: Vec<Option<Pause>>,
    /// How many processes are alive.
    alive: u64,
    now: u64,
    /// Counts the ops, and the times between them.
    op: u32,
}

impl Watch {
    /// The pause that an event ends within its op, and whose it was.
    fn pause(&mut self, at: usize, event: &Event) -> Option<(ProcessId, Pause)> {
        match *event {
            Event::Clock { ms } => self.now = ms,
            Event::OpBegins { .. } | Event::OpEnds { .. } => self.op += 1,
            Event::Spawned { .. } => self.alive += 1,
            Event::Exited { process, .. } => {
                self.alive -= 1;
                *entry(&mut self.suspended, process.0) = None;
            }
            Event::Suspended { process } => {
                *entry(&mut self.suspended, process.0) = Some(Pause {
                    at,
                    at_ms: self.now,
                    op: self.op,
                    alive: self.alive,
                });
            }
            Event::Resumed { process } => {
                let pause = entry(&mut self.suspended, process.0).take()?;
                return (pause.op == self.op).then_some((process, pause));
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests;
