//! From what a node's agent has traced to a history.
//!
//! The agent's events come in the order of their numbers, in which no effect stands
//! before its cause. A history has a few things that no trace shows: which message
//! an unanswered cast was, when a version became current to the microsecond, what a
//! plain process took out of its mailbox. They are put together here.

use std::collections::{HashMap, HashSet};

use upheaval_term::{Ref, Term};

use messages::carrier_of;

use super::run::unexpected;
use super::who::{Marks, OUTSIDE, Open, Translation};
use crate::history::{Answer, Carrier, Code, Event, History, MessageId, Moved, ProcessId, Symbol};
use crate::scenario::Scenario;
use crate::target::TargetError;

/// Translates all events of a case.
///
/// # Errors
/// The agent sent something else than events.
pub(super) fn translate(
    scenario: &Scenario,
    marks: &Marks,
    events: &[Term],
    history: &mut History,
) -> Result<Translation, TargetError> {
    let mut translator = Translator::new(scenario, marks, history);
    for event in events {
        match event.as_tuple() {
            Some([Term::Int(_), Term::Int(nanoseconds), what]) => {
                let starts_anew = |parts: &[Term]| parts.iter().any(|p| p.is_atom("restarted"));
                if what.as_tuple().is_some_and(starts_anew) {
                    translator.clock_starts_anew(*nanoseconds);
                }
                translator.at(*nanoseconds);
                let understood = what.as_tuple().and_then(|parts| translator.event(parts));
                understood.ok_or_else(|| unexpected("events", event))?;
            }
            _ => return Err(unexpected("events", event)),
        }
    }
    Ok(translator.known)
}

/// A call that a process has begun.
#[derive(Debug)]
struct Pending {
    message: Option<MessageId>,
    carrier: Carrier,
    payload: Term,
}

impl Pending {
    fn of(carrier: Carrier, payload: Term) -> Pending {
        Pending {
            message: None,
            carrier,
            payload,
        }
    }
}

/// A load that has begun.
#[derive(Debug)]
struct Loading {
    module: String,
    vsn: String,
    /// The old version that it purges first.
    purges: Option<String>,
}

struct Translator<'h> {
    scenario: &'h Scenario,
    history: &'h mut History,
    known: Translation,
    names: HashMap<String, ProcessId>,
    messages: u32,
    /// Calls and questions, by their references.
    asked: HashMap<Ref, (MessageId, Carrier)>,
    /// Answers to questions, by the questions' references.
    answers: HashMap<Ref, MessageId>,
    pending: HashMap<ProcessId, Pending>,
    /// What each process is handling.
    handling: Vec<Open>,
    /// The version that each process runs.
    codes: HashMap<ProcessId, Code>,
    /// The module that each process was spawned to run; the callback module of a
    /// supervisor.
    modules: HashMap<ProcessId, Symbol>,
    supervisors: HashSet<ProcessId>,
    /// What the harness itself calls a supervisor for, until it has its answer.
    outside: Option<MessageId>,
    /// The current version of each module.
    current: HashMap<String, String>,
    /// What is being loaded, until somebody is seen to run it or the load returns.
    loading: Option<Loading>,
    purge_kills: u32,
    /// The second, in milliseconds, that the case began in.
    base: Option<i64>,
    now: u64,
}

impl<'h> Translator<'h> {
    fn new(scenario: &'h Scenario, marks: &Marks, history: &'h mut History) -> Self {
        Translator {
            scenario,
            history,
            known: Translation::of(marks.clone()),
            names: HashMap::new(),
            messages: 0,
            asked: HashMap::new(),
            answers: HashMap::new(),
            pending: HashMap::new(),
            handling: Vec::new(),
            codes: HashMap::new(),
            modules: HashMap::new(),
            supervisors: HashSet::new(),
            outside: None,
            current: HashMap::new(),
            loading: None,
            purge_kills: 0,
            base: None,
            now: 0,
        }
    }

    /// Moves the clock on: it counts from the whole second before the case began,
    /// as supervisors count in whole seconds.
    fn at(&mut self, nanoseconds: i64) {
        let ms = nanoseconds.div_euclid(1_000_000);
        let base = *self.base.get_or_insert(ms.div_euclid(1000) * 1000);
        let now = u64::try_from(ms - base).unwrap_or(0);
        if self.known.clock.is_empty() {
            self.known.clock.push(now);
        }
        // Numbers and times are taken one after the other: the order is the numbers'.
        if now > self.now {
            self.now = now;
            self.history.push(Event::Clock { ms: now });
        }
    }

