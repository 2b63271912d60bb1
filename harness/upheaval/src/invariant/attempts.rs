//! What each upgrade of a history came to, and whether the plan stood in its way.

use upheaval_term::Term;

use super::dense::entry;
use crate::history::{Code, Event, History, Moved, ProcessId, Symbol};
use crate::scenario::{Scenario, Switch};

/// Within an upgrade that takes longer than this, in milliseconds, or than a suspend is
/// waited for, somebody may not have answered (C8).
const PROMPT: u64 = 500;

/// Why something is refused before anything is done: the plan asked for what is not there,
/// or what its author wants to wait for somebody (C14, C15).
const REFUSALS: [&str; 13] = [
    "no_such_release",
    "already_installed",
    "no_matching_relup",
    "enoent",
    "bad_status",
    "permanent",
    "old_processes",
    "app_not_running",
    "no_appup_found",
    "version_not_in_appup",
    "no_app_found",
    "no_valid_version",
    "badmatch",
];

/// What is answered where a fault has no effect: what is to be started is there, or what is
/// asked for is not known.
const VOID: [&str; 6] = [
    "already_started",
    "already_present",
    "running",
    "not_found",
    "noproc",
    "unknown_system_msg",
];

/// An op that moves code.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) moved: Moved,
    pub(super) name: Symbol,
    pub(super) vsn: Symbol,
    /// Where it is said what it is.
    pub(super) begins: usize,
    /// Where the op ends.
    pub(super) ends: usize,
    /// What it returned.
    pub(super) result: Term,
    /// Where the node restarted meanwhile.
    pub(super) restarted: Option<usize>,
    /// Whether a module was not brought whose artifact the plan had damaged.
    pub(super) is_spoilt: bool,
    /// Whether an artifact was found to be missing before anything was done.
    is_unread: bool,
    /// Whether something that the plan did before may have kept it from succeeding.
    pub(super) is_obstructed: bool,
    /// Whether it took so long that somebody may not have answered.
    pub(super) is_long: bool,
    /// The modules that plan and traffic have loaded or deleted outside of upgrades.
    pub(super) by_hand: Vec<Symbol>,
}

impl Attempt {
    /// Whether it came to its end well, as OTP says it: `ok`, or `{ok,_}` and the like.
    pub(super) fn is_ok(&self) -> bool {
        is_ok(&self.result)
    }

    /// Whether it was refused before anything was done.
    pub(super) fn is_refused(&self) -> bool {
        self.is_unread || is_refused(&self.result)
    }
}

/// All upgrades of a history that came to their ends.
pub(super) fn attempts(scenario: &Scenario, history: &History) -> Vec<Attempt> {
    let is_upgrade = |event: &Event| matches!(event, Event::Upgrades { .. });
    if !history
        .besides_traffic()
        .any(|(_, event)| is_upgrade(event))
    {
        return Vec::new();
    }
    let mut reader = Reader {
        scenario,
        history,
        hand: Hand::default(),
        supervisors: Vec::new(),
        parents: Vec::new(),
        current: Vec::new(),
        now: 0,
        has_begun: false,
        doing: Doing::Nothing,
        open: None,
        done: Vec::new(),
    };
    for (at, event) in history.besides_traffic() {
        reader.read(at, event);
    }
    reader.done
}

/// What the plan has done since the node started that may stand in an upgrade's way.
#[derive(Default)]
struct Hand {
    /// It has ended somebody, or has had somebody started.
    has_ended: bool,
    /// It has done something that has no end that could be seen.
    has_meddled: bool,
    /// Whose states it answers for.
    interfered: Vec<ProcessId>,
    /// Who was suspended, and has not been resumed.
    suspended: Vec<ProcessId>,
    /// The modules that were loaded and deleted outside of upgrades, and those of them
    /// that are still gone.
    by_hand: Vec<Symbol>,
    deleted: Vec<Symbol>,
    /// A supervisor has ended, or an upgrade has failed.
    has_failed: bool,
}

/// What is done at present.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Nothing, or a harmless op.
    Nothing,
    Fault,
    Upgrade,
}

/// An upgrade that is being done.
struct Open {
    attempt: Attempt,
    began: u64,
    /// Whether anybody under a supervisor ended, or was started.
    has_changes: bool,
    /// The version whose artifact is damaged meanwhile.
    damaged: Option<Code>,
    has_damage: bool,
}

struct Reader<'a> {
    scenario: &'a Scenario,
    history: &'a History,
    hand: Hand,
    /// Whether each process is a supervisor, and who started it.
    supervisors: Vec<bool>,
    parents: Vec<Option<ProcessId>>,
    /// What is current of each module.
    current: Vec<Option<Symbol>>,
    now: u64,
    has_begun: bool,
    doing: Doing,
    open: Option<Open>,
    done: Vec<Attempt>,
}

