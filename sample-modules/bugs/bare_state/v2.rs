//! `atlas`, version 2: counts what it does not have, too.
//!
//! With a bug: `code_change` returns the bare state, and not `{ok, State}`. Its correct
//! twin is `twin_v2.rs`.
//!
//! mochi/egeoip#7: there the error path went on to format the state, and the memory was
//! not enough for that.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Atlas {
    lookups: i64,
    misses: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    lookups: i64,
}

#[derive(Deserialize)]
enum Request {
    Lookup(i64),
}

impl GenServer for Atlas {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Atlas {
            lookups: 0,
            misses: 0,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        let Request::Lookup(place) = request;
        self.lookups += 1;
        self.misses += i64::from(place > 6);
        CallReturn::Reply(self.lookups)
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        let converted = match change {
            Change::Up { from } if from == "1" => convert(&state, up)?,
            Change::Down { to } if to == "1" => convert(&state, down)?,
            _ => return Err(Term::atom("unknown_version")),
        };
        // What is thrown is what is returned.
        upheaval_module::throw(converted)
    }
}

fn up(old: V1) -> Atlas {
    Atlas {
        lookups: old.lookups,
        misses: 0,
    }
}

fn down(new: Atlas) -> V1 {
    V1 {
        lookups: new.lookups,
    }
}

export!(gen_server Atlas, module "atlas", vsn "2");
