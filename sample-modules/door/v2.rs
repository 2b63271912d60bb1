//! `door`, version 2: one function for all states, which are entered by a call; how
//! often that happened is counted.

use std::time::Duration;

use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Door {
    passed: i64,
    rung: i64,
    entered: i64,
}

/// The data of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
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
        CallbackMode::HANDLE_EVENT_FUNCTION.with_state_enter()
    }

    fn init(_: Term, _: &Context) -> InitStatem<Self> {
        let door = Door {
            passed: 0,
            rung: 0,
            entered: 0,
        };
        InitStatem::Ok(State::Locked, door)
    }

    /// For the time after a downgrade from version 3 (B8).
    fn state_function(state: &State) -> StateFunction<Self> {
        match state {
            State::Locked => {
                |door, event, context| door.handle_event(event, &State::Locked, context)
            }
            State::Unlocked => {
                |door, event, context| door.handle_event(event, &State::Unlocked, context)
            }
        }
    }

    fn handle_event(
        &mut self,
        event: Event<Self>,
        state: &State,
        _: &Context,
    ) -> Transition<State> {
        match (event, state) {
            (Event::Enter(_), State::Locked) => {
                self.entered += 1;
                Transition::keep()
            }
            (Event::Enter(_), State::Unlocked) => {
                self.entered += 1;
                Transition::keep().state_timeout(Duration::from_millis(900), &Term::atom("lock"))
            }
            (Event::Call(_, Request::Pass), State::Locked) => Transition::keep().postpone(),
            (Event::Call(caller, Request::Pass), State::Unlocked) => {
                self.passed += 1;
                Transition::keep().reply(&caller, &self.passed)
            }
            (Event::Call(caller, Request::Unlock), State::Locked) => {
                Transition::to(State::Unlocked).reply(&caller, &Term::atom("ok"))
            }
            // It stays open for longer.
            (Event::Call(caller, Request::Unlock), State::Unlocked) => {
                Transition::repeat().reply(&caller, &Term::atom("ok"))
            }
            (Event::Cast(Cast::Lock) | Event::StateTimeout(_), State::Unlocked) => {
                Transition::to(State::Locked)
            }
            (Event::Call(caller, Request::Count), _) => {
                Transition::keep().reply(&caller, &(self.passed, self.rung))
            }
            (Event::Call(caller, Request::Stop), _) => {
                Transition::stop(Term::atom("shutdown")).reply(&caller, &Term::atom("bye"))
            }
            (Event::Cast(Cast::Alarm(ms)), _) => Transition::keep().start_timer(
                Timer::Named(Term::atom("alarm")),
                Duration::from_millis(ms),
                &Term::atom("ring"),
            ),
            (Event::Cast(Cast::Calm), _) => {
                Transition::keep().cancel_timer(Timer::Named(Term::atom("alarm")))
            }
            (Event::Cast(Cast::Hush(ms)), _) => {
                Transition::keep().event_timeout(Duration::from_millis(ms), &Term::atom("hushed"))
            }
            (Event::Info(_), _) => {
                Transition::keep().next_event(EventType::Internal, &Term::atom("knock"))
            }
            (Event::NamedTimeout(..) | Event::Internal(_) | Event::Timeout(_), _) => {
                self.rung += 1;
                Transition::keep()
            }
            _ => Transition::keep(),
        }
    }

    fn code_change(change: Change, state: Term, data: Term, _: Term) -> Result<(Term, Term), Term> {
        let data = match change {
            Change::Up { from } if from == "1" => convert(&data, |old: V1| Door {
                passed: old.passed,
                rung: old.rung,
                entered: 0,
            })?,
            Change::Down { to } if to == "1" => convert(&data, |new: Door| V1 {
                passed: new.passed,
                rung: new.rung,
            })?,
            _ => return Err(Term::atom("unknown_version")),
        };
        Ok((state, data))
    }
}

export!(gen_statem Door, module "door", vsn "2");
