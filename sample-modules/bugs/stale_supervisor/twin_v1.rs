//! `agency`, version 1, without the bug of `v1.rs`: it says who its children are as OTP does.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Agency {
    agent: Option<Pid>,
}

#[derive(Deserialize)]
enum Request {
    WhichChildren,
}

impl GenServer for Agency {
    type Args = Term;
    type Call = Request;
    type Reply = Term;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, context: &Context) -> Init<Self> {
        match context.start_link("agent", "counter", &0) {
            Ok(agent) => Init::Ok(Agency { agent }),
            Err(why) => Init::Stop(why),
        }
    }

    fn handle_call(&mut self, _: Request, _: Caller, _: &Context) -> CallReturn<Term> {
        let agent = self
            .agent
            .clone()
            .map_or(Term::atom("undefined"), Term::Pid);
        let modules = Term::list([Term::atom("counter")]);
        let [id, worker] = ["agent", "worker"].map(Term::atom);
        let child = Term::tuple([id, agent, worker, modules]);
        CallReturn::Reply(Term::list([child]))
    }
}

export!(gen_server Agency, module "agency", vsn "1");
