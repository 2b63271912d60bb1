//! `fragile`, version 1: panics where it is told to.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Fragile {
    count: i64,
}

#[derive(Deserialize)]
enum Args {
    Panic,
    Count(i64),
}

#[derive(Deserialize)]
enum Request {
    Panic,
    Add(i64),
}

impl GenServer for Fragile {
    type Args = Args;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(args: Args, _: &Context) -> Init<Self> {
        match args {
            Args::Panic => panic!("told to panic in init"),
            Args::Count(count) => Init::Ok(Fragile { count }),
        }
    }

    fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        match request {
            Request::Panic => panic!("told to panic in a call"),
            Request::Add(n) => self.count += n,
        }
        CallReturn::Reply(self.count)
    }
}

export!(gen_server Fragile, module "fragile", vsn "1");
