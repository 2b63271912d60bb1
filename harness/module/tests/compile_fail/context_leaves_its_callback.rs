//! A context is kept longer than the callback that it was handed to.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Echo;

impl Process for Echo {
    fn run(self, context: &Context) -> Continuation<Self> {
        std::thread::spawn(move || context.now());
        Continuation::Done
    }
}

export!(process Echo, module "echo", vsn "1");

fn main() {}
