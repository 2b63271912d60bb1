//! `relay`, version 2: answers otherwise.
//!
//! With a bug: its loop goes on with a local call, so whoever waits in it stays in the
//! version that it began in, whatever is loaded, until a purge kills it (A5, A8). Its
//! correct twin is `twin_v2.rs`, which handles system messages.
//!
//! cloudant/fabric#143.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Relay {
    relayed: i64,
}

impl Process for Relay {
    fn run(mut self, context: &Context) -> Continuation<Self> {
        loop {
            let (from, tag, what): (Pid, Ref, Term) = context.receive();
            context.send(from, &(tag, (2, what)));
            self.relayed += 1;
        }
    }
}

export!(process Relay, module "relay", vsn "2");
