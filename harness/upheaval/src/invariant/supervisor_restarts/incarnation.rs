//! One supervisor, from its start to its exit.

use upheaval_term::Term;

use super::books::{Books, Spec};
use super::{Reason, Rules, Violation};
use crate::history::{MessageId, ProcessId};
use crate::scenario::{Restart, Strategy};

/// A place in the history, and the time there in milliseconds.
pub(super) type Moment = (usize, u64);

/// A supervisor and its children, as they are at one point of the history.
pub(super) struct Incarnation {
    pub(super) process: ProcessId,
    parent: Option<ProcessId>,
    pub(super) alive: bool,
    pub(super) books: Books,
    /// In the order of the books.
    pub(super) children: Vec<Child>,
    /// The starts that restarts made.
    pub(super) restarts: Vec<Restarted>,
    /// When the first of its children exited after its last start of one, in milliseconds;
    /// and whether it has started one since.
    cause: Option<(u64, bool)>,
    /// When it found that a restart had failed.
    pub(super) failed: Vec<Moment>,
    /// How many of the restarts were made under another strategy.
    former: usize,
    /// When it was resumed last.
    pub(super) resumed: usize,
    /// What it is just asked to do, and since when.
    request: Option<(MessageId, Request, usize)>,
    /// Whether it was ever asked to terminate a child, or changed code.
    has_stopped_children: bool,
    /// Whether the plan answers for what becomes of it.
    pub(super) interfered: bool,
    pub(super) checked: u64,
}

/// A start that a restart made.
#[derive(Clone, Copy)]
pub(super) struct Restarted {
    pub(super) moment: Moment,
    child: usize,
    /// Before this, in milliseconds, it was not counted: nobody had exited.
    earliest: u64,
}

#[derive(Clone, Copy)]
pub(super) enum Child {
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
pub(super) enum Next {
    Must,
    May,
    MustNot,
}

/// A request that has to do with starts and exits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Request {
    /// `start_child` or `restart_child`.
    Start,
    /// `terminate_child` of that child.
    Terminate(Option<usize>),
}

impl Incarnation {
    pub(super) fn new(process: ProcessId, parent: Option<ProcessId>, books: Books) -> Self {
        Incarnation {
            process,
            parent,
            alive: true,
            children: vec![Child::NotStarted; books.specs.len()],
            books,
            restarts: Vec::new(),
            cause: None,
            failed: Vec::new(),
            former: 0,
            resumed: 0,
            request: None,
            has_stopped_children: false,
            interfered: false,
            checked: 0,
        }
    }

    pub(super) fn parent(&self) -> Option<ProcessId> {
        self.parent
    }

    /// Whether it may have stopped a child that was alive, and gone on itself.
    pub(super) fn may_stop_children(&self) -> bool {
        self.books.is_group() || self.has_stopped_children
    }

    /// Its callback module says what it supervises: at its start, or as its code changes
    /// (B13). Old children of the same id stay who they are, and those that are no
    /// longer named stay behind the others.
    pub(super) fn told(&mut self, new: Books) {
        if self.children.iter().all(|c| matches!(c, Child::NotStarted)) && self.restarts.is_empty()
        {
            self.children = vec![Child::NotStarted; new.specs.len()];
            self.books = new;
            return;
        }
        self.has_stopped_children = true;
        if new.strategy != self.books.strategy {
            self.former = self.restarts.len();
        }
        let old = std::mem::replace(&mut self.books, new);
        let mut children = vec![Child::NotStarted; self.books.specs.len()];
        let mut places = Vec::with_capacity(old.specs.len());
        for (spec, child) in old.specs.into_iter().zip(&self.children) {
            let place = match self.books.by_id(&spec.id) {
                Some(place) => place,
                None => {
                    self.books.specs.push(spec);
                    children.push(Child::NotStarted);
                    children.len() - 1
                }
            };
            // By which specs it goes for what has ended already is left open.
            children[place] = match *child {
                Child::Dead {
                    process,
                    reason,
                    at,
                    ..
                } => Child::Dead {
                    process,
                    reason,
                    at,
                    next: Next::May,
                },
                child => child,
            };
            places.push(place);
        }
        for Restarted { child, .. } in &mut self.restarts {
            *child = places.get(*child).copied().unwrap_or(usize::MAX);
        }
        self.children = children;
    }

    /// The child that a process is.
    pub(super) fn find(&self, process: ProcessId) -> Option<usize> {
        let is_it = |child: &Child| {
            matches!(*child, Child::Alive { process: p, .. } | Child::Dead { process: p, .. }
                if p == process)
        };
        self.children.iter().position(is_it)
    }

    /// The child that a process stands for, by the name that it will take; for one
    /// without a name, one that has to be restarted, or else one that has not been
    /// started yet.
    pub(super) fn child_of(&mut self, name: Option<&str>) -> Option<usize> {
        let Some(name) = name else {
            let position = |what: &dyn Fn(&Child) -> bool| self.children.iter().position(what);
            return position(&|child| {
                matches!(
                    child,
                    Child::Dead {
                        next: Next::Must,
                        ..
                    }
                )
            })
            .or_else(|| position(&|child| matches!(child, Child::NotStarted)));
        };
        self.books.by_name(name).or_else(|| {
            let instance = self.books.instance(name)?;
            Some(self.add(instance))
        })
    }

    fn add(&mut self, spec: Spec) -> usize {
        self.books.specs.push(spec);
        self.children.push(Child::NotStarted);
        self.children.len() - 1
    }

