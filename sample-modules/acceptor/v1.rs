//! `acceptor`, version 1: a plain process that blocks until somebody connects, tells
//! `connections`, and goes on with a qualified call of its loop.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Acceptor {
    accepted: u64,
}

/// What `connections` is told.
#[derive(Serialize)]
enum ToConnections {
    Open(String),
}

impl Process for Acceptor {
    fn run(self, context: &Context) -> Continuation<Self> {
        let (from, tag, peer): (Pid, Ref, String) = context.receive();
        context.cast("connections", &ToConnections::Open(peer.clone()));
        context.send(from, &(tag, (Atom::from_static("accepted"), peer)));
        Continuation::Qualified(Acceptor {
            accepted: self.accepted + 1,
        })
    }
}

export!(process Acceptor, module "acceptor", vsn "1");