    /// An emulator that was booted counts its time from its own beginning: where it
    /// began, the case's clock goes on, from the next whole second.
    fn clock_starts_anew(&mut self, nanoseconds: i64) {
        let ms = nanoseconds.div_euclid(1_000_000);
        let now = i64::try_from(self.now).unwrap_or(i64::MAX);
        if self.base.is_some_and(|base| ms < base + now) {
            self.base = Some((ms.div_euclid(1000) - now.div_euclid(1000) - 1) * 1000);
        }
    }

    /// Nothing where the event is none that the agent makes.
    fn event(&mut self, parts: &[Term]) -> Option<()> {
        let verb = parts.first()?.as_atom()?.as_str().to_owned();
        match (verb.as_str(), &parts[1..]) {
            ("op_begins", [op]) => {
                self.known.clock.push(self.now);
                let op = u32::try_from(op.as_int()?).ok()?;
                self.history.push(Event::OpBegins { op });
            }
            // It is looked at everybody.
            ("looks", []) => self.known.clock.push(self.now),
            ("op_ends", [result]) => {
                let result = self.data(result);
                self.history.push(Event::OpEnds { result });
            }
            ("deleted", [module, version]) => {
                let module = module.as_atom()?.as_str().to_owned();
                let version = version.as_string()?;
                let code = Code {
                    module: self.history.symbol(&module),
                    vsn: self.history.symbol(&version),
                };
                self.history.push(Event::Deleted { code });
                self.current.remove(&module);
            }
            // Each call of it says so, until the agent has noticed.
            ("autoloaded", [module, version]) => {
                let module = module.as_atom()?.as_str().to_owned();
                if !self.current.contains_key(&module) {
                    self.loaded(Loading {
                        module,
                        vsn: version.as_string()?,
                        purges: None,
                    });
                }
            }
            ("restarted", []) => self.restarted(),
            ("upgrades", [what, name, vsn]) => {
                let moved = match what.as_atom()?.as_str() {
                    "module" => Moved::Module,
                    "application" => Moved::Application,
                    "release" => Moved::Release,
                    "nothing" => Moved::Nothing,
                    _ => return None,
                };
                let name = self.history.symbol(name.as_atom()?.as_str());
                let vsn = self.history.symbol(&vsn.as_string()?);
                self.history.push(Event::Upgrades { moved, name, vsn });
            }
            ("fault", []) => self.history.push(Event::Fault { process: None }),
            // A name that nobody has is nobody's.
            ("fault", [name]) => {
                let process = self.names.get(name.as_atom()?.as_str()).copied();
                if process.is_some() {
                    self.history.push(Event::Fault { process });
                }
            }
            ("misled", []) => self.history.push(Event::Misled),
            ("damaged", [module, vsn, instead @ ..]) => {
                let mut named = |module: &Term, vsn: &Term| {
                    Some(Code {
                        module: self.history.symbol(module.as_atom()?.as_str()),
                        vsn: self.history.symbol(&vsn.as_string()?),
                    })
                };
                let code = named(module, vsn)?;
                let instead = match instead {
                    [module, vsn] => Some(named(module, vsn)?),
                    _ => None,
                };
                self.history.push(Event::Damaged { code, instead });
            }
            // A name that nobody has is no process whose state could be changed.
            ("interfered", [who]) => {
                let process = match who {
                    Term::Pid(_) => self.process(who),
                    name => self.names.get(name.as_atom()?.as_str()).copied(),
                };
                if let Some(process) = process {
                    self.history.push(Event::Interfered { process });
                }
            }
            ("frozen", [pid]) => {
                let process = self.process(pid)?;
                self.history.push(Event::Frozen { process });
            }
            ("thawed", [pid]) => {
                let process = self.process(pid)?;
                self.history.push(Event::Thawed { process });
            }
            ("spawned", [pid, parent, kind, module]) => self.spawned(pid, parent, kind, module)?,
            ("registered", [pid, name]) => {
                let process = self.process(pid)?;
                let name = name.as_atom()?.as_str().to_owned();
                let symbol = self.history.symbol(&name);
                self.names.insert(name, process);
                self.history.push(Event::Registered {
                    process,
                    name: symbol,
                });
            }
            // A process that ends loses its name by that.
            ("unregistered", [pid, name]) => {
                let process = self.process(pid)?;
                let name = name.as_atom()?.as_str();
                if !self.known.exited.contains(&process) {
                    self.names.remove(name);
                    let name = self.history.symbol(name);
                    self.history.push(Event::Unregistered { process, name });
                }
            }
            ("exited", [pid, reason]) => {
                let process = self.process(pid)?;
                self.names.retain(|_, holder| *holder != process);
                self.known.open.retain(|open| open.to != process);
                self.known.exited.insert(process);
                let reason = self.data(reason);
                self.history.push(Event::Exited { process, reason });
            }
            ("sent", [kind, from, to, tag, payload]) => self.sent(kind, from, to, tag, payload)?,
            ("replied", [from, to, tag, message]) => self.replied(from, to, tag, message)?,
            ("calling", [pid, _, payload]) => {
                let process = self.process(pid)?;
                let payload = payload.clone();
                self.pending
                    .insert(process, Pending::of(Carrier::Call, payload));
            }
            ("called", [pid, outcome]) => self.called(pid, outcome)?,
            ("client", [pid, what]) => self.client(pid, what)?,
            ("received", [pid, code, kind, tag, payload]) => {
                self.received(pid, code, kind, tag, payload)?;
            }
            ("postponed", [pid, kind, tag, payload]) => self.postponed(pid, kind, tag, payload)?,
            ("entered", [pid, code]) => {
                let process = self.process(pid)?;
                let code = self.code(code)?;
                self.codes.insert(process, code);
                self.history.push(Event::Entered { process, code });
            }
            ("suspended", [pid]) => {
                let process = self.process(pid)?;
                self.history.push(Event::Suspended { process });
            }
            ("resumed", [pid]) => {
                let process = self.process(pid)?;
                self.history.push(Event::Resumed { process });
            }
            ("supervises", [pid, given]) => {
                let process = self.process(pid)?;
                let given = self.data(given);
                self.history.push(Event::Supervises { process, given });
            }
            ("telling", [to, request]) => {
                let to = match to {
                    Term::Pid(_) => self.process(to),
                    to => self.names.get(to.as_atom()?.as_str()).copied(),
                };
                let sent = to.map(|to| self.send(OUTSIDE, Some(to), Carrier::Call, request));
                self.outside = sent;
            }
            ("told", [outcome]) => {
                let message = self.outside.take();
                let answer = match outcome.as_tuple()? {
                    [how, value] if how.is_atom("reply") => Answer::Reply(self.data(value)),
                    [_, why] if why.is_atom("timeout") => Answer::Timeout,
                    [_, why] => Answer::Exit(self.data(why)),
                    _ => return None,
                };
                if let Some(message) = message {
                    self.history.push(Event::Answered { message, answer });
                }
            }
            ("code_changed", [pid, vsn, before, after]) => {
                self.code_changed(pid, vsn, before, after)?;
            }
            ("loads", [module, version, purges]) => {
                let module = module.as_atom()?.as_str().to_owned();
                let purges = purges.as_string();
                self.loading = version.as_string().map(|vsn| Loading {
                    module,
                    vsn,
                    purges,
                });
            }
            ("loaded", [module, version, result, old, called]) => {
                let is_loaded = matches!(result.as_tuple(), Some([m, _]) if m.is_atom("module"));
                let old_stays = old.as_bool()?;
                // Somebody's call had loaded it, too, since it was looked at.
                let called = called.as_bool()? && is_loaded;
                let module = module.as_atom()?.as_str();
                let of_the_call = || {
                    Some(Loading {
                        module: module.to_owned(),
                        vsn: version.as_string()?,
                        purges: None,
                    })
                };
                if called && !self.current.contains_key(module) {
                    self.loaded(of_the_call()?);
                }
                match self.loading.take() {
                    Some(loading) if is_loaded => self.loaded(loading),
                    // Somebody ran it before the load returned: which of both, nobody knows.
                    None if called => self.loaded(of_the_call()?),
                    // It failed, and may have purged all the same.
                    Some(Loading {
                        module,
                        purges: Some(old),
                        ..
                    }) if !old_stays => self.purged(&module, &old),
                    _ => {
                        version.as_string()?;
                    }
                }
            }
            ("met", [pid, from, to, state]) => self.met(pid, from, to, state)?,
            ("purge_kill", [_]) => self.purge_kills += 1,
            ("purged", [module, version]) => {
                self.purged(module.as_atom()?.as_str(), &version.as_string()?);
            }
            _ => return None,
        }
        Some(())
    }

