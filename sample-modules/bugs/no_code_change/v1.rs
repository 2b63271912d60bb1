//! `valve`, version 1: a state machine that is opened and closed, and counts the turns.

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Valve {
    turns: i64,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum State {
    Closed,
    Open,
}

#[derive(Deserialize)]
enum Request {
    Turn,
}

impl GenStatem for Valve {
    type State = State;
    type Args = Term;
    type Call = Request;
    type Cast = Never;
    type Info = Term;

    fn callback_mode() -> CallbackMode {
        CallbackMode::HANDLE_EVENT_FUNCTION
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(State::Closed, Valve { turns: 0 })
    }

    fn handle_event(
        &mut self,
        event: Event<Self>,
        state: &State,
        _: &Context,
    ) -> Transition<State> {
        let Event::Call(caller, Request::Turn) = event else {
            return Transition::keep();
        };
        self.turns += 1;
        let next = match state {
            State::Closed => State::Open,
            State::Open => State::Closed,
        };
        Transition::to(next).reply(&caller, &self.turns)
    }
}

export!(gen_statem Valve, module "valve", vsn "1");
