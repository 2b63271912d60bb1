//! `gauge`, version 1: answers with its version.

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
            Request::Version => Term::from(1),
            Request::Weigh(n) => context.apply("scale", "weigh", &(n,)),
        })
    }
}

export!(gen_server Gauge, module "gauge", vsn "1");
