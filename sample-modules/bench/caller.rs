//! `caller`: calls `counter` so many times, for the benchmark of calls.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Calls {
    left: u64,
}

#[derive(Serialize)]
enum ToCounter {
    Add(i64),
}

impl Process for Calls {
    fn run(self, context: &Context) -> Continuation<Self> {
        for _ in 0..self.left {
            let _: i64 = context.call("counter", &ToCounter::Add(1));
        }
        Continuation::Done
    }
}

export!(process Calls, module "caller", vsn "1");
