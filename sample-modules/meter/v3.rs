//! `meter`, version 3: a special process that counts what it is asked,
//! and calls it `level`.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Meter {
    level: i64,
}

/// The state of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    measured: i64,
}

/// The state of version 2.
#[derive(Serialize, Deserialize)]
struct V2 {
    reading: i64,
}

#[derive(Deserialize)]
struct Ask(Pid, Ref, i64);

impl Special for Meter {
    type Args = i64;

    fn init(level: i64, _: &Context) -> Init<Self> {
        Init::Ok(Meter { level })
    }

    fn run(mut self, context: &Context) -> SpecialReturn<Self> {
        loop {
            match context.receive_special::<Ask>() {
                Received::Message(Ask(from, tag, n)) => {
                    self.level += n;
                    context.send(from, &(tag, self.level));
                }
                Received::System(message) => return SpecialReturn::System(self, message),
            }
        }
    }

    fn system_code_change(change: Change, state: Term, _: Term) -> Result<Term, Term> {
        match change {
            Change::Up { from } if from == "1" => convert(&state, |old: V1| Meter {
                level: old.measured,
            }),
            Change::Down { to } if to == "1" => convert(&state, |new: Meter| V1 {
                measured: new.level,
            }),
            Change::Up { from } if from == "2" => {
                convert(&state, |old: V2| Meter { level: old.reading })
            }
            Change::Down { to } if to == "2" => {
                convert(&state, |new: Meter| V2 { reading: new.level })
            }
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

export!(special Meter, module "meter", vsn "3");
