//! `agency`, version 1: a supervisor of its own kind, of one agent; they end together.
//!
//! With a bug: it says who its children are in a shape that OTP had once, with how an agent
//! is started, and nobody understands it (C5). Its correct twin is `twin_v1.rs`.
//!
//! klarna/supervisor3#21, rabbitmq-common#230.

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
        let start = Term::tuple([Term::atom("counter"), Term::atom("start_link")]);
        let [id, worker] = ["agent", "worker"].map(Term::atom);
        let child = Term::tuple([id, agent, worker, start, modules]);
        CallReturn::Reply(Term::list([child]))
    }
}

export!(gen_server Agency, module "agency", vsn "1");
