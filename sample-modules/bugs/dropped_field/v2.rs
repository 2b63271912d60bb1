//! `counter`, version 2, with a bug: `code_change` drops a field. The number
//! that version 1 had counted is gone, and version 2 starts from 0.
//!
//! Its correct twin is `counter/v2.rs`.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter {
    total: i64,
    adds: u64,
}

/// The state of version 1, of which the author forgot to take the count over.
#[derive(Serialize, Deserialize)]
struct V1 {
    count: i64,
}

#[derive(Deserialize)]
enum Request {
    Add(i64),
    Get,
}

#[derive(Deserialize)]
enum Cast {
    Add(i64),
}

impl Counter {
    fn add(&mut self, n: i64) {
        self.total += n;
        self.adds += 1;
    }
}

impl GenServer for Counter {
    type Args = i64;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Term;

    fn init(total: i64, _: &Context) -> Init<Self> {
        Init::Ok(Counter { total, adds: 0 })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        if let Request::Add(n) = request {
            self.add(n);
        }
        CallReturn::Reply(self.total)
    }

    fn handle_cast(&mut self, Cast::Add(n): Cast, _: &Context) -> Return {
        self.add(n);
        Return::NoReply
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => {
                convert(&state, |_: V1| Counter { total: 0, adds: 0 })
            }
            Change::Down { to } if to == "1" => {
                convert(&state, |new: Counter| V1 { count: new.total })
            }
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Counter, module "counter", vsn "2");
