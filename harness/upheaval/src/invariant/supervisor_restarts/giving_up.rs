//! How a supervisor ends: for what cause, and in which order it stops its children.

use super::incarnation::{Child, Incarnation, Moment, Next};
use super::{Reason, Rules, Violation};
use crate::history::{Event, ProcessId};
use crate::scenario::{AutoShutdown, Restart};

impl Incarnation {
    pub(super) fn exited(
        &mut self,
        rules: &Rules<'_>,
        reason: Reason,
        may_be_told: bool,
        now: Moment,
    ) -> Result<(), Violation> {
        self.alive = false;
        if reason != Reason::Shutdown {
            return Ok(());
        }
        self.checked += 1;
        if !may_be_told && !self.interfered && !self.may_end_with_a_child() {
            self.had_cause(rules, now)?;
            self.stopped_in_order(rules, now.0)?;
        }
        self.left_none_alive(rules, now.0)
    }

    /// Whether a significant child has ended in a way that may end it (D6).
    fn may_end_with_a_child(&self) -> bool {
        self.books.auto_shutdown != AutoShutdown::Never
            && self
                .books
                .specs
                .iter()
                .zip(&self.children)
                .any(|(spec, child)| {
                    let Child::Dead { reason, .. } = child else {
                        return false;
                    };
                    let counts = spec.restart == Restart::Temporary || reason.is_an_end();
                    spec.significant && counts
                })
    }

    /// It gives up only for one restart more than it bears. It may have counted long
    /// before it ended: its children take their time to stop.
    fn had_cause(&self, rules: &Rules<'_>, (at, _): Moment) -> Result<(), Violation> {
        let (intensity, period) = (self.books.intensity, self.books.period);
        let ms = clock(rules, self.gave_up());
        let is_recent = |moment: &Moment| ms.saturating_sub(moment.1) <= self.maybe_within();
        let restarts = self.restarts.iter().map(|made| made.moment);
        let tries = restarts.chain(self.failed.iter().copied());
        let mut evidence: Vec<usize> = tries.filter(is_recent).map(|(at, _)| at).collect();
        let made = evidence.len();
        // The restart that was one too many is not made.
        let owed = self.owed().min();
        if made + usize::from(owed.is_some()) > intensity {
            return Ok(());
        }
        // For what had ended when its code changed nobody knows whether it was owed.
        let is_open = |child: &Child| {
            matches!(
                child,
                Child::Dead {
                    next: Next::May,
                    ..
                }
            )
        };
        if self.children.iter().any(is_open) && made + 1 > intensity {
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
                        self.child(index),
                        process.0,
                    ),
                    at,
                    evidence: vec![*since, at],
                });
            }
        }
        Ok(())
    }

    /// The children that it stopped exited in reverse start order (D1); those of a
    /// simple_one_for_one are stopped all at once.
    fn stopped_in_order(&self, rules: &Rules<'_>, at: usize) -> Result<(), Violation> {
        let began = self.began_to_stop();
        let events = rules.history.events();
        let did_something = |event: &Event| matches!(event, Event::OpBegins { .. });
        if self.books.is_simple() || events[began..at].iter().any(did_something) {
            return Ok(());
        }
        let mut stopped: Vec<(usize, usize, ProcessId)> = Vec::new();
        for (index, child) in self.children.iter().enumerate() {
            if let Child::Dead {
                process,
                reason: Reason::Shutdown,
                at,
                ..
            } = *child
                && at > began
                && !self.books.specs[index].is_supervisor
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
                        self.child(first),
                        self.child(second),
                    ),
                    at: second_at,
                    evidence: vec![first_at, second_at, at],
                });
            }
        }
        Ok(())
    }

    /// When it gave up, at the earliest: at the first exit that it owes a restart for, or
    /// right after its last restart, or its last resume, where somebody had exited by then.
    /// An exit that comes later may be that of a child that it stops, and kills where that
    /// takes too long (D7).
    fn gave_up(&self) -> usize {
        let calm = self.calm();
        let began = self.began_to_stop();
        let owed = self.owed().map(|exit| exit.max(calm));
        owed.min().map_or(began, |owed| owed.min(began))
    }

    /// When it was last seen to do its work.
    fn calm(&self) -> usize {
        let restarted = self.restarts.last().map_or(0, |made| made.moment.0);
        restarted.max(self.resumed)
    }

    /// A moment before which it had certainly stopped no child yet: the last
    /// restart, its last resume, or the exit that made it give up. What exits
    /// `shutdown` of itself can be that exit, too: then it is the first of all.
    fn began_to_stop(&self) -> usize {
        let calm = self.calm();
        let abnormal = self.children.iter().filter_map(|child| match child {
            Child::Dead { reason, at, .. } if *reason != Reason::Shutdown => Some(*at),
            _ => None,
        });
        let trigger = abnormal
            .filter(|at| *at > calm)
            .max()
            .or_else(|| self.owed().filter(|at| *at > calm).min());
        calm.max(trigger.unwrap_or(0))
    }

    /// Whether it may be stopping children for the exit at `exit`, and be waiting at
    /// rest for one that has not come round to ending: its order to end then lies in
    /// its mailbox. It does so as it gives up, or with the siblings of a child.
    pub(super) fn may_be_stopping(&self, rules: &Rules<'_>, exit: usize, rest: usize) -> bool {
        let queued = |process: ProcessId| rules.queued.get(process.0 as usize) > Some(&0);
        let mut alive = self.children.iter().filter_map(|child| match child {
            Child::Alive { process, .. } => Some(*process),
            _ => None,
        });
        if self.may_stop_children() {
            return queued(self.process) || alive.any(queued);
        }
        let events = rules.history.events();
        let earliest = clock(rules, exit).saturating_sub(self.maybe_within());
        let restarts = self.restarts.iter().map(|made| made.moment.1);
        let tries = restarts.chain(self.failed.iter().map(|(_, ms)| *ms));
        let recent = tries.filter(|ms| *ms >= earliest);
        let has_mail = |event: &Event| {
            matches!(event, Event::Final { process, queued, .. }
                if Some(*process) == alive.clone().next_back() && *queued > 0)
        };
        recent.count() + 1 > self.books.intensity && events[rest..].iter().any(has_mail)
    }

    /// What is seen farther apart than this, in milliseconds, was not counted as
    /// within the period, however the seconds were rounded.
    fn maybe_within(&self) -> u64 {
        (self.books.period + 1) * 1000
    }
}

/// The time at an event, in milliseconds.
fn clock(rules: &Rules<'_>, at: usize) -> u64 {
    let mut before = rules.history.events()[..at].iter().rev();
    let clock = before.find_map(|event| match event {
        Event::Clock { ms } => Some(*ms),
        _ => None,
    });
    clock.unwrap_or(0)
}

/// Whether a process took a message out of its mailbox between two moments.
fn received_within(rules: &Rules<'_>, process: ProcessId, from: usize, to: usize) -> bool {
    rules.history.events()[from..to]
        .iter()
        .any(|event| matches!(event, Event::Received { process: p, .. } if *p == process))
}
