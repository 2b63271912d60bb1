//! `floor_sup`, version 1, without the bug of `v1.rs`: it says what the supervisor of the
//! desks is.

use upheaval_module::prelude::*;

struct Floor;

impl Supervisor for Floor {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        let desks = ChildSpec::supervisor("desks", "desk_sup", Term::List(vec![]));
        SupervisorInit::Ok(flags, vec![desks])
    }
}

export!(supervisor Floor, module "floor_sup", vsn "1");
