//! `quota`, version 1: how much has been taken.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Quota {
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
        Init::Ok(Quota { taken: 0 })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        let Request::Take(n) = request;
        self.taken += n;
        CallReturn::Reply(self.taken)
    }
}

export!(gen_server Quota, module "quota", vsn "1");
