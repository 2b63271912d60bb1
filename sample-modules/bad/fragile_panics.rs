//! `fragile`, version 3: its `code_change` panics.

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
        panic!("told to panic in code_change")
    }
}

export!(gen_server Fragile, module "fragile", vsn "3");
