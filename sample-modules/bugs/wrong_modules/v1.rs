//! `desk_sup`, version 1: a desk, at which a counter sits.
//!
//! With a bug: the spec of the desk names another module than the one that it runs, so
//! no upgrade of that finds it (C5). Its correct twin is `desk_sup/v1.rs`.
//!
//! ninenines/cowboy#80.

use upheaval_module::behaviour::Modules;
use upheaval_module::prelude::*;

struct Desks;

impl Supervisor for Desks {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        let desk = ChildSpec {
            modules: Modules::List(vec![Atom::from_static("desk")]),
            ..ChildSpec::worker("desk", "counter", Term::Int(0))
        };
        SupervisorInit::Ok(flags, vec![desk])
    }
}

export!(supervisor Desks, module "desk_sup", vsn "1");
