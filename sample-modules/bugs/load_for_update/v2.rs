//! `quota`, version 2: how much has been taken, and how often.
//!
//! It is right, and has its conversion. The bug is with who loads it where it has to be
//! updated: nothing is converted then.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Quota {
    taken: i64,
    times: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    taken: i64,
}

#[derive(Deserialize)]
enum Request {
    Take(i64),
}

impl GenServer for Quota {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Quota { taken: 0, times: 0 })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        let Request::Take(n) = request;
        self.taken += n;
        self.times += 1;
        CallReturn::Reply(self.taken)
    }

    fn code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Quota {
                taken: old.taken,
                times: 0,
            }),
            Change::Down { to } if to == "1" => {
                convert(&state, |new: Quota| V1 { taken: new.taken })
            }
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(gen_server Quota, module "quota", vsn "2");
