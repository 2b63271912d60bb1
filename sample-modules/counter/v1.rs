//! `counter`, version 1: one number.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter {
    count: i64,
}

#[derive(Deserialize)]
enum Request {
    /// Adds, and answers with the new count.
    Add(i64),
    Get,
}

#[derive(Deserialize)]
enum Cast {
    Add(i64),
}

impl GenServer for Counter {
    type Args = i64;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Term;

    fn init(count: i64, _: &Context) -> Init<Self> {
        Init::Ok(Counter { count })
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        if let Request::Add(n) = request {
            self.count += n;
        }
        CallReturn::Reply(self.count)
    }

    fn handle_cast(&mut self, Cast::Add(n): Cast, _: &Context) -> Return {
        self.count += n;
        Return::NoReply
    }
}

export!(gen_server Counter, module "counter", vsn "1");
