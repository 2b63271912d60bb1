//! `meter`, version 1: a special process that counts what it is asked.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Meter {
    measured: i64,
}

#[derive(Deserialize)]
struct Ask(Pid, Ref, i64);

impl Special for Meter {
    type Args = i64;

    fn init(measured: i64, _: &Context) -> Init<Self> {
        Init::Ok(Meter { measured })
    }

    fn run(mut self, context: &Context) -> SpecialReturn<Self> {
        loop {
            match context.receive_special::<Ask>() {
                Received::Message(Ask(from, tag, n)) => {
                    self.measured += n;
                    context.send(from, &(tag, self.measured));
                }
                Received::System(message) => return SpecialReturn::System(self, message),
            }
        }
    }
}

export!(special Meter, module "meter", vsn "1");
