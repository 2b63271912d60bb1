//! `event_log`, version 2: the sum is called `total`, and the notes are counted.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct EventLog {
    id: Atom,
    total: i64,
    notes: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    id: Atom,
    sum: i64,
}

#[derive(Deserialize)]
enum Event {
    Note(i64),
    /// The handler of that id crashes.
    Crash(Atom),
    /// The handler of that id leaves.
    Leave(Atom),
}

#[derive(Deserialize)]
enum Request {
    Count,
    Crash,
    Leave,
}

impl GenEvent for EventLog {
    type Args = Atom;
    type Event = Event;
    type Call = Request;
    type Reply = i64;
    type Info = Term;

    /// `Args` is the list of their ids.
    fn handlers(args: Term) -> Vec<(Option<Term>, Term)> {
        let ids = args.as_list().unwrap_or_default().iter();
        ids.map(|id| (Some(id.clone()), id.clone())).collect()
    }

    fn init(id: Atom, _: &Context) -> InitHandler<Self> {
        InitHandler::Ok(EventLog {
            id,
            total: 0,
            notes: 0,
        })
    }

    fn init_swapped(id: Atom, left: Term, context: &Context) -> InitHandler<Self> {
        match left.as_int() {
            Some(count) => InitHandler::Ok(EventLog {
                id,
                total: count,
                notes: 0,
            }),
            None => Self::init(id, context),
        }
    }

    fn handle_event(&mut self, event: Event, _: &Context) -> HandlerReturn {
        match event {
            Event::Note(n) => {
                self.total += n;
                self.notes += 1;
            }
            Event::Crash(id) if id == self.id => upheaval_module::error(Term::atom("told_to")),
            Event::Leave(id) if id == self.id => return HandlerReturn::Remove,
            Event::Crash(_) | Event::Leave(_) => {}
        }
        HandlerReturn::Ok
    }

    fn handle_call(&mut self, request: Request, _: &Context) -> HandlerCallReturn<i64> {
        match request {
            Request::Count => HandlerCallReturn::Reply(self.total),
            Request::Crash => upheaval_module::error(Term::atom("told_to")),
            Request::Leave => HandlerCallReturn::Remove(self.total),
        }
    }

    fn terminate(&mut self, _: &Term, _: &Context) -> Term {
        Term::Int(self.total)
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| EventLog {
                id: old.id,
                total: old.sum,
                notes: 0,
            }),
            Change::Down { to } if to == "1" => convert(&state, |new: EventLog| V1 {
                id: new.id,
                sum: new.total,
            }),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_event EventLog, module "event_log", vsn "2");
