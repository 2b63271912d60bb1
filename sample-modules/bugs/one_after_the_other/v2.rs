//! `clerk`, version 2: says twice how many it has served. It takes a while each.
//!
//! With a bug: it does nothing else meanwhile, and an upgrade waits for one such clerk after
//! the other (C8). Its correct twin is `twin_v2.rs`.
//!
//! erlang/otp#11001.

use std::time::Duration;

use upheaval_module::prelude::*;

/// How long it takes to serve somebody.
const TAKES: Duration = Duration::from_secs(60);

#[derive(Serialize, Deserialize)]
struct Clerk {
    served: i64,
}

#[derive(Deserialize)]
enum Request {
    Served,
}

#[derive(Deserialize)]
enum Cast {
    Serve,
}

/// Nobody sends that.
#[derive(Deserialize)]
enum Woken {
    Wake,
}

impl GenServer for Clerk {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Never;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Clerk { served: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(2 * self.served)
    }

    fn handle_cast(&mut self, _: Cast, context: &Context) -> Return {
        let _ = context.receive_timeout::<Woken>(TAKES);
        self.served += 1;
        Return::NoReply
    }
}

export!(gen_server Clerk, module "clerk", vsn "2");
