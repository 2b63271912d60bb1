//! `desk_sup`, version 1: a desk, at which a counter sits.

use upheaval_module::prelude::*;

struct Desks;

impl Supervisor for Desks {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        let desk = ChildSpec::worker("desk", "counter", Term::Int(0));
        SupervisorInit::Ok(flags, vec![desk])
    }
}

export!(supervisor Desks, module "desk_sup", vsn "1");
