//! `spare`, version 2: a module that is loaded although nobody runs it.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Spare;

impl GenServer for Spare {
    type Args = Term;
    type Call = Term;
    type Reply = u32;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Spare)
    }

    fn handle_call(&mut self, _: Term, _: Caller, _: &Context) -> CallReturn<u32> {
        CallReturn::Reply(2)
    }
}

export!(gen_server Spare, module "spare", vsn "2");
