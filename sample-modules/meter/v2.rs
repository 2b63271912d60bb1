//! `meter`, version 2: a special process that counts what it is asked,
//! and calls it `reading`.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Meter {
    reading: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    measured: i64,
}

#[derive(Deserialize)]
struct Ask(Pid, Ref, i64);

impl Special for Meter {
    type Args = i64;

    fn init(reading: i64, _: &Context) -> Init<Self> {
        Init::Ok(Meter { reading })
    }

    fn run(mut self, context: &Context) -> SpecialReturn<Self> {
        loop {
            match context.receive_special::<Ask>() {
                Received::Message(Ask(from, tag, n)) => {
                    self.reading += n;
                    context.send(from, &(tag, self.reading));
                }
                Received::System(message) => return SpecialReturn::System(self, message),
            }
        }
    }

    fn system_code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Meter {
                reading: old.measured,
            }),
            Change::Down { to } if to == "1" => convert(&state, |new: Meter| V1 {
                measured: new.reading,
            }),
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(special Meter, module "meter", vsn "2");