    /// It begins to handle a message.
    pub(super) fn asked(&mut self, message: MessageId, request: Option<&Term>, at: usize) {
        self.request = None;
        let Some([Term::Atom(what), of]) = request.and_then(Term::as_tuple) else {
            return;
        };
        let request = match what.as_str() {
            "start_child" => {
                self.is_to_start(of);
                Request::Start
            }
            "restart_child" => Request::Start,
            "terminate_child" => {
                let child = match of {
                    Term::Pid(pid) => self.find(ProcessId(pid.id)),
                    id => self.books.by_id(id),
                };
                self.has_stopped_children = true;
                // What has ended already is not started again either.
                if let Some(Child::Dead { next, .. }) = child.map(|c| &mut self.children[c]) {
                    *next = Next::May;
                }
                Request::Terminate(child)
            }
            _ => return,
        };
        self.request = Some((message, request, at));
    }

    /// A spec that is added, unless there is a child of that id.
    fn is_to_start(&mut self, spec: &Term) {
        if self.books.is_simple() {
            return;
        }
        let Some(spec) = Spec::of(spec) else { return };
        match self.books.by_id(&spec.id) {
            None => {
                self.add(spec);
            }
            // It may have been forgotten or deleted: then this is another child.
            Some(place) => {
                if let Child::Dead { next, .. } = &mut self.children[place] {
                    *next = Next::May;
                }
            }
        }
    }

    /// It answers a request. What that was to start, and it says it has not, may end only
    /// after it has said so.
    pub(super) fn replied(&mut self, message: MessageId, is_refused: bool) {
        let Some((_, request, asked)) = self.request.filter(|(of, ..)| *of == message) else {
            return;
        };
        self.request = None;
        if !is_refused || request != Request::Start {
            return;
        }
        for child in &mut self.children {
            if let Child::Alive { process, since, .. } = *child
                && since > asked
            {
                *child = Child::Dead {
                    process,
                    reason: Reason::Abnormal,
                    at: since,
                    next: Next::May,
                };
            }
        }
    }

    pub(super) fn tried_in_vain(&mut self, now: Moment) {
        self.failed.push(now);
    }

    pub(super) fn interfered(&mut self) {
        self.interfered = true;
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
        let is_asked = matches!(self.request, Some((_, Request::Start, _)));
        if let Some((_, has_started)) = &mut self.cause {
            *has_started = true;
        }
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
                    self.child(child),
                    process.0,
                    first.0,
                ),
                at,
                evidence: vec![since, at],
            }),
            Child::Dead { .. } if is_asked => Ok(()),
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
                            self.child(child),
                            process.0,
                            first.0,
                        ),
                        at,
                        evidence: vec![exit, at],
                    });
                }
                self.restarted(rules, child, now)
            }
        }
    }

    /// Counts a restart, and judges whether it was one too many.
    fn restarted(&mut self, rules: &Rules<'_>, child: usize, now: Moment) -> Result<(), Violation> {
        let cause = self.cause.map_or(now.1, |(ms, _)| ms);
        self.restarts.push(Restarted {
            moment: now,
            child,
            earliest: cause,
        });
        let (intensity, period) = (self.books.intensity, self.books.period);
        // A restart of several children starts each of them once (D5).
        let is_group = self.books.is_group();
        let counted: Vec<Restarted> = self.restarts[self.former..]
            .iter()
            .filter(|restarted| !is_group || restarted.child == child)
            .copied()
            .collect();
        let Some(first) = counted.len().checked_sub(intensity + 1) else {
            return Ok(());
        };
        let (at, ms) = now;
        // What is seen this close together was counted within the period,
        // however the seconds were rounded and however late a spawn was seen.
        let surely_within = period.saturating_sub(1) * 1000;
        let span = ms.saturating_sub(counted[first].earliest);
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
            evidence: counted[first..].iter().map(|made| made.moment.0).collect(),
        })
    }

    pub(super) fn child_exited(&mut self, process: ProcessId, (at, ms): Moment, reason: Reason) {
        let Some(child) = self.find(process) else {
            return;
        };
        if self.cause.is_none_or(|(_, has_started)| has_started) {
            self.cause = Some((ms, false));
        }
        let (named, since) = match self.children[child] {
            Child::Alive {
                process: alive,
                named,
                since,
            } if self.alive && alive == process => (named, since),
            _ => return,
        };
        let restart = self.books.specs[child].restart;
        let is_terminated = matches!(
            self.request,
            Some((_, Request::Terminate(Some(of)), _)) if of == child
        );
        // What a request starts, and ends before it is answered, was not started.
        let is_tried = matches!(self.request, Some((_, Request::Start, asked)) if since > asked);
        // With its siblings it can come back in any case.
        let stays = match self.books.strategy {
            Strategy::OneForAll | Strategy::RestForOne => Next::May,
            _ => Next::MustNot,
        };
        let next = match restart {
            Restart::Temporary => Next::MustNot,
            _ if is_terminated => stays,
            _ if is_tried => Next::May,
            _ if !named && reason == Reason::Normal => Next::May,
            Restart::Permanent => Next::Must,
            // A start that failed is tried again, whatever it failed with.
            Restart::Transient if reason.is_an_end() && named => stays,
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

    /// The exits that a restart is still owed for.
    pub(super) fn owed(&self) -> impl Iterator<Item = usize> + '_ {
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
                Next::Must if self.alive && !self.may_be_stopping(rules, at, rest) => {
                    return Err(Violation {
                        message: format!(
                            "{} did not start {} again after process {} exited",
                            rules.history.describe(self.process),
                            self.child(index),
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

    /// A child as a sentence names it: `counter (permanent)`.
    pub(super) fn child(&self, index: usize) -> String {
        let spec = &self.books.specs[index];
        let restart = match spec.restart {
            Restart::Permanent => "permanent",
            Restart::Transient => "transient",
            Restart::Temporary => "temporary",
        };
        format!("{} ({restart})", spec.name)
    }
}
