//! `ports`, version 1: one port, which one process at a time can have open.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Ports {
    owner: Option<Pid>,
}

#[derive(Deserialize)]
enum Request {
    Open,
}

impl GenServer for Ports {
    type Args = Term;
    type Call = Request;
    type Reply = Atom;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Ports { owner: None })
    }

    fn handle_call(&mut self, _: Request, caller: Caller, context: &Context) -> CallReturn<Atom> {
        let has_owner = (self.owner.as_ref()).is_some_and(|owner| context.is_alive(owner));
        CallReturn::Reply(if has_owner {
            Atom::from_static("eaddrinuse")
        } else {
            self.owner = Some(caller.0);
            Atom::from_static("ok")
        })
    }
}

export!(gen_server Ports, module "ports", vsn "1");
