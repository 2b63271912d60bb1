//! `atlas`, version 1: counts what is looked up in it.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Atlas {
    lookups: i64,
}

#[derive(Deserialize)]
enum Request {
    Lookup(#[expect(dead_code, reason = "it has every place")] i64),
}

impl GenServer for Atlas {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Atlas { lookups: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        self.lookups += 1;
        CallReturn::Reply(self.lookups)
    }
}

export!(gen_server Atlas, module "atlas", vsn "1");
