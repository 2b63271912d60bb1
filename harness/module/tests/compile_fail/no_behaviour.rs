//! A type that is no server is exported as one.

use upheaval_module::prelude::*;

struct Counter;

export!(gen_server Counter, module "counter", vsn "1");

fn main() {}
