//! `counter`, version 3: the fields of version 2 in another order and under
//! other names.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter {
    additions: u64,
    value: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    count: i64,
}

/// The state of version 2.
#[derive(Serialize, Deserialize)]
struct V2 {
    total: i64,
    adds: u64,
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
        self.value += n;
        self.additions += 1;
    }
}

impl GenServer for Counter {
    type Args = i64;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Term;

    fn init(value: i64, _: &Context) -> Init<Self> {
        Init::Ok(Counter {
            additions: 0,
            value,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        if let Request::Add(n) = request {
            self.add(n);
        }
        CallReturn::Reply(self.value)
    }

    fn handle_cast(&mut self, Cast::Add(n): Cast, _: &Context) -> Return {
        self.add(n);
        Return::NoReply
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Counter {
                additions: 0,
                value: old.count,
            }),
            Change::Up { from } if from == "2" => convert(&state, |old: V2| Counter {
                additions: old.adds,
                value: old.total,
            }),
            Change::Down { to } if to == "1" => {
                convert(&state, |new: Counter| V1 { count: new.value })
            }
            Change::Down { to } if to == "2" => convert(&state, |new: Counter| V2 {
                total: new.value,
                adds: new.additions,
            }),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Counter, module "counter", vsn "3");
