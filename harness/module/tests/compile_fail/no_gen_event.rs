//! A type that is no event handler.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter {
    count: i64,
}

export!(gen_event Counter, module "counter", vsn "1");

fn main() {}