    /// The node restarts (C12): it kills whoever is alive, and forgets all that it knew.
    /// How each of them really ended, told to or not, is not traced any more.
    fn restarted(&mut self) {
        self.history.push(Event::Restarted);
        let killed = Term::atom("killed");
        for number in 1..=self.known.count() {
            let process = ProcessId(number);
            if self.known.exited.insert(process) {
                let reason = self.data(&killed);
                self.history.push(Event::Exited { process, reason });
            }
        }
        self.known.open.clear();
        self.names.clear();
        self.asked.clear();
        self.answers.clear();
        self.pending.clear();
        self.codes.clear();
        self.modules.clear();
        self.current.clear();
        self.loading = None;
        self.purge_kills = 0;
    }

    fn spawned(&mut self, pid: &Term, parent: &Term, kind: &Term, module: &Term) -> Option<()> {
        let pid = pid.as_pid()?;
        let process = self.known.spawned(pid);
        if kind.is_atom("plain") {
            self.known.plain.push(process);
        }
        let module = match (kind.as_tuple(), module.as_atom()?.as_str()) {
            (Some([_, callback]), _) => {
                let callback = self.history.symbol(callback.as_atom()?.as_str());
                self.supervisors.insert(process);
                self.modules.insert(process, callback);
                None
            }
            (_, "upheaval_client") => None,
            (_, module) => {
                let module = self.history.symbol(module);
                self.modules.insert(process, module);
                Some(module)
            }
        };
        let parent = parent.as_pid().and_then(|pid| self.known.process(pid));
        self.history.push(Event::Spawned {
            process,
            parent,
            module,
        });
        Some(())
    }

