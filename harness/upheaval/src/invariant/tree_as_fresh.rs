//! After an upgrade the supervision tree is the one that a fresh start gives.

use upheaval_term::Term;

use super::attempts::Attempt;
use super::dense::entry;
use super::{Invariant, Judgement, Reading, Violation};
use crate::history::{Data, Event, History, Moved, ProcessId, Symbol};
use crate::scenario::{Module, Scenario, Switch};

/// *A supervisor that was upgraded has, at rest, the children that a fresh start would give
/// it.*
///
/// A `code_change` of a supervisor asks `init` again, and takes note of what that gives;
/// nobody is started or stopped by it (B13). So an appup has to start what is new, and to
/// stop what is gone:
///
/// - Each child that the last `init` lists has been started, and not in vain: an appup
///   takes no note of an `init` that fails.
/// - No child runs that an earlier one listed, and the last does not.
///
/// Judged are supervisors that were last told in an install of a release, or the move of an
/// application, that said ok.
///
/// Exceptions:
/// - An upgrade of one module has no appup that could start anybody.
/// - A temporary child may have ended as it likes.
/// - Whether a child that was started is alive, its restart type says, and not `init`:
///   that is judged [elsewhere](super::SupervisorRestarts).
/// - The children of a simple_one_for_one, which `init` does not list.
/// - All where an upgrade lacked a module since its artifact was damaged.
/// - A supervisor that the plan has told to start or stop a child, or has ended or held up;
///   and all where the plan stood in the way of that upgrade or of a later one, or where a
///   later one failed.
/// - A child is known by its name, the first argument of its start. A supervisor whose
///   children have other names, or none, is judged only by how many they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct TreeAsFresh;

impl Invariant for TreeAsFresh {
    fn name(&self) -> &'static str {
        "tree_as_fresh"
    }

    fn statement(&self) -> &'static str {
        "a supervisor that was upgraded has the children that a fresh start gives it (B13)"
    }

    fn applies(&self, scenario: &Scenario) -> bool {
        let is_supervisors = |module: &Module| module.switch == Switch::Supervisor;
        !scenario.releases.is_empty() && scenario.modules.iter().any(is_supervisors)
    }

    fn judge(&self, scenario: &Scenario, history: &History) -> Judgement {
        self.judge_read(&Reading::new(scenario, history))
    }

    fn judge_read(&self, reading: &Reading<'_>) -> Judgement {
        let history = reading.history;
        let rest = match history.rest() {
            Ok(rest) => rest,
            Err(reason) => return Judgement::Inconclusive { reason },
        };
        let all = reading.attempts();
        let of_trees = all.iter().filter(|attempt| {
            matches!(attempt.moved, Moved::Release | Moved::Application)
                // Nothing was done by one that was refused.
                && !attempt.is_refused()
        });
        let of_trees: Vec<&Attempt> = of_trees.collect();
        let mut checked = 0;
        if of_trees.is_empty() {
            return Judgement::Held { checked };
        }
        for supervisor in supervisors(history) {
            let Some(told) = supervisor.told.last().map(|(at, _)| *at) else {
                continue;
            };
            let since = of_trees.iter().filter(|attempt| attempt.ends > told);
            let mut since = since.peekable();
            let is_upgraded = since.peek().is_some_and(|first| first.begins < told);
            let is_judged = is_upgraded
                && since.all(|attempt| {
                    let is_whole = attempt.restarted.is_none() && !attempt.is_spoilt;
                    attempt.is_ok() && !attempt.is_obstructed && is_whole
                });
            if !is_judged || supervisor.is_by_hand || !supervisor.is_alive {
                continue;
            }
            match supervisor.judge(history, rest) {
                Ok(looked) => checked += looked,
                Err(violation) => return Judgement::Violated(violation),
            }
        }
        Judgement::Held { checked }
    }
}

/// A process that has been told what it supervises.
#[derive(Default)]
struct Supervisor {
    process: Option<ProcessId>,
    /// Where it was told what, in order.
    told: Vec<(usize, Data)>,
    /// Where the op ended in which it was told last.
    upgraded: usize,
    children: Vec<Child>,
    /// Whether the plan has done something to it.
    is_by_hand: bool,
    is_alive: bool,
}

/// A process that a supervisor started.
struct Child {
    process: ProcessId,
    name: Option<Symbol>,
    spawned: usize,
    /// Where it crashed, or its `init` gave up.
    failed: Option<usize>,
    /// Where it is seen at rest.
    alive: Option<usize>,
}

/// All who were told what they supervise.
fn supervisors(history: &History) -> Vec<Supervisor> {
    let mut all: Vec<Supervisor> = Vec::new();
    let mut parents: Vec<Option<ProcessId>> = Vec::new();
    let mut for_all = false;
    for (at, event) in history.besides_traffic() {
        match *event {
            Event::Restarted => {
                all.clear();
                for_all = false;
            }
            Event::Supervises { process, given } => {
                let supervisor = entry(&mut all, process.0);
                supervisor.process = Some(process);
                supervisor.told.push((at, given));
                supervisor.upgraded = usize::MAX;
            }
            Event::OpEnds { .. } => {
                for supervisor in &mut all {
                    supervisor.upgraded = supervisor.upgraded.min(at);
                }
            }
            Event::Exited { process, reason } => {
                if let Some(child) = child_of(&mut all, &parents, process)
                    && is_failure(&history.term(reason))
                {
                    child.failed = Some(at);
                }
            }
            Event::Spawned {
                process,
                parent: Some(parent),
                ..
            } => {
                *entry(&mut parents, process.0) = Some(parent);
                entry(&mut all, parent.0).children.push(Child {
                    process,
                    name: None,
                    spawned: at,
                    failed: None,
                    alive: None,
                });
            }
            Event::Registered { process, name } => {
                if let Some(child) = child_of(&mut all, &parents, process) {
                    child.name.get_or_insert(name);
                }
            }
            Event::Fault {
                process: Some(process),
            } => entry(&mut all, process.0).is_by_hand = true,
            Event::Fault { process: None } => for_all = true,
            Event::Final { process, .. } => {
                entry(&mut all, process.0).is_alive = true;
                if let Some(child) = child_of(&mut all, &parents, process) {
                    child.alive = Some(at);
                }
            }
            _ => {}
        }
    }
    if for_all {
        all.clear();
    }
    all.retain(|supervisor| !supervisor.told.is_empty());
    all
}