impl Reader<'_> {
    fn read(&mut self, at: usize, event: &Event) {
        match *event {
            Event::Clock { ms } => self.now = ms,
            Event::OpBegins { .. } => {
                self.doing = Doing::Nothing;
                self.has_begun = true;
            }
            Event::Upgrades { moved, name, vsn } => self.begins(at, moved, name, vsn),
            Event::Fault { process } => {
                self.doing = Doing::Fault;
                self.hand.has_ended = true;
                self.hand.has_meddled |= process.is_none();
            }
            Event::Damaged { code, .. } => {
                if let Some(open) = &mut self.open {
                    (open.damaged, open.has_damage) = (Some(code), true);
                }
            }
            Event::OpEnds { result } => self.ends(at, self.history.term(result)),
            Event::Restarted => {
                if let Some(open) = &mut self.open {
                    open.attempt.restarted = Some(at);
                }
                self.look_for_obstacles();
                let _ = self.is_not_brought();
                self.current.clear();
                self.hand = Hand::default();
            }
            // Who was frozen may linger long after it was thawed.
            Event::Misled | Event::Frozen { .. } => self.hand.has_meddled = true,
            Event::Interfered { process } if self.open.is_none() => {
                self.hand.interfered.push(process);
            }
            Event::Suspended { process } if self.open.is_none() => {
                self.hand.suspended.push(process);
            }
            Event::Resumed { process } => {
                self.hand
                    .suspended
                    .retain(|suspended| *suspended != process);
            }
            Event::Supervises { process, .. } => {
                *entry(&mut self.supervisors, process.0) = true;
            }
            Event::Spawned {
                process, parent, ..
            } => {
                *entry(&mut self.parents, process.0) = parent;
                self.changes(process);
            }
            Event::Exited { process, .. } => self.exited(process),
            Event::Purged { killed, .. } if self.open.is_none() => {
                self.hand.has_ended |= killed > 0;
            }
            Event::Loaded { code } => {
                *entry(&mut self.current, code.module.0.into()) = Some(code.vsn);
                self.hand.deleted.retain(|deleted| *deleted != code.module);
                // What is loaded before the first op, and as the node starts anew, is
                // what is to be there.
                if self.open.is_none() && self.has_begun {
                    self.by_hand(code.module);
                }
            }
            Event::Deleted { code } => {
                *entry(&mut self.current, code.module.0.into()) = None;
                if self.open.is_none() {
                    self.hand.deleted.push(code.module);
                    self.by_hand(code.module);
                }
            }
            _ => {}
        }
    }

    fn begins(&mut self, at: usize, moved: Moved, name: Symbol, vsn: Symbol) {
        self.doing = Doing::Upgrade;
        let hand = &self.hand;
        let is_obstructed = hand.has_meddled
            || hand.has_failed
            || !hand.interfered.is_empty()
            || !hand.suspended.is_empty()
            || !hand.deleted.is_empty()
            || hand.by_hand.iter().any(|module| self.matters(*module));
        self.open = Some(Open {
            attempt: Attempt {
                moved,
                name,
                vsn,
                begins: at,
                ends: at,
                result: Term::atom("ok"),
                restarted: None,
                is_spoilt: false,
                is_unread: false,
                is_obstructed,
                is_long: false,
                by_hand: hand.by_hand.clone(),
            },
            began: self.now,
            has_changes: false,
            damaged: None,
            has_damage: false,
        });
    }

    /// Whether a module must not be loaded by hand: its processes are to be converted, or
    /// the release handler is to know of it.
    fn matters(&self, module: Symbol) -> bool {
        let module = self.scenario.find_module(self.history.name(module));
        !self.scenario.releases.is_empty()
            || module.is_none_or(|module| module.switch != Switch::Load)
    }

    fn ends(&mut self, at: usize, result: Term) {
        let was = std::mem::replace(&mut self.doing, Doing::Nothing);
        // Who knows when a fault takes effect that was not answered.
        self.hand.has_meddled |= was == Doing::Fault && !is_ok(&result) && !is_void(&result);
        self.look_for_obstacles();
        let has_damage = self.open.as_ref().is_some_and(|open| open.has_damage);
        let not_brought = self.is_not_brought();
        let Some(Open { mut attempt, .. }) = self.open.take() else {
            return;
        };
        attempt.ends = at;
        attempt.result = result;
        attempt.is_unread = has_damage && is_no_such_file(&attempt.result);
        if attempt.is_ok() {
            // All else has to be there.
            attempt.by_hand.extend(not_brought);
            not_brought.into_iter().for_each(|m| self.by_hand(m));
        } else {
            attempt.is_spoilt |= has_damage && is_badfile(&attempt.result);
            attempt.is_obstructed |= attempt.is_spoilt;
        }
        let is_failed = !attempt.is_ok() && !attempt.is_refused();
        self.hand.has_failed |= is_failed && attempt.restarted.is_none();
        self.done.push(attempt);
    }

    /// The module that is not current as it should be, since its artifact is damaged; that is
    /// looked for once.
    fn is_not_brought(&mut self) -> Option<Symbol> {
        let open = self.open.as_mut()?;
        let code = open.damaged.take()?;
        let current = *entry(&mut self.current, code.module.0.into());
        open.attempt.is_spoilt = current != Some(code.vsn);
        open.attempt.is_spoilt.then_some(code.module)
    }

    /// What has come in the way of the upgrade that is being done, until now.
    fn look_for_obstacles(&mut self) {
        let Some(open) = &mut self.open else { return };
        let prompt = PROMPT.min(u64::from(self.scenario.patience.system));
        open.attempt.is_long |= self.now - open.began >= prompt;
        // Whom the plan has ended, and who ends or is started by that, may be missed.
        let has_aftermath = self.hand.has_ended && (open.has_changes || open.attempt.is_long);
        open.attempt.is_obstructed |= has_aftermath || self.hand.has_meddled;
    }

    fn exited(&mut self, process: ProcessId) {
        self.hand.interfered.retain(|one| *one != process);
        self.hand.suspended.retain(|one| *one != process);
        let is_supervisor = *entry(&mut self.supervisors, process.0);
        // A script stops supervisors, too.
        self.hand.has_failed |= is_supervisor && (self.open.is_none() || self.hand.has_ended);
        self.changes(process);
    }

    /// A process ends, or is started.
    fn changes(&mut self, process: ProcessId) {
        let parent = self.parents.get(process.0 as usize).copied().flatten();
        let is_child = parent.is_some_and(|parent| *entry(&mut self.supervisors, parent.0));
        if let Some(open) = self.open.as_mut().filter(|_| is_child) {
            open.has_changes |= open.attempt.restarted.is_none();
        }
    }

    fn by_hand(&mut self, module: Symbol) {
        if !self.hand.by_hand.contains(&module) {
            self.hand.by_hand.push(module);
        }
    }
}

