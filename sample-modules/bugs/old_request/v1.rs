//! `votes`, version 1: counts votes.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Votes {
    votes: i64,
}

#[derive(Deserialize)]
enum Request {
    Count,
}

#[derive(Deserialize)]
enum Cast {
    Vote(#[expect(dead_code, reason = "all votes count alike")] Term),
}

impl GenServer for Votes {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Votes { votes: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(self.votes)
    }

    fn handle_cast(&mut self, Cast::Vote(_): Cast, _: &Context) -> Return {
        self.votes += 1;
        Return::NoReply
    }
}

export!(gen_server Votes, module "votes", vsn "1");
