//! Whom an op concerns, what each of them was doing as it began, and what came of it.

use upheaval_node::{Node, Pid};
use upheaval_term::Term;

use crate::coverage::{
    Cell, Concerned, Deed, Doing, Forbidden, Kind, Outcome, RULES, Reached, Strength, modules_of,
    subject,
};
use crate::plan::Op;
use crate::scenario::{Process, Scenario};

/// What is seen as an op begins.
pub(super) struct Witness {
    deed: Deed,
    seen: Vec<Seen>,
}

/// A process, and what it was doing; no pid while it is to be started again.
struct Seen {
    pid: Option<Pid>,
    subject: u8,
    kind: Kind,
    doings: Doings,
}

/// A set of them.
#[derive(Clone, Copy, Default)]
struct Doings(u16);

impl Witness {
    /// Looks at whom an op concerns. Nothing where it concerns nobody.
    pub(super) fn of(scenario: &Scenario, node: &Node, op: &Op) -> Option<Witness> {
        let (deed, concerned) = Deed::of(op)?;
        let mut seen: Vec<Seen> = Vec::new();
        let mut see = |one: Option<Seen>| {
            let is_known = |pid: Option<Pid>| pid.is_some() && seen.iter().any(|s| s.pid == pid);
            if let Some(one) = one
                && !is_known(one.pid)
            {
                seen.push(one);
            }
        };
        let missing = |process: &Process| missing(scenario, node, process);
        let see_module = |module: &str, see: &mut dyn FnMut(Option<Seen>)| {
            let running = node.running(module);
            running.for_each(|pid| see(alive(scenario, node, pid)));
            for process in scenario.processes.iter().filter(|p| p.module == module) {
                see(match node.whereis(&process.name) {
                    // A supervisor runs its callback module only when it asks it.
                    Some(pid) => alive(scenario, node, pid),
                    None => missing(process),
                });
            }
        };
        match concerned {
            Concerned::Process(name) => see(match node.whereis(name) {
                Some(pid) => alive(scenario, node, pid),
                None => scenario.find_process(name).and_then(missing),
            }),
            Concerned::Module(module) => see_module(module, &mut see),
            Concerned::Application(name) => {
                for module in modules_of(scenario, name) {
                    see_module(module, &mut see);
                }
            }
            Concerned::Everybody => {
                node.alive().for_each(|pid| see(alive(scenario, node, pid)));
                let gone = |process: &&Process| node.whereis(&process.name).is_none();
                for process in scenario.processes.iter().filter(gone) {
                    see(missing(process));
                }
            }
        }
        Some(Witness { deed, seen })
    }

    /// The op is over: adds the cells that were reached, by their numbers.
    pub(super) fn ends(self, node: &Node, result: &Term, reached: &mut Vec<Reached>) {
        let said = self.deed.outcome(result);
        for one in self.seen {
            let (pid, doings) = (one.pid, one.doings);
            let has_ended = pid.is_some_and(|pid| !node.is_alive(pid));
            for doing in doings.iter() {
                let cell = |outcome| Cell {
                    behaviour: one.kind,
                    doing,
                    deed: self.deed,
                    outcome,
                };
                // What no such op ends has ended by something else meanwhile.
                let ended = cell(Outcome::Ended);
                let never =
                    |rule: &Forbidden| rule.strength == Strength::Never && rule.covers(ended);
                let cell = match has_ended && !RULES.iter().any(never) {
                    true => ended,
                    false => cell(said),
                };
                reached.push(Reached {
                    subject: one.subject,
                    cell: cell.index(),
                });
            }
        }
    }
}

fn alive(scenario: &Scenario, node: &Node, pid: Pid) -> Option<Seen> {
    let doing = node.doing(pid)?;
    let mut doings = Doings::default();
    let frozen = node.is_frozen(pid);
    for (holds, which) in [
        (!frozen && doing.in_callback, Doing::InCallback),
        (!frozen && doing.in_call, Doing::Blocked),
        (!frozen && doing.suspended, Doing::Suspended),
        (!frozen && doing.hibernates, Doing::Hibernating),
        (!frozen && doing.has_timer, Doing::TimerPending),
        (!frozen && doing.starts, Doing::Restarting),
        (doing.lingers, Doing::OldCode),
        (frozen, Doing::Frozen),
    ] {
        if holds {
            doings.add(which);
        }
    }
    if doings.0 == 0 {
        doings.add(Doing::Idle);
    }
    Some(Seen {
        pid: Some(pid),
        subject: subject(scenario, node.module_name(pid)?, |process| {
            node.whereis(&process.name) == Some(pid)
        }),
        kind: Kind::of(doing.behaviour)?,
        doings,
    })
}

/// A process that is not there, where its supervisor is about to start it again.
fn missing(scenario: &Scenario, node: &Node, process: &Process) -> Option<Seen> {
    let supervisor = node.whereis(scenario.parent_of(process)?)?;
    if !node.restarts(supervisor) {
        return None;
    }
    let kind = match scenario.is_supervisor(process) {
        true => Kind::Supervisor,
        false => Kind::of(node.behaviour_of(&process.module)?)?,
    };
    let mut doings = Doings::default();
    doings.add(Doing::Restarting);
    let module = match kind {
        Kind::Supervisor => "supervisor",
        _ => &process.module,
    };
    Some(Seen {
        pid: None,
        subject: subject(scenario, module, |one| one.name == process.name),
        kind,
        doings,
    })
}

impl Doings {
    fn add(&mut self, doing: Doing) {
        self.0 |= 1 << doing as u8;
    }

    fn iter(self) -> impl Iterator<Item = Doing> {
        let has = move |doing: &Doing| self.0 & 1 << *doing as u8 != 0;
        Doing::ALL.into_iter().filter(has)
    }
}
