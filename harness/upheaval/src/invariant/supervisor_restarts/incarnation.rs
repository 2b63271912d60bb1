//! One supervisor, from its start to its exit.

use super::{Reason, Rules, Violation};
use crate::history::{Event, ProcessId};
use crate::scenario::Restart;

/// A place in the history, and the time there in milliseconds.
type Moment = (usize, u64);

/// A supervisor and its children, as they are at one point of the history.
pub(super) struct Incarnation {
    process: ProcessId,
    alive: bool,
    children: Vec<Child>,
    /// The restarts it made, one moment each.
    restarts: Vec<Moment>,
    /// When it was resumed last.
    resumed: usize,
    checked: u64,
}

#[derive(Clone, Copy)]
enum Child {
    NotStarted,
    Alive {
        process: ProcessId,
        named: bool,
        since: usize,
    },
    Dead {
        process: ProcessId,
        reason: Reason,
        at: usize,
        next: Next,
    },
}

/// Whether a child that exited is started again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Must,
    May,
    MustNot,
}

impl Incarnation {
    pub(super) fn new(process: ProcessId, children: usize) -> Self {
        Incarnation {
            process,
            alive: true,
            children: vec![Child::NotStarted; children],
            restarts: Vec::new(),
            resumed: 0,
            checked: 0,
        }
    }

    /// The child that a process without a name stands for: one that has to be
    /// restarted, or else one that has not been started yet.
    pub(super) fn missing(&self) -> Option<usize> {
        let awaited = |child: &Child| {
            matches!(
                child,
                Child::Dead {
                    next: Next::Must,
                    ..
                }
            )
        };
        let unstarted = |child: &Child| matches!(child, Child::NotStarted);
        let position = |what: &dyn Fn(&Child) -> bool| self.children.iter().position(what);
        position(&awaited).or_else(|| position(&unstarted))
    }

    pub(super) fn started(
        &mut self,
        rules: &Rules<'_>,
        child: usize,
        process: ProcessId,
        named: bool,
        now: Moment,
    ) -> Result<(), Violation> {
        let (at, _) = now;
        let before = self.children[child];
        self.children[child] = Child::Alive {
            process,
            named,
            since: at,
        };
        match before {
            Child::NotStarted => Ok(()),
            Child::Alive {
                process: first,
                since,
                ..
            } => Err(Violation {
                message: format!(
                    "{} was started again as process {} while process {} of it was alive",
                    self.child(rules, child),
                    process.0,
                    first.0,
                ),
                at,
                evidence: vec![since, at],
            }),
            Child::Dead {
                process: first,
                reason,
                at: exit,
                next,
            } => {
                self.checked += 1;
                if next == Next::MustNot {
                    let after = match reason {
                        Reason::Abnormal => "exited",
                        _ => "ended normally",
                    };
                    return Err(Violation {
                        message: format!(
                            "{} was started again as process {} though process {} of it {after}",
                            self.child(rules, child),
                            process.0,
                            first.0,
                        ),
                        at,
                        evidence: vec![exit, at],
                    });
                }
                self.restarted(rules, now)
            }
        }
    }

    /// Counts a restart, and judges whether it was one too many.
    fn restarted(&mut self, rules: &Rules<'_>, now: Moment) -> Result<(), Violation> {
        self.restarts.push(now);
        let supervision = &rules.scenario.supervision;
        let (intensity, period) = (supervision.intensity, supervision.period);
        let Some(first) = self.restarts.len().checked_sub(intensity as usize + 1) else {
            return Ok(());
        };
        let (at, ms) = now;
        // What is seen this close together was counted within the period,
        // however the seconds were rounded and however late a spawn was seen.
        let surely_within = u64::from(period).saturating_sub(1) * 1000;
        let span = ms.saturating_sub(self.restarts[first].1);
        if span > surely_within {
            return Ok(());
        }
        Err(Violation {
            message: format!(
                "{} made {} restarts within {span} ms, though it bears {intensity} in {period} s",
                rules.history.describe(self.process),
                intensity + 1,
            ),
            at,
            evidence: self.restarts[first..].iter().map(|(at, _)| *at).collect(),
        })
    }

