//! A type that is no generic server.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter {
    count: i64,
}

export!(gen_server Counter, module "counter", vsn "1");

fn main() {}