    /// A `gen_server:call` is over at its caller.
    fn called(&mut self, pid: &Term, outcome: &Term) -> Option<()> {
        let process = self.process(pid)?;
        // A call that calls the call of another arity ends twice.
        let Some(pending) = self.pending.remove(&process) else {
            return Some(());
        };
        let [how, value] = outcome.as_tuple()? else {
            return None;
        };
        let answer = match (how.is_atom("reply"), pending.carrier) {
            (true, _) => Answer::Reply(self.data(value)),
            // What a client asks of an event manager exits with the bare reason.
            (false, Carrier::Manage) if value.is_atom("timeout") => Answer::Timeout,
            (false, Carrier::Manage) => Answer::Exit(self.data(value)),
            (false, _) => match exit_of_call(value) {
                Some(why) if why.is_atom("timeout") => Answer::Timeout,
                Some(why) => Answer::Exit(self.data(why)),
                // The caller itself ends in the middle of it.
                None => return Some(()),
            },
        };
        let message = match pending.message {
            Some(message) => message,
            None => self.send(process, None, pending.carrier, &pending.payload),
        };
        self.history.push(Event::Answered { message, answer });
        Some(())
    }

    /// What a client says of itself.
    fn client(&mut self, pid: &Term, what: &Term) -> Option<()> {
        let process = self.process(pid)?;
        match what.as_tuple()? {
            [verb, Term::Ref(tag), outcome] if verb.is_atom("answered") => {
                let (asked, _) = self.asked.get(tag).copied()?;
                let answer = match outcome.as_tuple() {
                    Some([how, value]) if how.is_atom("reply") => {
                        self.take_answer(tag, asked, process);
                        Answer::Reply(self.data(value))
                    }
                    Some([_, why]) => Answer::Exit(self.data(why)),
                    None => Answer::Timeout,
                    _ => return None,
                };
                self.history.push(Event::Answered {
                    message: asked,
                    answer,
                });
            }
            [verb, payload] if verb.is_atom("managing") => {
                let pending = Pending::of(Carrier::Manage, payload.clone());
                self.pending.insert(process, pending);
            }
            [verb, outcome] if verb.is_atom("managed") => self.called(pid, outcome)?,
            [verb, Term::Ref(tag), _] if verb.is_atom("late") => {
                if let Some((asked, _)) = self.asked.get(tag).copied() {
                    self.take_answer(tag, asked, process);
                }
            }
            [verb, kind, payload] if verb.is_atom("unsent") => {
                let carrier = carrier_of(kind)?;
                let message = self.send(process, None, carrier, payload);
                if carrier == Carrier::Ask {
                    let answer = Answer::Exit(self.data(&Term::atom("noproc")));
                    self.history.push(Event::Answered { message, answer });
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// A client takes the message that answers its question.
    fn take_answer(&mut self, tag: &Ref, asked: MessageId, client: ProcessId) {
        if let Some(answer) = self.answers.remove(tag) {
            self.receive(answer, client, None);
            self.history.push(Event::Replied { message: asked });
        }
    }

    fn code_changed(
        &mut self,
        pid: &Term,
        version: &Term,
        before: &Term,
        after: &Term,
    ) -> Option<()> {
        let process = self.process(pid)?;
        let module = match self.codes.get(&process) {
            Some(code) => code.module,
            // It was started before anything of its module was traced.
            None => *self.modules.get(&process)?,
        };
        let current = self.current.get(self.history.name(module)).cloned();
        let Some(current) = current else {
            return Some(());
        };
        let by = self.history.symbol(&current);
        let (other, down) = match version.as_tuple() {
            Some([_, other]) => (other, true),
            _ => (version, false),
        };
        // The release handler says `undefined` where the file of a version is gone.
        let other = self
            .history
            .symbol(&other.as_string().unwrap_or_else(|| other.to_string()));
        let (from, to) = if down { (by, other) } else { (other, by) };
        // A supervisor's state is OTP's own business.
        let own = Term::atom("supervisor");
        let is_supervisor = self.supervisors.contains(&process);
        let shown = |state| if is_supervisor { &own } else { state };
        let before = self.data(shown(before));
        let after = match after.as_tuple() {
            Some([_, state]) => Some(self.data(shown(state))),
            _ => None,
        };
        self.history.push(Event::CodeChanged {
            process,
            from: Code { module, vsn: from },
            to: Code { module, vsn: to },
            before,
            after,
        });
        Some(())
    }

    /// `{Module,Vsn}`: the version of a function that was called. If it is just
    /// being loaded, then by now it is.
    fn code(&mut self, code: &Term) -> Option<Code> {
        let [module, version] = code.as_tuple()? else {
            return None;
        };
        let module = module.as_atom()?.as_str().to_owned();
        let vsn = version.as_string()?;
        let is_it = |loading: &Loading| loading.module == module && loading.vsn == vsn;
        if self.loading.as_ref().is_some_and(is_it)
            && self.current.get(&module) != Some(&vsn)
            && let Some(loading) = self.loading.take()
        {
            self.loaded(loading);
        }
        Some(Code {
            module: self.history.symbol(&module),
            vsn: self.history.symbol(&vsn),
        })
    }

    fn loaded(&mut self, loading: Loading) {
        let Loading {
            module,
            vsn,
            purges,
        } = loading;
        if let Some(old) = purges {
            self.purged(&module, &old);
        }
        let code = Code {
            module: self.history.symbol(&module),
            vsn: self.history.symbol(&vsn),
        };
        self.history.push(Event::Loaded { code });
        self.current.insert(module, vsn);
    }

    fn purged(&mut self, module: &str, vsn: &str) {
        let code = Code {
            module: self.history.symbol(module),
            vsn: self.history.symbol(vsn),
        };
        self.history.push(Event::Purged {
            code,
            killed: std::mem::take(&mut self.purge_kills),
        });
    }

    /// A server is called back in another version than before. Erlang has no types
    /// that would tell whether that version can read the state: the scenario's model
    /// does.
    fn met(&mut self, pid: &Term, from: &Term, to: &Term, state: &Term) -> Option<()> {
        let process = self.process(pid)?;
        let to = self.code(to)?;
        let module = self.scenario.find_module(self.history.name(to.module));
        let model = module.and_then(|module| module.model.as_ref());
        let is_readable =
            model.is_none_or(|model| model.meaning(self.history.name(to.vsn), state).is_ok());
        if !is_readable {
            let from = self.code(from)?;
            let state = self.data(state);
            self.history.push(Event::Unreadable {
                process,
                from,
                to,
                state,
            });
        }
        Some(())
    }

    fn process(&self, pid: &Term) -> Option<ProcessId> {
        self.known.process(pid.as_pid()?)
    }

    fn data(&mut self, term: &Term) -> crate::history::Data {
        self.known.number_refs(term);
        let term = self.known.term(term);
        self.history.data(&upheaval_term::encode(&term))
    }
}

/// Why a call exits, out of `{Reason,{gen_server,call,Args}}`.
fn exit_of_call(exit: &Term) -> Option<&Term> {
    let [why, called] = exit.as_tuple()? else {
        return None;
    };
    match called.as_tuple()? {
        [module, function, _] if module.is_atom("gen_server") && function.is_atom("call") => {
            Some(why)
        }
        _ => None,
    }
}

mod messages;

#[cfg(test)]
mod tests;
