//! `fragile`, version 2: its `code_change` refuses.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Fragile {
    count: i64,
}

#[derive(Deserialize)]
enum Request {
    Add(i64),
}

impl GenServer for Fragile {
    type Args = i64;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(count: i64, _: &Context) -> Init<Self> {
        Init::Ok(Fragile { count })
    }

    fn handle_call(&mut self, Request::Add(n): Request, _: Caller, _: &Context) -> CallReturn<i64> {
        self.count += n;
        CallReturn::Reply(self.count)
    }

    fn code_change(_: Change, _: Term, _: Term) -> Result<Term, Term> {
        Err(Term::atom("not_today"))
    }
}

export!(gen_server Fragile, module "fragile", vsn "2");
