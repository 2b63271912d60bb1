//! `door`, version 2, with a bug: it cannot say its callback mode. Its twin is
//! `door/v2.rs`.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Door {
    passed: i64,
    rung: i64,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum State {
    Locked,
    Unlocked,
}

impl GenStatem for Door {
    type State = State;
    type Args = Term;
    type Call = Term;
    type Cast = Term;
    type Info = Term;

    fn callback_mode() -> CallbackMode {
        upheaval_module::error(Term::atom("no_mode"))
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(State::Locked, Door { passed: 0, rung: 0 })
    }

    fn state_function(_: &State) -> StateFunction<Self> {
        |_, _, _| Transition::keep()
    }

    fn code_change(_: Change, _: Term, data: Term, _: Term) -> Result<(Term, Term), Term> {
        Ok((Term::atom("unlocked"), data))
    }
}

export!(gen_statem Door, module "door", vsn "2");
