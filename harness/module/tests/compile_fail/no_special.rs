//! A type that is no special process.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter {
    count: i64,
}

export!(special Counter, module "counter", vsn "1");

fn main() {}
