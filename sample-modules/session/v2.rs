//! `session`, version 2: the states are called after who is there, and logins are counted.

use std::time::Duration;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Session {
    fetched: i64,
    logins: i64,
}

/// The data of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
    served: i64,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum State {
    Guest,
    Member,
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
            State::Guest => Session::guest,
            State::Member => Session::member,
        }
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(
            State::Guest,
            Session {
                fetched: 0,
                logins: 0,
            },
        )
    }

    fn code_change(change: Change, state: Term, data: Term, _: Term) -> Result<(Term, Term), Term> {
        let states = [("waiting", "guest"), ("active", "member")];
        let renamed = |pairs: [(&'static str, &'static str); 2]| {
            let found = pairs.iter().find(|(from, _)| state.is_atom(from));
            found
                .map(|(_, to)| Term::atom(*to))
                .ok_or(Term::atom("unknown_state"))
        };
        match change {
            Change::Up { from } if from == "1" => {
                let data = convert(&data, |old: V1| Session {
                    fetched: old.served,
                    logins: 0,
                })?;
                Ok((renamed(states)?, data))
            }
            Change::Down { to } if to == "1" => {
                let data = convert(&data, |new: Session| V1 {
                    served: new.fetched,
                })?;
                Ok((renamed(states.map(|(old, new)| (new, old)))?, data))
            }
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

impl Session {
    fn guest(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(_, Request::Fetch) => Transition::keep().postpone(),
            Event::Call(caller, Request::Login) => {
                self.logins += 1;
                Transition::to(State::Member)
                    .reply(&caller, &Term::atom("ok"))
                    .state_timeout(Duration::from_millis(900), &Term::atom("idle"))
            }
            event => self.any(event),
        }
    }

    fn member(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Fetch) => {
                self.fetched += 1;
                Transition::keep().reply(&caller, &self.fetched)
            }
            Event::Call(caller, Request::Login) => {
                Transition::keep().reply(&caller, &Term::atom("ok"))
            }
            Event::Cast(Cast::Logout) | Event::StateTimeout(_) => Transition::to(State::Guest),
            event => self.any(event),
        }
    }

    /// What is the same in every state.
    fn any(&mut self, event: Event<Self>) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Count) => Transition::keep().reply(&caller, &self.fetched),
            _ => Transition::keep(),
        }
    }
}

export!(gen_statem Session, module "session", vsn "2");
