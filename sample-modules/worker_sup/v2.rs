//! `worker_sup`, version 2: a pool of workers that come and go, which bears more.

use upheaval_module::prelude::*;

struct Workers;

impl Supervisor for Workers {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        let flags = Flags {
            strategy: Strategy::SimpleOneForOne,
            intensity: 5,
            ..Flags::default()
        };
        SupervisorInit::Ok(flags, vec![ChildSpec::template("worker", "worker")])
    }
}

export!(supervisor Workers, module "worker_sup", vsn "2");
