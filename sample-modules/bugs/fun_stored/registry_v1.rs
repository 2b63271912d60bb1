//! `registry`: keeps a sampler that others give it, and asks it.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Registry {
    sampler: Term,
}

#[derive(Deserialize)]
enum Request {
    Sample(i64),
}

#[derive(Deserialize)]
enum Told {
    Sampler(Term),
}

impl GenServer for Registry {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Told;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Registry {
            sampler: Term::atom("none"),
        })
    }

    fn handle_call(&mut self, request: Request, _: Caller, context: &Context) -> CallReturn<Term> {
        let Request::Sample(n) = request;
        CallReturn::Reply(match &self.sampler {
            Term::LocalFun(fun) => context.call_fun(&**fun, &(n,)),
            Term::Fun(fun) => context.call_fun(fun, &(n,)),
            _ => Term::atom("none"),
        })
    }

    fn handle_cast(&mut self, Told::Sampler(sampler): Told, _: &Context) -> Return {
        self.sampler = sampler;
        Return::NoReply
    }
}

export!(gen_server Registry, module "registry", vsn "1");
