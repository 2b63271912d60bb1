//! `event_log`, version 1: adds up what it is told.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct EventLog {
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
        InitHandler::Ok(EventLog { id, sum: 0 })
    }

    fn init_swapped(id: Atom, left: Term, context: &Context) -> InitHandler<Self> {
        match left.as_int() {
            Some(count) => InitHandler::Ok(EventLog { id, sum: count }),
            None => Self::init(id, context),
        }
    }

    fn handle_event(&mut self, event: Event, _: &Context) -> HandlerReturn {
        match event {
            Event::Note(n) => self.sum += n,
            Event::Crash(id) if id == self.id => upheaval_module::error(Term::atom("told_to")),
            Event::Leave(id) if id == self.id => return HandlerReturn::Remove,
            Event::Crash(_) | Event::Leave(_) => {}
        }
        HandlerReturn::Ok
    }

    fn handle_call(&mut self, request: Request, _: &Context) -> HandlerCallReturn<i64> {
        match request {
            Request::Count => HandlerCallReturn::Reply(self.sum),
            Request::Crash => upheaval_module::error(Term::atom("told_to")),
            Request::Leave => HandlerCallReturn::Remove(self.sum),
        }
    }

    fn terminate(&mut self, _: &Term, _: &Context) -> Term {
        Term::Int(self.sum)
    }
}

export!(gen_event EventLog, module "event_log", vsn "1");
