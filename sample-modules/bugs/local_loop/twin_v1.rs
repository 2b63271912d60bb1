//! `relay`, version 1: a special process that answers.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Relay {
    relayed: i64,
}

#[derive(Deserialize)]
struct Ask(Pid, Ref, Term);

impl Special for Relay {
    type Args = Relay;

    fn init(relay: Relay, _: &Context) -> Init<Self> {
        Init::Ok(relay)
    }

    fn run(mut self, context: &Context) -> SpecialReturn<Self> {
        loop {
            match context.receive_special::<Ask>() {
                Received::Message(Ask(from, tag, what)) => {
                    context.send(from, &(tag, (1, what)));
                    self.relayed += 1;
                }
                Received::System(message) => return SpecialReturn::System(self, message),
            }
        }
    }

    fn system_code_change(_: Change, state: Term, _: Term) -> Result<Term, Term> {
        Ok(state)
    }
}

export!(special Relay, module "relay", vsn "1");
