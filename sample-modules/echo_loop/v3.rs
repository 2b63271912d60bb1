//! `echo_loop`, version 3: a plain process that goes on with a qualified call
//! of its loop, and so picks new code up after each message.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct EchoLoop {
    echoed: u64,
}

impl Process for EchoLoop {
    fn run(self, context: &Context) -> Continuation<Self> {
        let (from, tag, what): (Pid, Ref, Term) = context.receive();
        context.send(from, &(tag, (Atom::from_static("echo_3"), what)));
        Continuation::Qualified(EchoLoop {
            echoed: self.echoed + 1,
        })
    }
}

export!(process EchoLoop, module "echo_loop", vsn "3");
