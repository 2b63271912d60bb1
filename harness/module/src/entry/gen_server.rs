//! The entries of a `gen_server`.

use upheaval_term::Ref;

use super::callbacks::*;
use crate::abi::{Call, Outcome, next, outcome};
use crate::behaviour::{CallReturn, GenServer, Init, Next, Return};
use crate::context::{self, Caller, Context};
use crate::scratch;

/// The entries of a `gen_server`.
pub(super) struct Server<S>(S);

impl<S: GenServer> Callbacks for Server<S> {
    #[inline]
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome {
        match N {
            INIT => match S::init(decode(call.data), context) {
                Init::Ok(state) => state_outcome(state),
                Init::OkThen(state, next) => then(state_outcome(state), &next),
                Init::Ignore => Outcome::of(outcome::IGNORE),
                Init::Stop(reason) => Outcome::with(outcome::STOP, scratch::encode(&reason)),
            },
            HANDLE_CALL => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<S>() };
                let caller = Caller(context::pid(call.from), Ref::local(call.reference));
                match state.handle_call(decode(call.data), caller, context) {
                    CallReturn::Reply(reply) => {
                        Outcome::with(outcome::TERM, scratch::encode(&reply))
                    }
                    CallReturn::ReplyThen(reply, next) => {
                        then(Outcome::with(outcome::TERM, scratch::encode(&reply)), &next)
                    }
                    CallReturn::NoReply => Outcome::of(outcome::NOREPLY),
                    CallReturn::NoReplyThen(next) => then(Outcome::of(outcome::NOREPLY), &next),
                    CallReturn::Stop(reason) => {
                        Outcome::with(outcome::STOP, scratch::encode(&reason))
                    }
                    CallReturn::StopReply(reason, reply) => Outcome {
                        second: scratch::encode_second(&reply),
                        ..Outcome::with(outcome::STOP_REPLY, scratch::encode(&reason))
                    },
                }
            }
            HANDLE_CAST => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<S>() };
                return_outcome(state.handle_cast(decode(call.data), context))
            }
            HANDLE_INFO => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<S>() };
                return_outcome(state.handle_info(decode(call.data), context))
            }
            HANDLE_CONTINUE => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<S>() };
                return_outcome(state.handle_continue(decode(call.data), context))
            }
            TERMINATE => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &mut *call.state.cast::<S>() };
                state.terminate(&decode(call.data), context);
                Outcome::of(outcome::DONE)
            }
            CODE_CHANGE => {
                match S::code_change(change_of(call), decode(call.data), decode(call.extra)) {
                    Ok(state) => Outcome::with(outcome::TERM, scratch::encode(&state)),
                    Err(reason) => Outcome::with(outcome::FAILED, scratch::encode(&reason)),
                }
            }
            // SAFETY: the node called the entry, so `call` is as it demands.
            _ => unsafe { hold::<S, N>(call) },
        }
    }
}

fn return_outcome(result: Return) -> Outcome {
    match result {
        Return::NoReply => Outcome::of(outcome::NOREPLY),
        Return::NoReplyThen(next) => then(Outcome::of(outcome::NOREPLY), &next),
        Return::Stop(reason) => Outcome::with(outcome::STOP, scratch::encode(&reason)),
    }
}

/// An outcome, and what is to happen then.
fn then(outcome: Outcome, then: &Next) -> Outcome {
    match then {
        Next::Timeout(after) => Outcome {
            next: next::TIMEOUT,
            ms: context::millis(*after),
            ..outcome
        },
        Next::Hibernate => Outcome {
            next: next::HIBERNATE,
            ..outcome
        },
        Next::Continue(what) => Outcome {
            next: next::CONTINUE,
            second: scratch::encode_second(what),
            ..outcome
        },
    }
}
