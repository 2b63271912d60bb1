//! A supervisor restarts what it must, and only that.

mod books;
mod giving_up;
mod incarnation;

use upheaval_term::Term;

use books::Books;
use incarnation::Incarnation;

use super::dense::entry;
use super::{Invariant, Judgement, Violation};
use crate::history::{Answer, Carrier, Data, Event, History, MessageId, ProcessId, Symbol};
use crate::scenario::Scenario;

/// *A supervisor starts a child again exactly if its restart type says so, and gives up
/// exactly if it had to restart more often than it bears, or as its significant children
/// say.*
///
/// Every supervisor of the tree is judged, by what its callback module gave when it
/// started, when it changed code, and by what it was asked to do with its children.
///
/// - A permanent child that exits is started again by the same supervisor
///   before the system rests, and a transient one unless it ended with
///   `normal`, `shutdown` or `{shutdown,_}`. A temporary one never is, a
///   transient one not after such an end (D2). A purge kill is an exit like any
///   other (D3).
/// - No child is started while it is alive.
/// - Of more than `intensity` restarts within `period` seconds the last is not
///   made: the supervisor stops its children in reverse start order and exits
///   `shutdown` (D4). It does not without that cause, or that of a significant child
///   that ended (D6), and leaves none alive.
///
/// Each supervisor is judged on its own: one that is started again begins with no
/// restarts to its account.
///
/// Exceptions:
/// - A supervisor that exits owes no restart; where it did not exit `shutdown`,
///   it was killed, and what becomes of its children is not judged.
/// - A supervisor owes none either while it waits for a child to end: at rest it, or a
///   child that is alive, has something in its mailbox then.
/// - A suspended supervisor restarts what exited when it is resumed (B15), so
///   a restart may be as late as the end; and one whose code changed meanwhile goes by
///   the new specs (B13), so what had ended by then is not judged.
/// - Under one_for_all and rest_for_one a child that ended of itself is started again
///   with its siblings, so that is neither owed nor wrong; and one restart starts
///   several children (D5), so only those of the same child surely count.
/// - A child that is terminated by a request stays dead until it is asked for (D6), and
///   what a request starts is no restart.
/// - A supervisor under another may be stopped by that one: whether it had cause is
///   judged only where its own supervisor restarts each child for itself, and lives on.
/// - A restart that fails may start no process, where the module of the child is gone; the
///   supervisor then tells itself to try again, and that is cause to give up as well. Where
///   a process was started, and failed, it counts for two here.
/// - OTP counts in whole seconds, and counts before it spawns: at the earliest when the
///   first child exited since it started one. One second is allowed for, both ways.
/// - A child that exits before it takes a name stands for whichever child was
///   missing; if it ends `normal`, its `init` may have said `ignore`, and
///   another start is neither owed nor wrong.
/// - The order is not judged where the plan did something meanwhile, of children that
///   are supervisors, and of a child that handled a message while the supervisor gave up:
///   it may have ended `shutdown` of itself, out of turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct SupervisorRestarts;

impl Invariant for SupervisorRestarts {
    fn name(&self) -> &'static str {
        "supervisor_restarts"
    }

    fn statement(&self) -> &'static str {
        "a supervisor restarts a child exactly if its restart type says so (D2), and gives up exactly above its intensity (D4) or with its significant children (D6)"
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        let mut watch = Watch::new(scenario, history);
        let settled = watch.run().and_then(|()| match history.rest() {
            Ok(rest) => watch
                .settle(rest)
                .map(|checked| Judgement::Held { checked }),
            Err(reason) => Ok(Judgement::Inconclusive { reason }),
        });
        settled.unwrap_or_else(Judgement::Violated)
    }
}

/// What all supervisors are judged by.
struct Rules<'a> {
    history: &'a History,
    /// Who has exited by the end.
    exited: Vec<bool>,
    /// How many messages lie in each mailbox at rest.
    queued: Vec<u32>,
}

/// Follows the supervisors and their children through a history.
struct Watch<'a> {
    rules: Rules<'a>,
    scenario: &'a Scenario,
    /// The first name of each process.
    names: Vec<Option<Symbol>>,
    /// The supervisor that each process is a child of, and the one that it is itself: it
    /// can be both.
    parents: Vec<Option<usize>>,
    supervisors: Vec<Option<usize>>,
    incarnations: Vec<Incarnation>,
    /// What was said to supervisors and has not been answered.
    requests: Vec<(MessageId, Data)>,
    /// The clock, in milliseconds.
    now: u64,
}

