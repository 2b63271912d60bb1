//! `gauge`, version 4: answers with its version. It crashes as it is loaded.

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
            Request::Version => Term::from(4),
            Request::Weigh(n) => context.apply("scale", "weigh", &(n,)),
        })
    }
}

fn prepare(context: &Context) -> Result<(), Term> {
    context.exit(Term::atom("broken"))
}

export!(gen_server Gauge, module "gauge", vsn "4", on_load prepare);
