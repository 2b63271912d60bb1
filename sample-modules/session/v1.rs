//! `session`, version 1: who wants to fetch something waits for a login; after a while
//! nobody is logged in any more.

use std::time::Duration;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Session {
    served: i64,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum State {
    Waiting,
    Active,
}

#[derive(Deserialize)]
enum Request {
    Login,
    Fetch,
    Count,
}

#[derive(Deserialize)]
enum Cast {
    Logout,
}

impl GenStatem for Session {
    type State = State;
    type Args = Term;
    type Call = Request;
    type Cast = Cast;
    type Info = Term;

    fn callback_mode() -> CallbackMode {
        CallbackMode::STATE_FUNCTIONS
    }

    fn state_function(state: &State) -> StateFunction<Self> {
        match state {
            State::Waiting => Session::waiting,
            State::Active => Session::active,
        }
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(State::Waiting, Session { served: 0 })
    }
}

impl Session {
    fn waiting(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(_, Request::Fetch) => Transition::keep().postpone(),
            Event::Call(caller, Request::Login) => Transition::to(State::Active)
                .reply(&caller, &Term::atom("ok"))
                .state_timeout(Duration::from_millis(900), &Term::atom("idle")),
            event => self.any(event),
        }
    }

    fn active(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Fetch) => {
                self.served += 1;
                Transition::keep().reply(&caller, &self.served)
            }
            Event::Call(caller, Request::Login) => {
                Transition::keep().reply(&caller, &Term::atom("ok"))
            }
            Event::Cast(Cast::Logout) | Event::StateTimeout(_) => Transition::to(State::Waiting),
            event => self.any(event),
        }
    }

    /// What is the same in every state.
    fn any(&mut self, event: Event<Self>) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Count) => Transition::keep().reply(&caller, &self.served),
            _ => Transition::keep(),
        }
    }
}

export!(gen_statem Session, module "session", vsn "1");
