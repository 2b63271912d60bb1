//! `pool_sup`, version 1: a simple_one_for_one; the children are counters.

use upheaval_module::prelude::*;

struct Pool;

impl Supervisor for Pool {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            strategy: Strategy::SimpleOneForOne,
            intensity: 3,
            ..Flags::default()
        };
        SupervisorInit::Ok(flags, vec![ChildSpec::template("counter", "counter")])
    }
}

export!(supervisor Pool, module "pool_sup", vsn "1");
