//! The entries of a special process.

use super::callbacks::*;
use crate::abi::{Call, Outcome, outcome};
use crate::behaviour::{Init, Special, SpecialReturn};
use crate::context::Context;
use crate::scratch;

/// The entries of a special process.
pub(super) struct Looping<S>(S);

impl<S: Special> Callbacks for Looping<S> {
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome {
        match N {
            INIT => match S::init(decode(call.data), context) {
                Init::Ok(state) | Init::OkThen(state, _) => state_outcome(state),
                Init::Ignore => Outcome::of(outcome::IGNORE),
                Init::Stop(reason) => Outcome::with(outcome::STOP, scratch::encode(&reason)),
            },
            RUN => match decode::<S>(call.data).run(context) {
                SpecialReturn::Qualified(state) => {
                    Outcome::with(outcome::QUALIFIED, scratch::encode(&state))
                }
                SpecialReturn::Hibernate(state) => {
                    Outcome::with(outcome::HIBERNATE, scratch::encode(&state))
                }
                SpecialReturn::System(state, _) => {
                    Outcome::with(outcome::SYSTEM, scratch::encode(&state))
                }
                SpecialReturn::Done => Outcome::of(outcome::DONE),
            },
            TERMINATE => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<S>() };
                state.system_terminate(&decode(call.data), context);
                Outcome::of(outcome::DONE)
            }
            CODE_CHANGE => {
                let (state, extra) = (decode(call.data), decode(call.extra));
                match S::system_code_change(change_of(call), state, extra) {
                    Ok(state) => Outcome::with(outcome::TERM, scratch::encode(&state)),
                    Err(reason) => Outcome::with(outcome::FAILED, scratch::encode(&reason)),
                }
            }
            // SAFETY: the node called the entry, so `call` is as it demands.
            _ => unsafe { hold::<S, N>(call) },
        }
    }
}
