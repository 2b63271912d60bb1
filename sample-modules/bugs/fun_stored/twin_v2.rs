//! `tracer`, version 2: gives `registry` a sampler as it starts.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Tracer {
    traced: i64,
}

#[derive(Deserialize)]
enum Request {
    Trace,
}

#[derive(Serialize)]
enum ToRegistry {
    Sampler(ExternalFun),
}

/// `tracer:sampler/1`.
fn sampler(_: &Context, (n,): (i64,)) -> (i64, i64) {
    (2, n)
}

impl GenServer for Tracer {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, context: &Context) -> Init<Self> {
        context.cast(
            "registry",
            &ToRegistry::Sampler(ExternalFun::new("tracer", "sampler", 1)),
        );
        Init::Ok(Tracer { traced: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        self.traced += 1;
        CallReturn::Reply(self.traced)
    }
}

export!(gen_server Tracer, module "tracer", vsn "2", functions [sampler]);
