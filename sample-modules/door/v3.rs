//! `door`, version 3: one function for each state again, and the states and the data
//! have other names.

use std::time::Duration;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Door {
    through: i64,
    bells: i64,
}

/// The data of the versions 1 and 2; the former counts no entering.
#[derive(Serialize, Deserialize)]
struct Old {
    passed: i64,
    rung: i64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    entered: Option<i64>,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum State {
    Closed,
    Open,
}

#[derive(Deserialize)]
enum Request {
    Unlock,
    Pass,
    Count,
    Stop,
}

#[derive(Deserialize)]
enum Cast {
    Lock,
    /// Rings after so many milliseconds.
    Alarm(u64),
    Calm,
    Hush(u64),
}

impl GenStatem for Door {
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
            State::Closed => Door::closed,
            State::Open => Door::open,
        }
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(
            State::Closed,
            Door {
                through: 0,
                bells: 0,
            },
        )
    }

    /// For the time after a failed upgrade from version 2 (B8).
    fn handle_event(
        &mut self,
        event: Event<Self>,
        state: &State,
        context: &Context,
    ) -> Transition<State> {
        Self::state_function(state)(self, event, context)
    }

    fn code_change(change: Change, state: Term, data: Term, _: Term) -> Result<(Term, Term), Term> {
        let states = [("locked", "closed"), ("unlocked", "open")];
        let renamed = |state: &Term, pairs: [(&'static str, &'static str); 2]| {
            let found = pairs.iter().find(|(from, _)| state.is_atom(from));
            found
                .map(|(_, to)| Term::atom(*to))
                .ok_or(Term::atom("unknown_state"))
        };
        match change {
            Change::Up { from } if from == "1" || from == "2" => {
                let data = convert(&data, |old: Old| Door {
                    through: old.passed,
                    bells: old.rung,
                })?;
                Ok((renamed(&state, states)?, data))
            }
            Change::Down { to } if to == "1" || to == "2" => {
                let state = renamed(&state, states.map(|(old, new)| (new, old)))?;
                let data = convert(&data, |new: Door| Old {
                    passed: new.through,
                    rung: new.bells,
                    entered: (to == "2").then_some(0),
                })?;
                Ok((state, data))
            }
            _ => Err(Term::atom("unknown_version")),
        }
    }
}

impl Door {
    fn closed(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(_, Request::Pass) => Transition::keep().postpone(),
            Event::Call(caller, Request::Unlock) => Transition::to(State::Open)
                .reply(&caller, &Term::atom("ok"))
                .state_timeout(Duration::from_millis(900), &Term::atom("lock")),
            event => self.any(event),
        }
    }

    fn open(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Pass) => {
                self.through += 1;
                Transition::keep().reply(&caller, &self.through)
            }
            Event::Call(caller, Request::Unlock) => {
                Transition::keep().reply(&caller, &Term::atom("ok"))
            }
            Event::Cast(Cast::Lock) | Event::StateTimeout(_) => Transition::to(State::Closed),
            event => self.any(event),
        }
    }

    /// What is the same in every state.
    fn any(&mut self, event: Event<Self>) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Count) => {
                Transition::keep().reply(&caller, &(self.through, self.bells))
            }
            Event::Call(caller, Request::Stop) => {
                Transition::stop(Term::atom("shutdown")).reply(&caller, &Term::atom("bye"))
            }
            Event::Cast(Cast::Alarm(ms)) => Transition::keep().start_timer(
                Timer::Named(Term::atom("alarm")),
                Duration::from_millis(ms),
                &Term::atom("ring"),
            ),
            Event::Cast(Cast::Calm) => {
                Transition::keep().cancel_timer(Timer::Named(Term::atom("alarm")))
            }
            // Nothing else happens for a moment.
            Event::Cast(Cast::Hush(ms)) => {
                Transition::keep().event_timeout(Duration::from_millis(ms), &Term::atom("hushed"))
            }
            Event::Info(_) => Transition::keep()
                .next_event(EventType::Internal, &Term::atom("knock"))
                .hibernate(),
            Event::Internal(_) => {
                self.bells += 1;
                Transition::keep().hibernate()
            }
            Event::NamedTimeout(..) | Event::Timeout(_) => {
                self.bells += 1;
                Transition::keep()
            }
            _ => Transition::keep(),
        }
    }
}

export!(gen_statem Door, module "door", vsn "3");