impl<'a> Watch<'a> {
    fn new(scenario: &'a Scenario, history: &'a History) -> Self {
        let mut names: Vec<Option<Symbol>> = Vec::new();
        let (mut exited, mut queued) = (Vec::new(), Vec::new());
        // A process is spawned before it takes the name that says who it is.
        for (_, event) in history.besides_traffic() {
            match *event {
                Event::Registered { process, name } => {
                    entry(&mut names, process.0).get_or_insert(name);
                }
                Event::Exited { process, .. } => *entry(&mut exited, process.0) = true,
                Event::Final {
                    process, queued: n, ..
                } => *entry(&mut queued, process.0) = n,
                _ => {}
            }
        }
        Watch {
            rules: Rules {
                history,
                exited,
                queued,
            },
            scenario,
            names,
            parents: Vec::new(),
            supervisors: Vec::new(),
            incarnations: Vec::new(),
            requests: Vec::new(),
            now: 0,
        }
    }

    fn run(&mut self) -> Result<(), Violation> {
        for (at, event) in self.rules.history.events().iter().enumerate() {
            match *event {
                Event::Clock { ms } => self.now = ms,
                Event::Spawned {
                    process, parent, ..
                } => self.spawned(at, process, parent)?,
                Event::Supervises { process, given } => self.supervises(process, given),
                Event::Resumed { process } => {
                    if let Some(supervisor) = self.supervisor(process) {
                        supervisor.resumed(at);
                    }
                }
                Event::Interfered { process } => {
                    if let Some(supervisor) = self.supervisor(process) {
                        supervisor.interfered();
                    }
                }
                Event::Sent {
                    message,
                    to: Some(to),
                    carrier: Carrier::Call,
                    payload,
                    ..
                } if self.supervisor(to).is_some() => self.requests.push((message, payload)),
                Event::Sent {
                    from,
                    to,
                    carrier: Carrier::Cast,
                    payload,
                    ..
                } if to == Some(from) => self.told_itself(at, from, payload),
                Event::Received {
                    message, process, ..
                } => self.received(at, message, process),
                Event::Replied { message } => self.replied(at, message),
                Event::Exited { process, reason } => self.exited(at, process, reason)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn supervisor(&mut self, process: ProcessId) -> Option<&mut Incarnation> {
        let index = self
            .supervisors
            .get(process.0 as usize)
            .copied()
            .flatten()?;
        self.incarnations.get_mut(index)
    }

    fn name(&self, process: ProcessId) -> Option<&'a str> {
        let name = self.names.get(process.0 as usize).copied().flatten()?;
        Some(self.rules.history.name(name))
    }

    fn spawned(
        &mut self,
        at: usize,
        process: ProcessId,
        parent: Option<ProcessId>,
    ) -> Result<(), Violation> {
        let name = self.name(process);
        // One that the scenario describes is known before it says what it supervises.
        let described = name.and_then(|name| self.scenario.find_supervision(name));
        if let Some(supervision) = described {
            let books = Books::described(self.scenario, supervision);
            self.begin(process, parent, books);
        }
        let over = parent.and_then(|parent| self.supervisors.get(parent.0 as usize));
        let Some(index) = over.copied().flatten() else {
            return Ok(());
        };
        let supervisor = &mut self.incarnations[index];
        let Some(child) = supervisor.child_of(name) else {
            return Ok(());
        };
        *entry(&mut self.parents, process.0) = Some(index);
        let named = name.is_some();
        supervisor.started(&self.rules, child, process, named, (at, self.now))
    }

    fn begin(&mut self, process: ProcessId, parent: Option<ProcessId>, books: Books) {
        *entry(&mut self.supervisors, process.0) = Some(self.incarnations.len());
        self.incarnations
            .push(Incarnation::new(process, parent, books));
    }

    fn supervises(&mut self, process: ProcessId, given: Data) {
        let Some(books) = Books::given(self.rules.history, given) else {
            return;
        };
        if let Some(supervisor) = self.supervisor(process) {
            return supervisor.told(books);
        }
        let parent = self
            .rules
            .history
            .events()
            .iter()
            .find_map(|event| match event {
                Event::Spawned {
                    process: p, parent, ..
                } if *p == process => Some(*parent),
                _ => None,
            });
        self.begin(process, parent.flatten(), books);
    }

    /// A supervisor casts to itself that it has to try a restart again.
    fn told_itself(&mut self, at: usize, process: ProcessId, payload: Data) {
        let moment = (at, self.now);
        let history = self.rules.history;
        if let Some(supervisor) = self.supervisor(process)
            && is_to_try_again(&history.term(payload))
        {
            supervisor.tried_in_vain(moment);
        }
    }

    fn received(&mut self, at: usize, message: MessageId, process: ProcessId) {
        let request = self.requests.iter().find(|(asked, _)| *asked == message);
        let request = request.map(|(_, data)| self.rules.history.term(*data));
        if let Some(supervisor) = self.supervisor(process) {
            supervisor.asked(message, request.as_ref(), at);
        }
    }

    fn replied(&mut self, at: usize, message: MessageId) {
        let asked = self.requests.len();
        self.requests.retain(|(asked, _)| *asked != message);
        let is_refused = asked > self.requests.len() && self.is_refused(at, message);
        for supervisor in &mut self.incarnations {
            supervisor.replied(message, is_refused);
        }
    }

    /// Whether what a supervisor has just answered is `{error,_}`.
    fn is_refused(&self, at: usize, message: MessageId) -> bool {
        let history = self.rules.history;
        let answer = history.events()[at..].iter().find_map(|event| match event {
            Event::Answered { message: m, answer } if *m == message => Some(*answer),
            _ => None,
        });
        let Some(Answer::Reply(reply)) = answer else {
            return false;
        };
        let reply = history.term(reply);
        matches!(reply.as_tuple(), Some([what, _]) if what.is_atom("error"))
    }

    fn exited(&mut self, at: usize, process: ProcessId, reason: Data) -> Result<(), Violation> {
        let reason = Reason::of(self.rules.history, reason);
        let parent = self.parents.get(process.0 as usize).copied().flatten();
        if let Some(parent) = parent {
            self.incarnations[parent].child_exited(process, (at, self.now), reason);
        }
        let Some(index) = self.supervisors.get(process.0 as usize).copied().flatten() else {
            return Ok(());
        };
        let may_be_told = self.may_be_told(index);
        let supervisor = &mut self.incarnations[index];
        supervisor.exited(&self.rules, reason, may_be_told, (at, self.now))
    }

    /// Whether a supervisor may have been stopped by the one above it.
    fn may_be_told(&self, index: usize) -> bool {
        let Some(parent) = self.incarnations[index].parent() else {
            return false;
        };
        // One above that is not known may do anything.
        let above = self.supervisors.get(parent.0 as usize).copied().flatten();
        let is_steady = above.is_some_and(|above| !self.incarnations[above].may_stop_children());
        !is_steady || self.rules.exited.get(parent.0 as usize) == Some(&true)
    }

    /// Judges what is missing, now that nothing more can come, and counts what
    /// was judged.
    fn settle(&mut self, rest: usize) -> Result<u64, Violation> {
        let mut checked = 0;
        for incarnation in &mut self.incarnations {
            checked += incarnation.settle(&self.rules, rest)?;
        }
        Ok(checked)
    }
}

/// Whether it is `{try_again_restart,Id}`.
fn is_to_try_again(note: &Term) -> bool {
    let note = note.as_tuple();
    note.is_some_and(|note| note.len() == 2 && note[0].is_atom("try_again_restart"))
}

/// What matters of an exit reason (D2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    Normal,
    Shutdown,
    /// `{shutdown,_}`.
    ShutdownFor,
    /// `{shutdown,{failed_to_start_child,_,_}}`: of a supervisor whose start failed.
    FailedStart,
    Abnormal,
}

impl Reason {
    /// Whether a transient child that ended so stays as it is.
    fn is_an_end(self) -> bool {
        matches!(
            self,
            Reason::Normal | Reason::Shutdown | Reason::ShutdownFor
        )
    }

    fn of(history: &History, reason: Data) -> Self {
        match history.term(reason) {
            reason if reason.is_atom("normal") => Reason::Normal,
            reason if reason.is_atom("shutdown") => Reason::Shutdown,
            Term::Tuple(elements) if elements.len() == 2 && elements[0].is_atom("shutdown") => {
                match elements[1].as_tuple() {
                    Some([what, _, _]) if what.is_atom("failed_to_start_child") => {
                        Reason::FailedStart
                    }
                    _ => Reason::ShutdownFor,
                }
            }
            _ => Reason::Abnormal,
        }
    }
}

#[cfg(test)]
mod tests;
