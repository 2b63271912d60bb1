//! `cache`, version 2: the entries are called `values`, and the puts are counted.

use std::collections::BTreeMap;
use std::time::Duration;

use upheaval_module::prelude::*;

/// How long nobody must ask for it to forget.
const IDLE: Duration = Duration::from_millis(700);

#[derive(Serialize, Deserialize)]
struct Cache {
    values: BTreeMap<Atom, i64>,
    puts: u64,
    /// Who waits for a value to be put.
    waiting: Vec<Caller>,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    entries: BTreeMap<Atom, i64>,
    waiting: Vec<Caller>,
}

#[derive(Deserialize)]
enum Request {
    Get(Atom),
    Put(Atom, i64),
    Wait,
    Stop,
}

#[derive(Deserialize)]
enum Cast {
    Put(Atom, i64),
    Clear,
}

impl Cache {
    fn put(&mut self, key: Atom, value: i64, context: &Context) {
        self.values.insert(key, value);
        self.puts += 1;
        for caller in self.waiting.drain(..) {
            context.reply(&caller, &value);
        }
    }
}

impl GenServer for Cache {
    type Args = i64;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Term;

    fn init(first: i64, _: &Context) -> Init<Self> {
        let cache = Cache {
            values: BTreeMap::new(),
            puts: 0,
            waiting: Vec::new(),
        };
        Init::OkThen(cache, Next::Continue(Term::Int(first)))
    }

    fn handle_continue(&mut self, first: Term, _: &Context) -> Return {
        self.values
            .insert(Atom::from_static("first"), first.as_int().unwrap_or(0));
        Return::NoReply
    }

    fn handle_call(
        &mut self,
        request: Request,
        caller: Caller,
        context: &Context,
    ) -> CallReturn<i64> {
        match request {
            Request::Get(key) => {
                let value = self.values.get(&key).copied().unwrap_or(-1);
                CallReturn::ReplyThen(value, Next::Timeout(IDLE))
            }
            Request::Put(key, value) => {
                self.put(key, value, context);
                CallReturn::ReplyThen(value, Next::Hibernate)
            }
            Request::Wait => {
                self.waiting.push(caller);
                CallReturn::NoReply
            }
            Request::Stop => CallReturn::StopReply(Term::atom("shutdown"), 0),
        }
    }

    fn handle_cast(&mut self, cast: Cast, context: &Context) -> Return {
        match cast {
            Cast::Put(key, value) => {
                self.put(key, value, context);
                Return::NoReply
            }
            // At once, if there is nothing else to do.
            Cast::Clear => Return::NoReplyThen(Next::Timeout(Duration::ZERO)),
        }
    }

    fn handle_info(&mut self, message: Term, _: &Context) -> Return {
        if message.is_atom("timeout") {
            self.values.clear();
        }
        Return::NoReply
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Cache {
                values: old.entries,
                puts: 0,
                waiting: old.waiting,
            }),
            Change::Down { to } if to == "1" => convert(&state, |new: Cache| V1 {
                entries: new.values,
                waiting: new.waiting,
            }),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Cache, module "cache", vsn "2");
