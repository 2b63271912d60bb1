//! `deaf`, version 1: a plain process that traps exits and listens to none of them. It
//! stops when it is told to, or is killed.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Deaf(Term);

/// What it listens to.
#[derive(Deserialize)]
enum Told {
    Stop,
}

impl Process for Deaf {
    fn run(self, context: &Context) -> Continuation<Self> {
        context.trap_exit(true);
        let Told::Stop = context.receive();
        Continuation::Done
    }
}

export!(process Deaf, module "deaf", vsn "1");
