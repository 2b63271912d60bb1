//! `pricing`, version 1: keeps how a price is made, as a fun by name.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Pricing {
    price: ExternalFun,
    quotes: i64,
}

#[derive(Deserialize)]
enum Request {
    Quote(i64),
}

/// `pricing:price/1`.
fn price(_: &Context, (n,): (i64,)) -> i64 {
    2 * n
}

impl GenServer for Pricing {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Pricing {
            price: ExternalFun::new("pricing", "price", 1),
            quotes: 0,
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        let Request::Quote(n) = request;
        self.quotes += 1;
        CallReturn::Reply(context.call_fun(&self.price, &(n,)))
    }
}

export!(gen_server Pricing, module "pricing", vsn "1", functions [price]);
