//! `api`, version 2: has `runner` do what it is asked.
//!
//! With a bug: the job is a fun of this version, which may be gone when it is done (A6).
//! Its correct twin is `twin_v2.rs`, which sends one by name.
//!
//! emqx-management#260.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Api {
    asked: i64,
}

#[derive(Deserialize)]
enum Request {
    Run(i64),
}

#[derive(Serialize)]
enum ToRunner {
    Job(LocalFun, i64),
}

/// `fun(N) -> {Version, N} end`.
fn job(_: &Context, (): (), (n,): (i64,)) -> (i64, i64) {
    (2, n)
}

impl GenServer for Api {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Api { asked: 0 })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        let Request::Run(n) = request;
        self.asked += 1;
        context.cast("runner", &ToRunner::Job(context.fun("job", &()), n));
        CallReturn::Reply(self.asked)
    }

    fn code_change(_: Change, state: Term, _: Term) -> Result<Term, Term> {
        Ok(state)
    }
}

export!(gen_server Api, module "api", vsn "2", funs [job]);
