//! The entries of a module's table: from the C ABI to the author's trait and
//! back, with every panic caught.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::de::DeserializeOwned;
use upheaval_term::{Ref, Term};

use crate::abi::{
    ABI_VERSION, Bytes, Call, Entry, Host, MAGIC, Outcome, Table, behaviour, next, outcome,
};
use crate::behaviour::{CallReturn, Change, Continuation, GenServer, Init, Next, Process, Return};
use crate::context::{self, Caller, Context};
use crate::{raise, scratch};

impl Table {
    /// The table of a `gen_server`.
    pub const fn gen_server<S: GenServer>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            start: entry::<Server<S>, INIT>,
            handle_call: entry::<Server<S>, HANDLE_CALL>,
            handle_cast: entry::<Server<S>, HANDLE_CAST>,
            handle_info: entry::<Server<S>, HANDLE_INFO>,
            handle_continue: entry::<Server<S>, HANDLE_CONTINUE>,
            terminate: entry::<Server<S>, TERMINATE>,
            code_change: entry::<Server<S>, CODE_CHANGE>,
            read_state: entry::<Server<S>, READ_STATE>,
            dump_state: entry::<Server<S>, DUMP_STATE>,
            drop_state: entry::<Server<S>, DROP_STATE>,
            ..Table::blank(name, vsn, behaviour::GEN_SERVER, unsupported)
        }
    }

    /// The table of a plain process.
    pub const fn process<P: Process>(name: &'static str, vsn: &'static str) -> Table {
        Table {
            start: entry::<Plain<P>, RUN>,
            ..Table::blank(name, vsn, behaviour::PROCESS, unsupported)
        }
    }

    const fn blank(name: &'static str, vsn: &'static str, behaviour: u32, entry: Entry) -> Table {
        Table {
            magic: MAGIC,
            abi_version: ABI_VERSION,
            size: size_of::<Table>() as u32,
            name: Bytes::of(name.as_bytes()),
            vsn: Bytes::of(vsn.as_bytes()),
            behaviour,
            start: entry,
            handle_call: entry,
            handle_cast: entry,
            handle_info: entry,
            handle_continue: entry,
            terminate: entry,
            code_change: entry,
            read_state: entry,
            dump_state: entry,
            drop_state: entry,
        }
    }
}

/// A callback of a behaviour, named by a number so that one `extern "C"`
/// function serves them all.
trait Callbacks {
    /// Runs callback number `N`.
    ///
    /// # Safety
    /// `call` is as the ABI demands it for that entry.
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome;
}

const INIT: u32 = 0;
const HANDLE_CALL: u32 = 1;
const HANDLE_CAST: u32 = 2;
const HANDLE_INFO: u32 = 3;
const TERMINATE: u32 = 4;
const CODE_CHANGE: u32 = 5;
const READ_STATE: u32 = 6;
const DUMP_STATE: u32 = 7;
const DROP_STATE: u32 = 8;
const RUN: u32 = 9;
const HANDLE_CONTINUE: u32 = 10;

unsafe extern "C" fn entry<C: Callbacks, const N: u32>(
    host: *const Host,
    call: *const Call,
    out: *mut Outcome,
) {
    // SAFETY: the ABI demands three valid pointers.
    let (host, call) = unsafe { (&*host, &*call) };
    // What a callback leaves half done is never seen: the process that owns it
    // ends with the exception.
    let result = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the node called the entry, so `call` is as it demands.
        unsafe { C::run::<N>(&Context::new(host), call) }
    }));
    let outcome = result.unwrap_or_else(raise::outcome_of);
    // SAFETY: the ABI demands a valid pointer for writing.
    unsafe { *out = outcome };
}

unsafe extern "C" fn unsupported(_: *const Host, _: *const Call, out: *mut Outcome) {
    let undef = scratch::keep(upheaval_term::encode(&Term::atom("undef")));
    // SAFETY: the ABI demands a valid pointer for writing.
    unsafe { *out = Outcome::with(outcome::ERROR, undef) };
}

struct Server<S>(S);

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
                // SAFETY: the ABI demands UTF-8 that lives until the first trap.
                let vsn = String::from_utf8_lossy(unsafe { call.vsn.as_slice() }).into_owned();
                let change = if call.down {
                    Change::Down { to: vsn }
                } else {
                    Change::Up { from: vsn }
                };
                match S::code_change(change, decode(call.data), decode(call.extra)) {
                    Ok(state) => Outcome::with(outcome::TERM, scratch::encode(&state)),
                    Err(reason) => Outcome::with(outcome::FAILED, scratch::encode(&reason)),
                }
            }
            READ_STATE => state_outcome(decode::<S>(call.data)),
            DUMP_STATE => {
                // SAFETY: the ABI demands this version's state here.
                let state = unsafe { &*call.state.cast::<S>() };
                Outcome::with(outcome::TERM, scratch::encode(state))
            }
            _ => {
                // SAFETY: the state was made by `state_outcome` of this version,
                // and the ABI hands it back for dropping only once.
                drop(unsafe { Box::from_raw(call.state.cast::<S>()) });
                Outcome::of(outcome::DONE)
            }
        }
    }
}

struct Plain<P>(P);

impl<P: Process> Callbacks for Plain<P> {
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome {
        match decode::<P>(call.data).run(context) {
            Continuation::Qualified(state) => {
                Outcome::with(outcome::QUALIFIED, scratch::encode(&state))
            }
            Continuation::Done => Outcome::of(outcome::DONE),
        }
    }
}

fn state_outcome<S>(state: S) -> Outcome {
    Outcome {
        state: Box::into_raw(Box::new(state)).cast::<c_void>(),
        ..Outcome::of(outcome::STATE)
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

/// Reads what a callback is called with. A term that no clause of it takes is a
/// `function_clause`, with what does not fit.
fn decode<T: DeserializeOwned>(data: Bytes) -> T {
    // SAFETY: the ABI keeps the bytes until the first trap, which is not before
    // the callback proper.
    match upheaval_term::from_slice(unsafe { data.as_slice() }) {
        Ok(value) => value,
        Err(error) => raise::error(Term::tuple([
            Term::atom("function_clause"),
            Term::binary(error.to_string()),
        ])),
    }
}
