//! A supervisor would have to wait for it in the middle of what it does for its children.

use upheaval_module::prelude::*;

struct Sup;

impl Supervisor for Sup {
    type Args = Term;

    fn init(_: Term) -> SupervisorInit {
        SupervisorInit::Ignore
    }
}

fn prepare(_: &Context) -> Result<(), Term> {
    Ok(())
}

export!(supervisor Sup, module "sup", vsn "1", on_load prepare);

fn main() {}
