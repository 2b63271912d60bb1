//! Who is who in a case on a real node: its pids and references, as a history has
//! them.

use std::collections::{HashMap, HashSet, VecDeque};

use upheaval_term::{LocalFun, Pid, Ref, Term};

use crate::history::{Carrier, Event, History, MessageId, ProcessId};

/// Whoever is no process of the case: the agent, the node's own.
pub(super) const OUTSIDE: ProcessId = ProcessId(0);

/// The versions by what marks the funs of each: the MD5 of its code.
pub(super) type Marks = HashMap<[u8; 16], String>;

/// Who is who, once all events have been translated.
#[derive(Debug, Default)]
pub(super) struct Translation {
    /// By what tells pids apart, also those of an emulator from those of the one before
    /// that it was booted in place of.
    processes: HashMap<(u32, u32, u32), ProcessId>,
    pub(super) refs: HashMap<Ref, u64>,
    pub(super) clock: Vec<u64>,
    /// Messages that nobody has been seen to receive, in the order of sending.
    pub(super) open: VecDeque<Open>,
    pub(super) plain: Vec<ProcessId>,
    pub(super) exited: HashSet<ProcessId>,
    marks: Marks,
}

/// A message that has not been seen to be received.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) message: MessageId,
    pub(super) from: ProcessId,
    pub(super) to: ProcessId,
    pub(super) carrier: Carrier,
    pub(super) payload: Term,
}

impl Translation {
    /// Nobody yet; versions are told apart by these marks.
    pub(super) fn of(marks: Marks) -> Translation {
        Translation {
            marks,
            ..Translation::default()
        }
    }

    /// A process of the case.
    pub(super) fn process(&self, pid: &Pid) -> Option<ProcessId> {
        let key = (pid.id, pid.serial, pid.creation);
        self.processes.get(&key).copied()
    }

    /// The next process of the case.
    pub(super) fn spawned(&mut self, pid: &Pid) -> ProcessId {
        let process = ProcessId(self.count() + 1);
        let key = (pid.id, pid.serial, pid.creation);
        self.processes.insert(key, process);
        process
    }

    /// How many processes there were.
    pub(super) fn count(&self) -> u32 {
        self.processes.len() as u32
    }

    /// The clock at the start, and of each op at its beginning and, where everybody is
    /// looked at after it, at the look; and then at the end.
    pub(super) fn clock(&self) -> &[u64] {
        &self.clock
    }

    /// A term in which pids and references are those of the history: numbered in
    /// the order in which they appeared.
    pub(super) fn term(&self, term: &Term) -> Term {
        match term {
            Term::Pid(pid) => Term::Pid(Pid::local(self.process(pid).unwrap_or(OUTSIDE).0, 0)),
            Term::Ref(tag) => Term::Ref(Ref::local(self.refs.get(tag).copied().unwrap_or(0))),
            Term::Tuple(parts) => Term::Tuple(self.terms(parts)),
            Term::List(parts) => Term::List(self.terms(parts)),
            Term::Improper(parts, tail) => {
                Term::Improper(self.terms(parts), Box::new(self.term(tail)))
            }
            Term::Map(pairs) => Term::map(pairs.iter().map(|(k, v)| (self.term(k), self.term(v)))),
            Term::LocalFun(fun) => self.fun(fun),
            other => other.clone(),
        }
    }

    /// A fun of a version of the scenario's, marked by that version's `vsn`.
    fn fun(&self, fun: &LocalFun) -> Term {
        let Some(vsn) = self.marks.get(&fun.uniq) else {
            return fun.clone().into();
        };
        let free = self.terms(&fun.free);
        LocalFun::of_version(fun.module.clone(), vsn, fun.index, fun.arity, free).into()
    }

    fn terms(&self, terms: &[Term]) -> Vec<Term> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    /// Messages that were taken out of a mailbox in a `receive`, which no trace shows:
    /// what does not lie there at rest has been taken. That is how a plain process
    /// takes everything, and a server a message that it waits for inside a callback;
    /// but calls and casts it takes where they are seen.
    pub(super) fn take_what_was_received_unseen(&self, history: &mut History, looks: &Term) {
        for look in looks.as_list().unwrap_or_default() {
            let Some([Term::Pid(pid), _, _, _, _, Term::Int(queued), ..]) = look.as_tuple() else {
                continue;
            };
            let Some(process) = self.process(pid) else {
                continue;
            };
            let is_plain = self.plain.contains(&process);
            let is_unseen =
                |open: &&Open| open.to == process && (is_plain || open.carrier == Carrier::Info);
            let open: Vec<&Open> = self.open.iter().filter(is_unseen).collect();
            let taken = open
                .len()
                .saturating_sub(usize::try_from(*queued).unwrap_or(0));
            for open in &open[..taken] {
                history.push(Event::Received {
                    message: open.message,
                    process,
                    code: None,
                });
            }
        }
    }

    /// Gives the references in a term their numbers, if they have none.
    pub(super) fn number_refs(&mut self, term: &Term) {
        match term {
            Term::Ref(tag) => {
                let next = self.refs.len() as u64 + 1;
                self.refs.entry(tag.clone()).or_insert(next);
            }
            Term::Tuple(parts) | Term::List(parts) => {
                parts.iter().for_each(|part| self.number_refs(part));
            }
            Term::Improper(parts, tail) => {
                parts.iter().for_each(|part| self.number_refs(part));
                self.number_refs(tail);
            }
            Term::Map(pairs) => pairs.iter().for_each(|(key, value)| {
                self.number_refs(key);
                self.number_refs(value);
            }),
            _ => {}
        }
    }
}
