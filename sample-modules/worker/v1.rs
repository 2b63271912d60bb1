//! `worker`, version 1: says which job it has done.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Worker {
    done: i64,
}

#[derive(Deserialize)]
enum Request {
    Work(i64),
}

impl GenServer for Worker {
    type Args = Term;
    type Call = Request;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Worker { done: 0 })
    }

    fn handle_call(
        &mut self,
        Request::Work(n): Request,
        _: Caller,
        _: &Context,
    ) -> CallReturn<i64> {
        self.done += 1;
        CallReturn::Reply(n)
    }
}

export!(gen_server Worker, module "worker", vsn "1");
