//! A state that cannot be written as a term.

use upheaval_module::prelude::*;

#[derive(Deserialize)]
struct Counter {
    count: i64,
}

impl GenServer for Counter {
    type Args = i64;
    type Call = Term;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(count: i64, _: &Context) -> Init<Self> {
        Init::Ok(Counter { count })
    }

    fn handle_call(&mut self, _: Term, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(self.count)
    }
}

export!(gen_server Counter, module "counter", vsn "1");

fn main() {}
