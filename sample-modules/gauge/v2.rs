//! `gauge`, version 2: answers with its version. Before it is loaded it asks the
//! one that runs for its own, waits for `till`, and has `till` take a note of both.

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
            Request::Version => Term::from(2),
            Request::Weigh(n) => context.apply("scale", "weigh", &(n,)),
        })
    }
}

#[derive(Serialize)]
enum ToGauge {
    Version,
}

#[derive(Serialize)]
enum ToTill {
    Open,
    Note(Term),
}

/// As long as this runs, the version before serves.
fn prepare(context: &Context) -> Result<(), Term> {
    let running: Term = context.call("gauge", &ToGauge::Version);
    let open: Term = context.call("till", &ToTill::Open);
    context.cast("till", &ToTill::Note(Term::tuple([running, open])));
    Ok(())
}

export!(gen_server Gauge, module "gauge", vsn "2", on_load prepare);
