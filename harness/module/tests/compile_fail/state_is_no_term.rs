//! A state that cannot cross versions: it is not `Serialize`.

use upheaval_module::prelude::*;

#[derive(Deserialize)]
struct Counter;

impl GenServer for Counter {
    type Args = Term;
    type Call = Never;
    type Reply = i64;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ignore
    }

    fn handle_call(&mut self, call: Never, _: Caller, _: &Context) -> CallReturn<i64> {
        match call {}
    }
}

export!(gen_server Counter, module "counter", vsn "1");

fn main() {}
