//! `stall_sup`, version 1: the stall is number 1.

use upheaval_module::prelude::*;

struct Stalls;

impl Supervisor for Stalls {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        let stall = ChildSpec::worker("stall_1", "stall", Term::List(vec![]));
        SupervisorInit::Ok(flags, vec![stall])
    }
}

export!(supervisor Stalls, module "stall_sup", vsn "1");