fn child_of<'a>(
    all: &'a mut [Supervisor],
    parents: &[Option<ProcessId>],
    process: ProcessId,
) -> Option<&'a mut Child> {
    let parent = parents.get(process.0 as usize).copied().flatten()?;
    let children = &mut all.get_mut(parent.0 as usize)?.children;
    children.iter_mut().find(|child| child.process == process)
}

impl Supervisor {
    fn judge(&self, history: &History, rest: usize) -> Result<u64, Violation> {
        let (Some(process), Some((told, given))) = (self.process, self.told.last().copied()) else {
            return Ok(0);
        };
        let Some(listed) = listed(&history.term(given)) else {
            return Ok(0);
        };
        let before = self.told[..self.told.len() - 1].iter();
        let before: Vec<String> = before
            .filter_map(|(_, given)| self::listed(&history.term(*given)))
            .flatten()
            .map(|listed| listed.name)
            .collect();
        let name = |child: &Child| child.name.map(|name| history.name(name));
        let is_listed = |child: &&Child| {
            name(child).is_some_and(|name| listed.iter().any(|listed| listed.name == name))
        };
        let stranger = |child: &&Child| child.alive.is_some() && !is_listed(child);
        let mut strangers = self.children.iter().filter(stranger);
        let named = |listed: &Listed| -> Vec<&Child> {
            let is_named = |child: &&Child| name(child) == Some(listed.name.as_str());
            self.children.iter().filter(is_named).collect()
        };
        // Somebody else of that name is listed no more, or never was.
        let is_missing = |listed: &&Listed| {
            named(listed)
                .iter()
                .all(|child| self.was_in_vain(listed, child))
        };
        let missing: Vec<&Listed> = listed.iter().filter(is_missing).collect();
        let who = history.describe(process);
        if strangers.clone().count() < missing.len() {
            let mut evidence = vec![told];
            evidence.extend(named(missing[0]).iter().filter_map(|child| child.failed));
            evidence.push(rest);
            return Err(Violation {
                message: format!(
                    "{who} lists a child {} since it was upgraded, and has never started it{}: a \
                     fresh start would",
                    missing[0].name,
                    if evidence.len() > 2 {
                        " without failure"
                    } else {
                        ""
                    },
                ),
                at: rest,
                evidence,
            });
        }
        let gone = strangers.find(|child| {
            name(child).is_some_and(|name| before.iter().any(|before| before == name))
        });
        if let Some(child) = gone {
            let at = child.alive.unwrap_or(rest);
            return Err(Violation {
                message: format!(
                    "{who} does not list {} any more since it was upgraded, and that is still \
                     alive: after a fresh start it would not be",
                    history.describe(child.process)
                ),
                at,
                evidence: vec![told, at],
            });
        }
        Ok(listed.len() as u64)
    }

    /// Whether a child failed within the op that upgraded its supervisor, where it was
    /// started: one that fails later is started again by the supervisor.
    fn was_in_vain(&self, listed: &Listed, child: &Child) -> bool {
        let told = self.told.last().map_or(0, |(at, _)| *at);
        !listed.is_temporary
            && child.spawned > told
            && child.failed.is_some_and(|failed| failed < self.upgraded)
    }
}

/// Whether a process that ends so did not end well, nor as it was told.
fn is_failure(reason: &Term) -> bool {
    let is_end = |reason: &Term| {
        ["normal", "shutdown", "killed"]
            .iter()
            .any(|end| reason.is_atom(end))
    };
    let of_shutdown = reason.as_tuple().and_then(<[Term]>::first);
    !is_end(reason) && !of_shutdown.is_some_and(|reason| reason.is_atom("shutdown"))
}

/// A child that `init` lists.
struct Listed {
    name: String,
    is_temporary: bool,
}

/// The children that `{ok,{Flags,Specs}}` lists; nothing where they have
/// no names, or are what a simple_one_for_one is told.
fn listed(given: &Term) -> Option<Vec<Listed>> {
    let [ok, what] = given.as_tuple()? else {
        return None;
    };
    let [flags, specs] = what.as_tuple().filter(|_| ok.is_atom("ok"))? else {
        return None;
    };
    let strategy = flags.get("strategy");
    if strategy.is_some_and(|strategy| strategy.is_atom("simple_one_for_one")) {
        return None;
    }
    let listed = |spec: &Term| {
        let [_, _, args] = spec.get("start")?.as_tuple()? else {
            return None;
        };
        let name = args.as_list()?.first()?.as_atom()?;
        let restart = spec.get("restart");
        Some(Listed {
            name: name.as_str().to_owned(),
            is_temporary: restart.is_some_and(|restart| restart.is_atom("temporary")),
        })
    };
    specs.as_list()?.iter().map(listed).collect()
}

#[cfg(test)]
mod tests;
