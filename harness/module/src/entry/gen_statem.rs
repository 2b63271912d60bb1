//! The entries of a `gen_statem`.

use serde::{Deserialize, Serialize};
use upheaval_term::{Ref, Term};

use super::callbacks::*;
use crate::abi::{Bytes, Call, Outcome, event, mode, outcome};
use crate::behaviour::{Event, GenStatem, Goal, InitStatem, Transition};
use crate::context::{self, Caller, Context};
use crate::{raise, scratch};

/// The entries of a `gen_statem`.
pub(super) struct Statem<S>(S);

/// What the node holds of a machine. As a term it is `{State, Data}`, which is what
/// `sys:get_state` gives.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Machine<S: GenStatem>(S::State, S);

impl<S: GenStatem> Callbacks for Statem<S> {
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome {
        match N {
            INIT => match S::init(decode(call.data), context) {
                InitStatem::Ok(state, data) => started(Machine(state, data), &[]),
                InitStatem::OkThen(transition, data) => match transition.to {
                    Goal::Next(state) => started(Machine(state, data), &transition.actions),
                    _ => raise::error(Term::atom("bad_return_from_init")),
                },
                InitStatem::Ignore => Outcome::of(outcome::IGNORE),
                InitStatem::Stop(reason) => Outcome::with(outcome::STOP, scratch::encode(&reason)),
            },
            HANDLE_EVENT => {
                // SAFETY: the ABI demands this version's state here.
                let machine = unsafe { &mut *call.state.cast::<Machine<S>>() };
                let event = event_of::<S>(call);
                let transition = match call.mode {
                    mode::STATE_FUNCTIONS => {
                        S::state_function(&machine.0)(&mut machine.1, event, context)
                    }
                    _ => machine.1.handle_event(event, &machine.0, context),
                };
                go(machine, transition, call.event == event::ENTER)
            }
            CALLBACK_MODE => {
                let given = S::callback_mode();
                Outcome {
                    next: match given.state_functions {
                        true => mode::STATE_FUNCTIONS,
                        false => mode::HANDLE_EVENT_FUNCTION,
                    },
                    flag: given.state_enter,
                    ..Outcome::of(outcome::MODE)
                }
            }
            TERMINATE => {
                // SAFETY: the ABI demands this version's state here.
                let Machine(state, data) = unsafe { &mut *call.state.cast::<Machine<S>>() };
                data.terminate(&decode(call.data), state, context);
                Outcome::of(outcome::DONE)
            }
            CODE_CHANGE => {
                let (state, data): (Term, Term) = decode(call.data);
                match S::code_change(change_of(call), state, data, decode(call.extra)) {
                    Ok(both) => Outcome::with(outcome::TERM, scratch::encode(&both)),
                    Err(reason) => Outcome::with(outcome::FAILED, scratch::encode(&reason)),
                }
            }
            // SAFETY: the node called the entry, so `call` is as it demands.
            _ => unsafe { hold::<Machine<S>, N>(call) },
        }
    }
}

fn started<S: GenStatem>(machine: Machine<S>, todo: &[Term]) -> Outcome {
    let data = actions(todo);
    let second = scratch::encode_second(&machine.0);
    Outcome {
        data,
        second,
        ..state_outcome(machine)
    }
}

fn event_of<S: GenStatem>(call: &Call) -> Event<S> {
    match call.event {
        event::ENTER => Event::Enter(decode(call.data)),
        event::CALL => {
            let caller = Caller(context::pid(call.from), Ref::local(call.reference));
            Event::Call(caller, decode(call.data))
        }
        event::CAST => Event::Cast(decode(call.data)),
        event::INFO => Event::Info(decode(call.data)),
        event::INTERNAL => Event::Internal(decode(call.data)),
        event::TIMEOUT => Event::Timeout(decode(call.data)),
        event::STATE_TIMEOUT => Event::StateTimeout(decode(call.data)),
        _ => Event::NamedTimeout(decode(call.extra), decode(call.data)),
    }
}

/// Puts the machine into its next state.
fn go<S: GenStatem>(
    machine: &mut Machine<S>,
    transition: Transition<S::State>,
    enters: bool,
) -> Outcome {
    let todo = transition.actions;
    match transition.to {
        Goal::Keep => Outcome::with(outcome::KEEP_STATE, actions(&todo)),
        Goal::Next(next) if next == machine.0 => Outcome::with(outcome::KEEP_STATE, actions(&todo)),
        Goal::Next(next) if enters => bad_enter(&next, &machine.1, todo),
        Goal::Next(next) => {
            let before = std::mem::replace(&mut machine.0, next);
            Outcome {
                flag: true,
                second: scratch::encode_second(&before),
                ..Outcome::with(outcome::NEXT_STATE, actions(&todo))
            }
        }
        Goal::Repeat => Outcome {
            second: scratch::encode_second(&machine.0),
            ..Outcome::with(outcome::REPEAT_STATE, actions(&todo))
        },
        Goal::Stop(reason) => Outcome {
            second: match todo.is_empty() {
                true => Bytes::EMPTY,
                false => scratch::encode_second(&todo),
            },
            ..Outcome::with(outcome::STOP, scratch::encode(&reason))
        },
    }
}

/// A state that is being entered cannot be left at once.
fn bad_enter<S: Serialize, D: Serialize>(next: &S, data: &D, todo: Vec<Term>) -> ! {
    let term = |value: Result<Term, _>| value.unwrap_or(Term::atom("undefined"));
    let mut result = vec![
        Term::atom("next_state"),
        term(upheaval_term::to_term(next)),
        term(upheaval_term::to_term(data)),
    ];
    if !todo.is_empty() {
        result.push(Term::list(todo));
    }
    raise::error(Term::tuple([
        Term::atom("bad_state_enter_return_from_state_function"),
        Term::tuple(result),
    ]))
}

fn actions(todo: &[Term]) -> Bytes {
    match todo.is_empty() {
        true => Bytes::EMPTY,
        false => scratch::encode(todo),
    }
}
