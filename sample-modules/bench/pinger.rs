//! `pinger`: two processes that send each other a number, less one each time,
//! until it is 0; for the benchmark of messages.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Pinger {
    left: u64,
}

impl Process for Pinger {
    fn run(self, context: &Context) -> Continuation<Self> {
        let me = context.self_pid();
        if self.left > 0 {
            let other = context.spawn("pinger", &Pinger { left: 0 });
            context.send(other, &(&me, self.left));
        }
        loop {
            let (from, left): (Pid, u64) = context.receive();
            if left > 0 {
                context.send(&from, &(&me, left - 1));
            }
            if left <= 1 {
                return Continuation::Done;
            }
        }
    }
}

export!(process Pinger, module "pinger", vsn "1");
