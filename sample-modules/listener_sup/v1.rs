//! `listener_sup`, version 1: two acceptors.

use upheaval_module::prelude::*;

struct Listener;

fn acceptor(name: &'static str) -> ChildSpec {
    let accepted = Term::map([(Term::atom("accepted"), Term::Int(0))]);
    ChildSpec::worker(name, "acceptor", accepted)
}

impl Supervisor for Listener {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        SupervisorInit::Ok(flags, vec![acceptor("acceptor_1"), acceptor("acceptor_2")])
    }
}

export!(supervisor Listener, module "listener_sup", vsn "1");
