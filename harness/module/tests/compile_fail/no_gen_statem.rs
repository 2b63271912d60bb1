//! A type that is no state machine.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter {
    count: i64,
}

export!(gen_statem Counter, module "counter", vsn "1");

fn main() {}
