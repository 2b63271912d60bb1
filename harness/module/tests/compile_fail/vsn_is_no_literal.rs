//! A version that is not written out.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Echo;

impl Process for Echo {
    fn run(self, _: &Context) -> Continuation<Self> {
        Continuation::Done
    }
}

const VSN: &str = "1";

export!(process Echo, module "echo", vsn VSN);

fn main() {}
