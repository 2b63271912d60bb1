//! What a supervisor was told to supervise.

use std::cell::RefCell;
use std::collections::VecDeque;

use upheaval_term::{Atom, Term};

use crate::history::{Data, History};
use crate::scenario::{AutoShutdown, Process, Restart, Scenario, Strategy, Supervision};

/// A supervisor's flags, and its children's specs in start order.
#[derive(Clone, Debug)]
pub(super) struct Books {
    pub(super) strategy: Strategy,
    pub(super) intensity: usize,
    /// In seconds.
    pub(super) period: u64,
    pub(super) auto_shutdown: AutoShutdown,
    pub(super) specs: Vec<Spec>,
    /// What the children of a simple_one_for_one are; each becomes a spec of its own
    /// once it is there.
    template: Option<Spec>,
}

/// A child, as its supervisor was told.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub(super) id: Term,
    /// The name that it takes.
    pub(super) name: String,
    pub(super) restart: Restart,
    pub(super) significant: bool,
    pub(super) is_supervisor: bool,
}

/// How many descriptions of supervisors are remembered.
const REMEMBERED: usize = 16;

/// Descriptions, as they are recorded, with what they say.
type Remembered = VecDeque<(Box<[u8]>, Option<Books>)>;

thread_local! {
    /// Most histories begin with the same trees, and to read one takes longer than to judge it.
    static READ: RefCell<Remembered> = const { RefCell::new(VecDeque::new()) };
}

impl Books {
    /// Those of a supervisor that the scenario describes.
    pub(super) fn described(scenario: &Scenario, supervision: &Supervision) -> Books {
        let spec = |process: &Process| Spec {
            id: atom(&process.name),
            name: process.name.clone(),
            restart: process.restart.unwrap_or(Restart::Permanent),
            significant: process.significant,
            is_supervisor: scenario.is_supervisor(process),
        };
        let template = supervision.template.as_ref().map(|template| Spec {
            id: Term::atom("undefined"),
            name: String::new(),
            restart: template.restart,
            significant: template.significant,
            is_supervisor: false,
        });
        Books {
            strategy: supervision.strategy,
            intensity: supervision.intensity as usize,
            period: u64::from(supervision.period),
            auto_shutdown: supervision.auto_shutdown,
            specs: scenario.children_of(&supervision.name).map(spec).collect(),
            template,
        }
    }

    /// Those that `{ok,{Flags,Specs}}` says, a recorded term; nothing where OTP would not take
    /// it.
    pub(super) fn given(history: &History, given: Data) -> Option<Books> {
        let bytes = history.bytes(given);
        READ.with_borrow_mut(|read| {
            if let Some((_, known)) = read.iter().find(|(known, _)| **known == *bytes) {
                return known.clone();
            }
            let books = Books::of(&history.term(given));
            read.truncate(REMEMBERED - 1);
            read.push_front((bytes.into(), books.clone()));
            books
        })
    }

    fn of(given: &Term) -> Option<Books> {
        let [ok, what] = given.as_tuple()? else {
            return None;
        };
        let [flags, specs] = what.as_tuple().filter(|_| ok.is_atom("ok"))? else {
            return None;
        };
        let count = |name: &str, default: i64| {
            let n = flags.get(name).map_or(Some(default), Term::as_int)?;
            u64::try_from(n).ok()
        };
        let strategy = read(flags.get("strategy"), Strategy::OneForOne)?;
        let mut specs: Vec<Spec> = specs
            .as_list()?
            .iter()
            .map(Spec::of)
            .collect::<Option<_>>()?;
        let is_simple = strategy == Strategy::SimpleOneForOne;
        Some(Books {
            strategy,
            intensity: usize::try_from(count("intensity", 1)?).ok()?,
            period: count("period", 5)?,
            auto_shutdown: read(flags.get("auto_shutdown"), AutoShutdown::Never)?,
            template: if is_simple { specs.pop() } else { None },
            specs,
        })
    }

    /// Whether the restart of one child is a restart of others, too.
    pub(super) fn is_group(&self) -> bool {
        matches!(self.strategy, Strategy::OneForAll | Strategy::RestForOne)
    }

    pub(super) fn is_simple(&self) -> bool {
        self.template.is_some()
    }

    pub(super) fn by_name(&self, name: &str) -> Option<usize> {
        self.specs.iter().position(|spec| spec.name == name)
    }

    pub(super) fn by_id(&self, id: &Term) -> Option<usize> {
        self.specs.iter().position(|spec| spec.id == *id)
    }

    /// A child of a simple_one_for_one, by the name that it takes.
    pub(super) fn instance(&self, name: &str) -> Option<Spec> {
        self.template.as_ref().map(|template| Spec {
            id: atom(name),
            name: name.into(),
            ..template.clone()
        })
    }
}

impl Spec {
    /// A spec as a map.
    pub(super) fn of(spec: &Term) -> Option<Spec> {
        let [_, _, args] = spec.get("start")?.as_tuple()? else {
            return None;
        };
        // `Module:start_link(Name, Args)`; a template has no name yet.
        let name = match args.as_list()?.first() {
            Some(name) => name.as_atom()?.as_str().to_owned(),
            None => String::new(),
        };
        Some(Spec {
            id: spec.get("id")?.clone(),
            name,
            restart: read(spec.get("restart"), Restart::Permanent)?,
            significant: spec.get("significant").and_then(Term::as_bool) == Some(true),
            is_supervisor: spec.get("type").is_some_and(|t| t.is_atom("supervisor")),
        })
    }
}

fn atom(name: &str) -> Term {
    Atom::new(name).map_or(Term::atom("undefined"), Term::Atom)
}

fn read<T: serde::de::DeserializeOwned>(term: Option<&Term>, default: T) -> Option<T> {
    match term {
        Some(term) => upheaval_term::from_term(term).ok(),
        None => Some(default),
    }
}
