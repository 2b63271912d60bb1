//! `tracer`, version 1: gives `registry` a sampler.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Tracer {
    installed: i64,
}

#[derive(Deserialize)]
enum Request {
    Install,
}

#[derive(Serialize)]
enum ToRegistry {
    Sampler(ExternalFun),
}

/// `tracer:sampler/1`.
fn sampler(_: &Context, (n,): (i64,)) -> (i64, i64) {
    (1, n)
}

impl GenServer for Tracer {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Tracer { installed: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        self.installed += 1;
        context.cast(
            "registry",
            &ToRegistry::Sampler(ExternalFun::new("tracer", "sampler", 1)),
        );
        CallReturn::Reply(self.installed)
    }
}

export!(gen_server Tracer, module "tracer", vsn "1", functions [sampler]);
