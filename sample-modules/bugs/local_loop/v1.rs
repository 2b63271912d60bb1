//! `relay`, version 1: a plain process that answers; its loop goes on with a local call.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Relay {
    relayed: i64,
}

impl Process for Relay {
    fn run(mut self, context: &Context) -> Continuation<Self> {
        loop {
            let (from, tag, what): (Pid, Ref, Term) = context.receive();
            context.send(from, &(tag, (1, what)));
            self.relayed += 1;
        }
    }
}

export!(process Relay, module "relay", vsn "1");
