//! A supervisor restarts what it must, and only that.

mod incarnation;

use incarnation::Incarnation;

use super::dense::entry;
use super::{Invariant, Judgement, Violation};
use crate::history::{Data, Event, History, ProcessId};
use crate::scenario::{Process, Restart, Scenario};

/// *The supervisor starts a child again exactly if its restart type says so,
/// and gives up exactly if it had to restart more often than it bears.*
///
/// - A permanent child that exits is started again by the same supervisor
///   before the system rests, and a transient one unless it ended with
///   `normal`, `shutdown` or `{shutdown,_}`. A temporary one never is, a
///   transient one not after such an end (D2). A purge kill is an exit like any
///   other (D3).
/// - No child is started while it is alive.
/// - Of more than `intensity` restarts within `period` seconds the last is not
///   made: the supervisor stops its children in reverse start order and exits
///   `shutdown` (D4). It does not without that cause, and leaves none alive.
///
/// Each supervisor is judged on its own: one that is started again by hand
/// begins with no restarts to its account.
///
/// Exceptions:
/// - A supervisor that exits owes no restart; where it did not exit `shutdown`,
///   it was killed, and what becomes of its children is not judged.
/// - A supervisor that is at its limit owes none either while it waits for a
///   child to end, which at rest is alive and has something in its mailbox.
/// - A suspended supervisor restarts what exited when it is resumed (B15), so
///   a restart may be as late as the end.
/// - OTP counts in whole seconds, and counts before it spawns. One second is
///   therefore allowed for, both ways.
/// - A child that exits before it takes a name stands for whichever child was
///   missing; if it ends `normal`, its `init` may have said `ignore`, and
///   another start is neither owed nor wrong.
/// - A child that handled a message while the supervisor gave up may have
///   ended `shutdown` of itself, out of turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct SupervisorRestarts;

impl Invariant for SupervisorRestarts {
    fn name(&self) -> &'static str {
        "supervisor_restarts"
    }

    fn statement(&self) -> &'static str {
        "a supervisor restarts a child exactly if its restart type says so (D2), and gives up exactly above its intensity (D4)"
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

/// A child as the scenario specifies it.
#[derive(Clone, Copy)]
struct Spec<'a> {
    process: &'a Process,
    restart: Restart,
}

/// What all incarnations of the supervisor are judged by.
struct Rules<'a> {
    scenario: &'a Scenario,
    history: &'a History,
    /// The child specs, in start order.
    specs: Vec<Spec<'a>>,
}

/// Who a process is to the supervisor.
#[derive(Clone, Copy, Default)]
enum Role {
    /// Nobody.
    #[default]
    None,
    /// It will take the supervisor's name.
    Supervisor,
    /// It is the supervisor, in the incarnation of this index.
    Incarnation(usize),
    /// It will take the name of the child of this index.
    Named(usize),
    /// It is a child (second index) of a supervisor (first index).
    Child(usize, usize),
}

/// Follows the supervisor and its children through a history.
struct Watch<'a> {
    rules: Rules<'a>,
    roles: Vec<Role>,
    incarnations: Vec<Incarnation>,
    /// The clock, in milliseconds.
    now: u64,
}

impl<'a> Watch<'a> {
    fn new(scenario: &'a Scenario, history: &'a History) -> Self {
        let specs: Vec<Spec<'a>> = scenario
            .processes
            .iter()
            .filter_map(|process| process.restart.map(|restart| Spec { process, restart }))
            .collect();
        let by_name: Vec<Role> = history
            .names()
            .iter()
            .map(
                |name| match specs.iter().position(|s| s.process.name == *name) {
                    Some(child) => Role::Named(child),
                    None if *name == scenario.supervision.name => Role::Supervisor,
                    None => Role::None,
                },
            )
            .collect();
        // A process is spawned before it takes the name that says who it is.
        let mut roles = Vec::new();
        for event in history.events() {
            if let Event::Registered { process, name } = event {
                *entry(&mut roles, process.0) = by_name[usize::from(name.0)];
            }
        }
        Watch {
            rules: Rules {
                scenario,
                history,
                specs,
            },
            roles,
            incarnations: Vec::new(),
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
                Event::Resumed { process } => {
                    if let Role::Incarnation(index) = self.role(process) {
                        self.incarnations[index].resumed(at);
                    }
                }
                Event::Exited { process, reason } => self.exited(at, process, reason)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn role(&self, process: ProcessId) -> Role {
        let role = self.roles.get(process.0 as usize);
        role.copied().unwrap_or_default()
    }

    fn spawned(
        &mut self,
        at: usize,
        process: ProcessId,
        parent: Option<ProcessId>,
    ) -> Result<(), Violation> {
        let role = self.role(process);
        if let Role::Supervisor = role {
            let index = self.incarnations.len();
            self.incarnations
                .push(Incarnation::new(process, self.rules.specs.len()));
            *entry(&mut self.roles, process.0) = Role::Incarnation(index);
            return Ok(());
        }
        let Some(Role::Incarnation(index)) = parent.map(|parent| self.role(parent)) else {
            return Ok(());
        };
        let supervisor = &mut self.incarnations[index];
        let (child, named) = match role {
            Role::Named(child) => (Some(child), true),
            _ => (supervisor.missing(), false),
        };
        let Some(child) = child else { return Ok(()) };
        *entry(&mut self.roles, process.0) = Role::Child(index, child);
        supervisor.started(&self.rules, child, process, named, (at, self.now))
    }

    fn exited(&mut self, at: usize, process: ProcessId, reason: Data) -> Result<(), Violation> {
        match self.role(process) {
            Role::Child(index, child) => {
                let reason = Reason::of(self.rules.history, reason);
                self.incarnations[index].child_exited(&self.rules, child, process, at, reason);
                Ok(())
            }
            Role::Incarnation(index) => {
                let reason = Reason::of(self.rules.history, reason);
                self.incarnations[index].exited(&self.rules, reason, (at, self.now))
            }
            _ => Ok(()),
        }
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

/// What matters of an exit reason (D2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    Normal,
    Shutdown,
    /// `{shutdown,_}`.
    ShutdownFor,
    Abnormal,
}

impl Reason {
    fn of(history: &History, reason: Data) -> Self {
        use upheaval_term::Term;
        match history.term(reason) {
            reason if reason.is_atom("normal") => Reason::Normal,
            reason if reason.is_atom("shutdown") => Reason::Shutdown,
            Term::Tuple(elements) if elements.len() == 2 && elements[0].is_atom("shutdown") => {
                Reason::ShutdownFor
            }
            _ => Reason::Abnormal,
        }
    }
}

#[cfg(test)]
mod tests;
