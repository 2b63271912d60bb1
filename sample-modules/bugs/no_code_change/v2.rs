//! `valve`, version 2: knows how often it may be turned, too.
//!
//! With a bug: it has no `code_change`. Its correct twin is `twin_v2.rs`.
//!
//! archethic-node#691.

use upheaval_module::prelude::*;

/// How often it may be turned.
const MOST: i64 = 1000;

#[derive(Serialize, Deserialize)]
struct Valve {
    turns: i64,
    most: i64,
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
        let valve = Valve {
            turns: 0,
            most: MOST,
        };
        InitStatem::Ok(State::Closed, valve)
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
        self.turns = self.most.min(self.turns + 1);
        let next = match state {
            State::Closed => State::Open,
            State::Open => State::Closed,
        };
        Transition::to(next).reply(&caller, &self.turns)
    }
}

export!(gen_statem Valve, module "valve", vsn "2");