    pub(super) fn child_exited(
        &mut self,
        rules: &Rules<'_>,
        child: usize,
        process: ProcessId,
        at: usize,
        reason: Reason,
    ) {
        let named = match self.children[child] {
            Child::Alive {
                process: alive,
                named,
                ..
            } if self.alive && alive == process => named,
            _ => return,
        };
        let next = match rules.specs[child].restart {
            Restart::Temporary => Next::MustNot,
            _ if !named && reason == Reason::Normal => Next::May,
            Restart::Permanent => Next::Must,
            // A start that failed is tried again, whatever it failed with.
            Restart::Transient if reason != Reason::Abnormal && named => Next::MustNot,
            Restart::Transient => Next::Must,
        };
        self.children[child] = Child::Dead {
            process,
            reason,
            at,
            next,
        };
    }

    pub(super) fn resumed(&mut self, at: usize) {
        self.resumed = at;
    }

    pub(super) fn exited(
        &mut self,
        rules: &Rules<'_>,
        reason: Reason,
        now: Moment,
    ) -> Result<(), Violation> {
        self.alive = false;
        if reason == Reason::Shutdown {
            self.checked += 1;
            self.had_cause(rules, now)?;
            self.left_none_alive(rules, now.0)?;
            self.stopped_in_order(rules, now.0)?;
        }
        Ok(())
    }

    /// It gives up only for one restart more than it bears.
    fn had_cause(&self, rules: &Rules<'_>, (at, ms): Moment) -> Result<(), Violation> {
        let supervision = &rules.scenario.supervision;
        let (intensity, period) = (supervision.intensity, supervision.period);
        let recent = self
            .restarts
            .iter()
            .rev()
            .take_while(|(_, then)| ms.saturating_sub(*then) <= maybe_within(rules));
        let mut evidence: Vec<usize> = recent.map(|(at, _)| *at).collect();
        let made = evidence.len();
        // The restart that was one too many is not made.
        let owed = self.owed().min();
        if made + usize::from(owed.is_some()) > intensity as usize {
            return Ok(());
        }
        evidence.extend(owed);
        evidence.push(at);
        evidence.sort_unstable();
        Err(Violation {
            message: format!(
                "{} gave up after {made} restarts in {} s, {}, though it bears {intensity} in \
                 {period} s",
                rules.history.describe(self.process),
                period + 1,
                match owed {
                    Some(_) => "with one more to make",
                    None => "with none to make",
                },
            ),
            at,
            evidence,
        })
    }

    fn left_none_alive(&self, rules: &Rules<'_>, at: usize) -> Result<(), Violation> {
        for (index, child) in self.children.iter().enumerate() {
            if let Child::Alive { process, since, .. } = child {
                return Err(Violation {
                    message: format!(
                        "{} gave up and left {} alive as process {}",
                        rules.history.describe(self.process),
                        self.child(rules, index),
                        process.0,
                    ),
                    at,
                    evidence: vec![*since, at],
                });
            }
        }
        Ok(())
    }

    /// The children that it stopped exited in reverse start order.
    fn stopped_in_order(&self, rules: &Rules<'_>, at: usize) -> Result<(), Violation> {
        let began = self.began_to_stop();
        let mut stopped: Vec<(usize, usize, ProcessId)> = Vec::new();
        for (index, child) in self.children.iter().enumerate() {
            if let Child::Dead {
                process,
                reason: Reason::Shutdown,
                at,
                ..
            } = *child
                && at > began
                && !received_within(rules, process, began, at)
            {
                stopped.push((at, index, process));
            }
        }
        stopped.sort_unstable_by_key(|(at, ..)| *at);
        for pair in stopped.windows(2) {
            let ((first_at, first, _), (second_at, second, _)) = (pair[0], pair[1]);
            if first < second {
                return Err(Violation {
                    message: format!(
                        "{} gave up and stopped {} before {}, which started later",
                        rules.history.describe(self.process),
                        self.child(rules, first),
                        self.child(rules, second),
                    ),
                    at: second_at,
                    evidence: vec![first_at, second_at, at],
                });
            }
        }
        Ok(())
    }

