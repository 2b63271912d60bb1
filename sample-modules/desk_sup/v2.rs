//! `desk_sup`, version 2: bears more.

use upheaval_module::prelude::*;

struct Desks;

impl Supervisor for Desks {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 4,
            ..Flags::default()
        };
        let desk = ChildSpec::worker("desk", "counter", Term::Int(0));
        SupervisorInit::Ok(flags, vec![desk])
    }
}

export!(supervisor Desks, module "desk_sup", vsn "2");
