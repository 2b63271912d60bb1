//! `votes`, version 2: a vote has a weight. Votes in the old format still come.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Votes {
    votes: i64,
}

#[derive(Deserialize)]
enum Request {
    Count,
}

impl GenServer for Votes {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Term;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Votes { votes: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(self.votes)
    }

    fn handle_cast(&mut self, vote: Term, _: &Context) -> Return {
        self.votes += weight(&vote);
        Return::NoReply
    }
}

/// The weight of a vote, in either format.
fn weight(vote: &Term) -> i64 {
    match vote.as_tuple() {
        Some([what, _, Term::Int(weight)]) if what.is_atom("vote") => *weight,
        Some([what, _]) if what.is_atom("vote") => 1,
        _ => upheaval_module::error(Term::atom("function_clause")),
    }
}

export!(gen_server Votes, module "votes", vsn "2");