    /// A moment before which it had certainly stopped no child yet: the last
    /// restart, its last resume, or the exit that made it give up. What exits
    /// `shutdown` of itself can be that exit, too: then it is the first of all.
    fn began_to_stop(&self) -> usize {
        let abnormal = self.children.iter().filter_map(|child| match child {
            Child::Dead { reason, at, .. } if *reason != Reason::Shutdown => Some(*at),
            _ => None,
        });
        let restarted = self.restarts.last().map_or(0, |(at, _)| *at);
        let calm = restarted.max(self.resumed);
        let trigger = abnormal
            .max()
            .or_else(|| self.owed().filter(|at| *at > calm).min());
        calm.max(trigger.unwrap_or(0))
    }

    /// The exits that a restart is still owed for.
    fn owed(&self) -> impl Iterator<Item = usize> + '_ {
        self.children.iter().filter_map(|child| match child {
            Child::Dead {
                at,
                next: Next::Must,
                ..
            } => Some(*at),
            _ => None,
        })
    }

    pub(super) fn settle(&mut self, rules: &Rules<'_>, rest: usize) -> Result<u64, Violation> {
        for (index, child) in self.children.iter().enumerate() {
            let Child::Dead {
                process, at, next, ..
            } = *child
            else {
                continue;
            };
            match next {
                Next::Must if self.alive && !self.may_be_giving_up(rules, at, rest) => {
                    return Err(Violation {
                        message: format!(
                            "{} did not start {} again after process {} exited",
                            rules.history.describe(self.process),
                            self.child(rules, index),
                            process.0,
                        ),
                        at: rest,
                        evidence: vec![at, rest],
                    });
                }
                Next::Must => {}
                Next::May | Next::MustNot => self.checked += 1,
            }
        }
        Ok(self.checked)
    }

    /// Whether it may have begun to give up for the exit at `exit`, and be
    /// waiting at rest for a child that has not come round to ending: the last
    /// one alive, whose order to end then lies in its mailbox.
    fn may_be_giving_up(&self, rules: &Rules<'_>, exit: usize, rest: usize) -> bool {
        let events = rules.history.events();
        let clock = events[..exit].iter().rev().find_map(|event| match event {
            Event::Clock { ms } => Some(*ms),
            _ => None,
        });
        let earliest = clock.unwrap_or(0).saturating_sub(maybe_within(rules));
        let recent = self.restarts.iter().filter(|(_, ms)| *ms >= earliest);
        let last_alive = self.children.iter().rev().find_map(|child| match child {
            Child::Alive { process, .. } => Some(*process),
            _ => None,
        });
        let has_mail = |event: &Event| {
            matches!(event, Event::Final { process, queued, .. }
                if Some(*process) == last_alive && *queued > 0)
        };
        recent.count() + 1 > rules.scenario.supervision.intensity as usize
            && events[rest..].iter().any(has_mail)
    }

    /// A child as a sentence names it: `counter (permanent)`.
    fn child(&self, rules: &Rules<'_>, index: usize) -> String {
        let spec = rules.specs[index];
        let restart = match spec.restart {
            Restart::Permanent => "permanent",
            Restart::Transient => "transient",
            Restart::Temporary => "temporary",
        };
        format!("{} ({restart})", spec.process.name)
    }
}

/// What is seen farther apart than this, in milliseconds, was not counted as
/// within the period, however the seconds were rounded.
fn maybe_within(rules: &Rules<'_>) -> u64 {
    (u64::from(rules.scenario.supervision.period) + 1) * 1000
}

/// Whether a process took a message out of its mailbox between two moments.
fn received_within(rules: &Rules<'_>, process: ProcessId, from: usize, to: usize) -> bool {
    rules.history.events()[from..to]
        .iter()
        .any(|event| matches!(event, Event::Received { process: p, .. } if *p == process))
}
