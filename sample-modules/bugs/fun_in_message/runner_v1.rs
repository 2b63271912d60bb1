//! `runner`: does the jobs that others send it, many at a time.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Runner {
    jobs: Vec<(Term, i64)>,
    done: i64,
}

#[derive(Deserialize)]
enum Request {
    Work,
}

#[derive(Deserialize)]
enum Told {
    Job(Term, i64),
    Work,
}

impl Runner {
    fn work(&mut self, context: &Context) {
        for (job, n) in self.jobs.drain(..) {
            let _: Term = match &job {
                Term::LocalFun(fun) => context.call_fun(&**fun, &(n,)),
                Term::Fun(fun) => context.call_fun(fun, &(n,)),
                _ => upheaval_module::error(Term::tuple([Term::atom("badfun"), job])),
            };
            self.done += 1;
        }
    }
}

impl GenServer for Runner {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Told;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Runner {
            jobs: Vec::new(),
            done: 0,
        })
    }

    fn handle_call(&mut self, _: Request, _: Caller, context: &Context) -> CallReturn<i64> {
        self.work(context);
        CallReturn::Reply(self.done)
    }

    fn handle_cast(&mut self, told: Told, context: &Context) -> Return {
        match told {
            Told::Job(job, n) => self.jobs.push((job, n)),
            Told::Work => self.work(context),
        }
        Return::NoReply
    }
}

export!(gen_server Runner, module "runner", vsn "1");
