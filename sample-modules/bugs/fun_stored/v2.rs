//! `tracer`, version 2: gives `registry` a sampler.
//!
//! With a bug: the sampler is a fun of this version, which two more loads take away (A6).
//! Its correct twin is `twin_v2.rs`, which gives one by name.
//!
//! opentelemetry-erlang#25.

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
    Sampler(LocalFun),
}

/// `fun(N) -> {Version, N} end`.
fn sampler(_: &Context, (): (), (n,): (i64,)) -> (i64, i64) {
    (2, n)
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
            &ToRegistry::Sampler(context.fun("sampler", &())),
        );
        CallReturn::Reply(self.installed)
    }
}

export!(gen_server Tracer, module "tracer", vsn "2", funs [sampler]);
