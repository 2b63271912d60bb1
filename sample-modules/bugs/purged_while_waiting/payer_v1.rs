//! `payer`, version 1: pays at the bank, and waits until it is done.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Payer {
    paid: i64,
}

/// What it is asked, and what `bank` is.
#[derive(Serialize, Deserialize)]
enum Request {
    Pay(i64),
}

impl GenServer for Payer {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Payer { paid: 0 })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        let _: i64 = context.call("bank", &request);
        let Request::Pay(amount) = request;
        self.paid += amount;
        CallReturn::Reply(self.paid)
    }
}

export!(gen_server Payer, module "payer", vsn "1");
