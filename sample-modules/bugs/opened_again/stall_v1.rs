//! `stall`, version 1: opens the port, and counts what it sells.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Stall {
    sold: i64,
}

#[derive(Deserialize)]
enum Request {
    /// How much was sold.
    Sell,
}

/// What `ports` is asked.
#[derive(Serialize)]
enum ToPorts {
    Open,
}

impl GenServer for Stall {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, context: &Context) -> Init<Self> {
        let opened: Term = context.call("ports", &ToPorts::Open);
        if !opened.is_atom("ok") {
            upheaval_module::error(Term::tuple([Term::atom("badmatch"), opened]));
        }
        Init::Ok(Stall { sold: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        self.sold += 1;
        CallReturn::Reply(self.sold)
    }
}

export!(gen_server Stall, module "stall", vsn "1");
