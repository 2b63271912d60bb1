//! `valve`, version 2: knows how often it may be turned, too.

use upheaval_module::prelude::*;

/// How often it may be turned.
const MOST: i64 = 1000;

#[derive(Serialize, Deserialize)]
struct Valve {
    turns: i64,
    most: i64,
}

/// The data of version 1.
#[derive(Serialize, Deserialize)]
struct V1 {
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

    fn code_change(change: Change, state: Term, data: Term, _: Term) -> Result<(Term, Term), Term> {
        let data = match change {
            Change::Up { from } if from == "1" => convert(&data, |old: V1| Valve {
                turns: old.turns,
                most: MOST,
            })?,
            Change::Down { to } if to == "1" => {
                convert(&data, |new: Valve| V1 { turns: new.turns })?
            }
            _ => return Err(Term::atom("unknown_version")),
        };
        Ok((state, data))
    }
}

export!(gen_statem Valve, module "valve", vsn "2");
