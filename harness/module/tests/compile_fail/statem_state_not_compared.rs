//! A state machine whose states cannot be told apart.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Door;

#[derive(Serialize, Deserialize)]
enum State {
    Open,
}

impl GenStatem for Door {
    type State = State;
    type Args = Term;
    type Call = Never;
    type Cast = Never;
    type Info = Term;

    fn callback_mode() -> CallbackMode {
        CallbackMode::HANDLE_EVENT_FUNCTION
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(State::Open, Door)
    }
}

export!(gen_statem Door, module "door", vsn "1");

fn main() {}
