//! One op and the rest after it, in lines that can be compared.

use std::collections::BTreeMap;

use upheaval_term::Term;

use crate::history::{Answer, Event, History, ProcessId, Symbol};
use crate::target::{Look, Watched};

/// Something that was seen, and what of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// What: `result`, `counter#1`, `exit of stuck#2`, `client 1`, `children`.
    pub what: String,
    /// What of it.
    pub value: String,
}

/// What was seen of one op, in the order of [`Line`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// What was seen.
    pub lines: Vec<Line>,
}

/// What was seen of each op of a plan.
pub fn moments(watched: &Watched) -> Vec<Moment> {
    let mut cast = Cast::new(&watched.history);
    let mut moments: Vec<Moment> = Vec::new();
    for event in watched.history.events() {
        cast.follow(event);
        if let Event::OpBegins { .. } = event {
            moments.push(Moment::default());
        }
        // What happens before the first op is the start.
        if let Some(moment) = moments.last_mut() {
            moment.lines.extend(cast.line(event));
        }
    }
    for (moment, rest) in moments.iter_mut().zip(&watched.looks) {
        if !rest.rests {
            moment.lines.push(line("rest", "it does not come to rest"));
        }
        let looks = rest.processes.iter().filter(|look| cast.is_compared(look));
        moment.lines.extend(looks.map(|look| cast.look(look)));
        moment.lines.extend(rest.supervisors.iter().map(|look| {
            let value = match &look.children {
                Some((children, counts)) => {
                    format!("{}, {}", cast.text(children), cast.text(counts))
                }
                None => "it does not answer".into(),
            };
            line(format!("children of {}", cast.name(look.process)), value)
        }));
        moment.lines.extend(rest.modules.iter().map(|module| {
            let current = module.current.as_deref().unwrap_or("nothing");
            let old = if module.has_old { ", and old code" } else { "" };
            line(
                format!("code of {}", module.module),
                format!("{current} is current{old}"),
            )
        }));
        if !rest.releases.is_empty() {
            let each = rest.releases.iter();
            let each = each.map(|(vsn, status)| format!("{vsn} {status}"));
            moment
                .lines
                .push(line("releases", each.collect::<Vec<_>>().join(", ")));
        }
        moment
            .lines
            .extend(rest.applications.iter().map(|application| {
                let started = if application.started {
                    ""
                } else {
                    ", not started"
                };
                line(
                    format!("application {}", application.name),
                    format!(
                        "{}, {}{started}",
                        application.vsn,
                        cast.text(&application.env)
                    ),
                )
            }));
        moment.lines.sort();
    }
    moments
}

fn line(what: impl Into<String>, value: impl Into<String>) -> Line {
    Line {
        what: what.into(),
        value: value.into(),
    }
}

/// Who is who in a history.
struct Cast<'a> {
    history: &'a History,
    /// Names with their incarnations, by process.
    names: BTreeMap<ProcessId, String>,
    incarnations: BTreeMap<Symbol, u32>,
    /// Who asked, by message.
    asked: BTreeMap<u32, ProcessId>,
}

impl<'a> Cast<'a> {
    fn new(history: &'a History) -> Self {
        let mut cast = Cast {
            history,
            names: BTreeMap::new(),
            incarnations: BTreeMap::new(),
            asked: BTreeMap::new(),
        };
        // A process may be spoken of before it takes its name.
        for event in history.events() {
            if let Event::Registered { process, name } = *event {
                let incarnation = cast.incarnations.entry(name).or_default();
                *incarnation += 1;
                let name = format!("{}#{incarnation}", history.name(name));
                cast.names.insert(process, name);
            }
        }
        cast
    }

    fn follow(&mut self, event: &Event) {
        if let Event::Sent { message, from, .. } = *event {
            self.asked.insert(message.0, from);
        }
    }

    /// What an event has to say that is compared.
    fn line(&self, event: &Event) -> Option<Line> {
        Some(match *event {
            Event::OpEnds { result } => line("result", self.text(&self.history.term(result))),
            Event::Exited { process, reason } => line(
                format!("exit of {}", self.name(process)),
                self.text(&self.history.term(reason)),
            ),
            Event::Answered { message, answer } => {
                let asker = self.name(*self.asked.get(&message.0)?);
                if !asker.starts_with("client_") {
                    return None;
                }
                let answer = match answer {
                    Answer::Reply(reply) => self.text(&self.history.term(reply)),
                    Answer::Exit(why) => format!("exit {}", self.text(&self.history.term(why))),
                    Answer::Timeout => "timeout".into(),
                };
                line(format!("answer to {asker}"), answer)
            }
            _ => return None,
        })
    }

    fn look(&self, look: &Look) -> Line {
        let mut value = match &look.code {
            Some((module, vsn)) => format!("{module} {vsn}"),
            None => "no module".into(),
        };
        match &look.name {
            Some(name) => value += &format!(", registered as {name}"),
            None => value += ", without a name",
        }
        if let Some(state) = &look.state {
            value += &format!(", state {}", self.text(state));
        }
        value += &format!(", {} queued", look.queued);
        for (is, what) in [
            (look.suspended, "suspended"),
            (look.blocked, "blocked"),
            (look.lingering, "lingering"),
            (look.frozen, "frozen"),
        ] {
            if is {
                value += &format!(", {what}");
            }
        }
        line(self.name(look.process), value)
    }

    /// Clients are the measuring instrument, and each target has its own.
    fn is_compared(&self, look: &Look) -> bool {
        !self.name(look.process).starts_with("client_")
    }

    fn name(&self, process: ProcessId) -> String {
        match self.names.get(&process) {
            Some(name) => name.clone(),
            None if process.0 == 0 => "outside".into(),
            None => "nameless".into(),
        }
    }

    /// A term, with the names of processes in place of pids, without the numbers of
    /// references and the frames of stacks.
    fn text(&self, term: &Term) -> String {
        self.plain(term).to_string()
    }

    fn plain(&self, term: &Term) -> Term {
        let all = |terms: &[Term]| terms.iter().map(|term| self.plain(term)).collect();
        match term {
            Term::Pid(pid) => {
                let name = self.name(ProcessId(pid.id));
                upheaval_term::Atom::new(&name).map_or(Term::atom("pid"), Term::Atom)
            }
            Term::Ref(_) => Term::atom("ref"),
            Term::Tuple(parts) => Term::Tuple(all(parts)),
            Term::List(parts) if is_stack(parts) => Term::List(Vec::new()),
            Term::List(parts) => Term::List(all(parts)),
            // The reference of a call, `[alias|Ref]`.
            Term::Improper(parts, tail) if matches!(**tail, Term::Ref(_)) && parts.len() == 1 => {
                Term::atom("ref")
            }
            Term::Improper(parts, tail) => Term::Improper(all(parts), Box::new(self.plain(tail))),
            Term::Map(pairs) => {
                Term::map(pairs.iter().map(|(k, v)| (self.plain(k), self.plain(v))))
            }
            other => other.clone(),
        }
    }
}

/// `[{Module,Function,ArityOrArgs,Location}]`.
fn is_stack(parts: &[Term]) -> bool {
    let is_frame = |part: &Term| {
        matches!(
            part.as_tuple(),
            Some([
                Term::Atom(_),
                Term::Atom(_),
                Term::Int(_) | Term::List(_),
                Term::List(_)
            ])
        )
    };
    !parts.is_empty() && parts.iter().all(is_frame)
}
