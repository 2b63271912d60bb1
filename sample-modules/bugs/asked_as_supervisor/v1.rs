//! `desk_sup`, version 1: a desk, at which a counter sits.
//!
//! With a bug: the spec of the desk says that it is a supervisor, so whoever walks the tree
//! asks it for its children (C5). Its correct twin is `desk_sup/v1.rs`.
//!
//! elixir-broadway/broadway#71.

use upheaval_module::prelude::*;

struct Desks;

impl Supervisor for Desks {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            intensity: 3,
            ..Flags::default()
        };
        let desk = ChildSpec::supervisor("desk", "counter", Term::Int(0));
        SupervisorInit::Ok(flags, vec![desk])
    }
}

export!(supervisor Desks, module "desk_sup", vsn "1");
