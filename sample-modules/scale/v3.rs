//! `scale`, version 3: a library that refuses to be loaded.

use upheaval_module::prelude::*;

/// `scale:weigh/1`.
fn weigh(_: &Context, (n,): (i64,)) -> (i64, i64) {
    (3, n)
}

fn prepare(_: &Context) -> Result<(), Term> {
    Err(Term::atom("not_today"))
}

export!(library, module "scale", vsn "3", functions [weigh], on_load prepare);
