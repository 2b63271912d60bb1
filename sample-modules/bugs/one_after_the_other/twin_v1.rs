//! `clerk`, version 1, without the bug of `v1.rs`: it is told when it is done, and can be
//! asked meanwhile.

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

/// What it is told when it is done with one.
#[derive(Serialize, Deserialize)]
enum Done {
    Done,
}

impl GenServer for Clerk {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Done;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Clerk { served: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(self.served)
    }

    fn handle_cast(&mut self, _: Cast, context: &Context) -> Return {
        context.send_after(TAKES, context.self_pid(), &Done::Done);
        Return::NoReply
    }

    fn handle_info(&mut self, _: Done, _: &Context) -> Return {
        self.served += 1;
        Return::NoReply
    }
}

export!(gen_server Clerk, module "clerk", vsn "1");
