//! `runner`: does the jobs that others send it.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Runner {
    done: i64,
}

#[derive(Deserialize)]
enum Request {
    Done,
}

#[derive(Deserialize)]
enum Told {
    Job(Term, i64),
}

impl GenServer for Runner {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Told;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Runner { done: 0 })
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<i64> {
        CallReturn::Reply(self.done)
    }

    fn handle_cast(&mut self, Told::Job(job, n): Told, context: &Context) -> Return {
        let _: Term = match &job {
            Term::LocalFun(fun) => context.call_fun(&**fun, &(n,)),
            Term::Fun(fun) => context.call_fun(fun, &(n,)),
            _ => upheaval_module::error(Term::tuple([Term::atom("badfun"), job])),
        };
        self.done += 1;
        Return::NoReply
    }
}

export!(gen_server Runner, module "runner", vsn "1");
