//! The entries of a `gen_event` handler.

use upheaval_term::Term;

use super::callbacks::*;
use crate::abi::{Call, Outcome, outcome};
use crate::behaviour::{GenEvent, HandlerCallReturn, HandlerReturn, InitHandler, Swap};
use crate::context::Context;
use crate::scratch;

/// The entries of a `gen_event` handler.
pub(super) struct Handler<H>(H);

impl<H: GenEvent> Callbacks for Handler<H> {
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome {
        match N {
            HANDLERS => {
                let handlers: Vec<Term> = H::handlers(decode(call.data))
                    .into_iter()
                    .map(|(id, args)| Term::tuple([id.unwrap_or(Term::atom("false")), args]))
                    .collect();
                Outcome::with(outcome::TERM, scratch::encode(&handlers))
            }
            INIT => {
                let handler = match call.event {
                    0 => H::init(decode(call.data), context),
                    _ => {
                        let (args, left) = decode(call.data);
                        H::init_swapped(args, left, context)
                    }
                };
                match handler {
                    InitHandler::Ok(state) => state_outcome(state),
                    InitHandler::Error(why) => Outcome::with(outcome::STOP, scratch::encode(&why)),
                }
            }
            HANDLE_EVENT => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<H>() };
                returned(state.handle_event(decode(call.data), context))
            }
            HANDLE_INFO => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<H>() };
                returned(state.handle_info(decode(call.data), context))
            }
            HANDLE_CALL => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<H>() };
                match state.handle_call(decode(call.data), context) {
                    HandlerCallReturn::Reply(reply) => {
                        Outcome::with(outcome::TERM, scratch::encode(&reply))
                    }
                    HandlerCallReturn::Remove(reply) => Outcome {
                        second: scratch::encode_second(&reply),
                        ..Outcome::of(outcome::REMOVE_HANDLER)
                    },
                    HandlerCallReturn::Swap(reply, to) => Outcome {
                        second: scratch::encode_second(&reply),
                        ..swap(to)
                    },
                }
            }
            TERMINATE => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<H>() };
                let left = state.terminate(&decode(call.data), context);
                Outcome::with(outcome::TERM, scratch::encode(&left))
            }
            CODE_CHANGE => {
                match H::code_change(change_of(call), decode(call.data), decode(call.extra)) {
                    Ok(state) => Outcome::with(outcome::TERM, scratch::encode(&state)),
                    Err(reason) => Outcome::with(outcome::FAILED, scratch::encode(&reason)),
                }
            }
            // SAFETY: the node called the entry, so `call` is as it demands.
            _ => unsafe { hold::<H, N>(call) },
        }
    }
}

fn returned(returned: HandlerReturn) -> Outcome {
    match returned {
        HandlerReturn::Ok => Outcome::of(outcome::DONE),
        HandlerReturn::Remove => Outcome::of(outcome::REMOVE_HANDLER),
        HandlerReturn::Swap(to) => swap(to),
    }
}

fn swap(to: Swap) -> Outcome {
    let data = scratch::encode(&(to.why, to.handler, to.args));
    Outcome::with(outcome::SWAP_HANDLER, data)
}
