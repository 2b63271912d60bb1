//! `hall`, version 1, without the bug of `v1.rs`: it stays, and begins anew.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Hall {
    entered: i64,
}

#[derive(Deserialize)]
enum Request {
    Entered,
}

#[derive(Deserialize)]
enum Cast {
    Enter,
    /// It takes so long in Erlang; here it takes as long as the others take steps meanwhile.
    Close(#[expect(dead_code, reason = "the time is Erlang's")] i64),
}

impl GenServer for Hall {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Cast;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Hall { entered: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(self.entered)
    }

    fn handle_cast(&mut self, cast: Cast, _: &Context) -> Return {
        match cast {
            Cast::Enter => self.entered += 1,
            Cast::Close(_) => self.entered = 0,
        }
        Return::NoReply
    }
}

export!(gen_server Hall, module "hall", vsn "1");
