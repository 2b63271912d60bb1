//! `numbers`: answers with a number that outlives the case, as a static does. So no
//! plan has one history.

use std::sync::atomic::{AtomicI64, Ordering};

use upheaval_module::prelude::*;

static NEXT: AtomicI64 = AtomicI64::new(0);

#[derive(Serialize, Deserialize)]
struct Numbers;

#[derive(Deserialize)]
enum Request {
    Next,
}

impl GenServer for Numbers {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Numbers)
    }

    fn handle_call(&mut self, Request::Next: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

export!(gen_server Numbers, module "numbers", vsn "1");
