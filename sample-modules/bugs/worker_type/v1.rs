//! `floor_sup`, version 1: the supervisor of a supervisor of desks.
//!
//! With a bug: the spec of that does not say that it is a supervisor, so an upgrade does not
//! ask it for its children (C5). Its correct twin is `twin_v1.rs`.
//!
//! supabase/supavisor#850.

use upheaval_module::prelude::*;

struct Floor;

impl Supervisor for Floor {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        let desks = ChildSpec::worker("desks", "desk_sup", Term::List(vec![]));
        SupervisorInit::Ok(flags, vec![desks])
    }
}

export!(supervisor Floor, module "floor_sup", vsn "1");