/// `ok`, `{ok,_}` and the like, `true`; or `restart_emulator`, of an application that whoever
/// moves it is to restart the node for. `{module,_}` is what a mere load gives.
fn is_ok(result: &Term) -> bool {
    let tag = result.as_tuple().and_then(|parts| parts.first());
    let tag = tag.unwrap_or(result);
    ["ok", "true", "module", "restart_emulator"]
        .iter()
        .any(|good| tag.is_atom(good))
}

/// `{error,{no_such_file,_}}`: what it was to read is not there.
fn is_no_such_file(result: &Term) -> bool {
    let Some([error, why]) = result.as_tuple() else {
        return false;
    };
    let what = why.as_tuple().and_then(|parts| parts.first());
    error.is_atom("error") && what.is_some_and(|what| what.is_atom("no_such_file"))
}

/// `{'EXIT',{{badmatch,{error,badfile}},_}}`, as an error or an exit: what it has read could not
/// be loaded, after the point of no return (C12, C13).
fn is_badfile(result: &Term) -> bool {
    fn second(term: &Term) -> Option<&Term> {
        term.as_tuple()?.get(1)
    }
    let raised = second(result).and_then(second);
    let matched = raised.and_then(|raised| raised.as_tuple()?.first());
    let why = matched.and_then(second).and_then(second);
    why.is_some_and(|why| why.is_atom("badfile"))
}

/// Whether a fault was answered, and had no effect.
fn is_void(result: &Term) -> bool {
    let Some([error, why]) = result.as_tuple() else {
        return false;
    };
    let what = why.as_tuple().and_then(|parts| parts.first());
    let what = what.unwrap_or(why);
    error.is_atom("error") && VOID.iter().any(|void| what.is_atom(void))
}

/// Whether nothing was done: `{error,Why}` or `{error,{Why,…}}`.
fn is_refused(result: &Term) -> bool {
    let Some([error, why]) = result.as_tuple() else {
        return false;
    };
    let why = match why.as_tuple() {
        // What a match on what an appup says comes to is a version, and no stack.
        Some([what, stack]) if what.is_atom("badmatch") && stack.as_string().is_none() => {
            return false;
        }
        Some([what, ..]) => what,
        _ => why,
    };
    let is_refusal = REFUSALS.iter().any(|refusal| why.is_atom(refusal));
    error.is_atom("error") && is_refusal
}
