//! `ponger`: sends back each number that it gets, less one, until it is 0; for
//! the benchmark of messages.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Ponger;

impl Process for Ponger {
    fn run(self, context: &Context) -> Continuation<Self> {
        let me = context.self_pid();
        loop {
            let (from, left): (Pid, u64) = context.receive();
            if left == 0 {
                return Continuation::Done;
            }
            context.send(from, &(&me, left - 1));
        }
    }
}

export!(process Ponger, module "ponger", vsn "1");
