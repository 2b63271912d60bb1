//! `door`, version 1: one function for each state. Who wants to pass a locked door
//! waits until it is unlocked; an unlocked one locks itself after a while.

use std::time::Duration;

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
            State::Locked => Door::locked,
            State::Unlocked => Door::unlocked,
        }
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        InitStatem::Ok(State::Locked, Door { passed: 0, rung: 0 })
    }

    /// After a downgrade from version 2 the mode is still that one's: it is asked of
    /// the version that is left (B8).
    fn handle_event(
        &mut self,
        event: Event<Self>,
        state: &State,
        context: &Context,
    ) -> Transition<State> {
        Self::state_function(state)(self, event, context)
    }
}

impl Door {
    fn locked(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(_, Request::Pass) => Transition::keep().postpone(),
            Event::Call(caller, Request::Unlock) => Transition::to(State::Unlocked)
                .reply(&caller, &Term::atom("ok"))
                .state_timeout(Duration::from_millis(900), &Term::atom("lock")),
            event => self.any(event),
        }
    }

    fn unlocked(&mut self, event: Event<Self>, _: &Context) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Pass) => {
                self.passed += 1;
                Transition::keep().reply(&caller, &self.passed)
            }
            Event::Call(caller, Request::Unlock) => {
                Transition::keep().reply(&caller, &Term::atom("ok"))
            }
            Event::Cast(Cast::Lock) | Event::StateTimeout(_) => Transition::to(State::Locked),
            event => self.any(event),
        }
    }

    /// What is the same in every state.
    fn any(&mut self, event: Event<Self>) -> Transition<State> {
        match event {
            Event::Call(caller, Request::Count) => {
                Transition::keep().reply(&caller, &(self.passed, self.rung))
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
                self.rung += 1;
                Transition::keep().hibernate()
            }
            Event::NamedTimeout(..) | Event::Timeout(_) => {
                self.rung += 1;
                Transition::keep()
            }
            _ => Transition::keep(),
        }
    }
}

export!(gen_statem Door, module "door", vsn "1");
