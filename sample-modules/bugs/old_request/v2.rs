//! `votes`, version 2: a vote has a weight. Votes in the old format still come.
//!
//! With a bug: a vote whose name is no atom stays in the old format, and comes again and
//! again. Its correct twin is `twin_v2.rs`.
//!
//! riak#407.

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

    fn handle_cast(&mut self, vote: Term, context: &Context) -> Return {
        match vote.as_tuple() {
            Some([what, _, Term::Int(weight)]) if what.is_atom("vote") => self.votes += weight,
            _ => context.cast(context.self_pid(), &new_format(vote)),
        }
        Return::NoReply
    }
}

/// A vote in the format of this version.
fn new_format(vote: Term) -> Term {
    match vote.as_tuple() {
        Some([what, name @ Term::Atom(_)]) if what.is_atom("vote") => {
            Term::tuple([what.clone(), name.clone(), Term::Int(1)])
        }
        _ => vote,
    }
}

export!(gen_server Votes, module "votes", vsn "2");
