//! `gauge`, version 3: answers with its version. It refuses to be loaded.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Gauge;

#[derive(Deserialize)]
enum Request {
    Version,
    /// What `scale` says that this weighs.
    Weigh(i64),
}

impl GenServer for Gauge {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Gauge)
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<Term> {
        CallReturn::Reply(match request {
            Request::Version => Term::from(3),
            Request::Weigh(n) => context.apply("scale", "weigh", &(n,)),
        })
    }
}

fn prepare(_: &Context) -> Result<(), Term> {
    Err(Term::atom("not_today"))
}

export!(gen_server Gauge, module "gauge", vsn "3", on_load prepare);
