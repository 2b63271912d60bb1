//! `stuck_loop`, version 2: a plain process that goes on with a local call of
//! its loop. It never leaves the version it started in: it lingers, and a purge
//! kills it.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct StuckLoop {
    answered: u64,
}

impl Process for StuckLoop {
    fn run(mut self, context: &Context) -> Continuation<Self> {
        loop {
            let (from, tag, what): (Pid, Ref, Term) = context.receive();
            context.send(from, &(tag, (Atom::from_static("stuck_2"), what)));
            self.answered += 1;
        }
    }
}

export!(process StuckLoop, module "stuck_loop", vsn "2");
