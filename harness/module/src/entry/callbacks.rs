//! What the entries of all behaviours have in common.

use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde::de::DeserializeOwned;
use upheaval_term::Term;

use crate::abi::{Bytes, Call, Host, Outcome, outcome};
use crate::behaviour::Change;
use crate::context::Context;
use crate::{raise, scratch};

/// A callback of a behaviour, named by a number so that one `extern "C"`
/// function serves them all.
pub(super) trait Callbacks {
    /// Runs callback number `N`.
    ///
    /// # Safety
    /// `call` is as the ABI demands it for that entry.
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome;
}

pub(super) const INIT: u32 = 0;
pub(super) const HANDLE_CALL: u32 = 1;
pub(super) const HANDLE_CAST: u32 = 2;
pub(super) const HANDLE_INFO: u32 = 3;
pub(super) const TERMINATE: u32 = 4;
pub(super) const CODE_CHANGE: u32 = 5;
pub(super) const READ_STATE: u32 = 6;
pub(super) const DUMP_STATE: u32 = 7;
pub(super) const DROP_STATE: u32 = 8;
pub(super) const RUN: u32 = 9;
pub(super) const HANDLE_CONTINUE: u32 = 10;
pub(super) const HANDLE_EVENT: u32 = 11;
pub(super) const CALLBACK_MODE: u32 = 12;
pub(super) const HANDLERS: u32 = 13;

pub(super) unsafe extern "C" fn entry<C: Callbacks, const N: u32>(
    host: *const Host,
    call: *const Call,
    out: *mut Outcome,
) {
    // SAFETY: the ABI demands three valid pointers, and the node called the entry, so
    // `call` is as it demands.
    unsafe {
        caught((host, call, out), |context, call| {
            C::run::<N>(context, call)
        })
    };
}

/// Runs the body of an entry, and writes down what it comes to, whatever that is.
///
/// # Safety
/// The three pointers are as the ABI demands them.
#[inline]
pub(crate) unsafe fn caught(
    (host, call, out): (*const Host, *const Call, *mut Outcome),
    body: impl FnOnce(&Context<'_>, &Call) -> Outcome,
) {
    // SAFETY: the caller vouches for them.
    let (host, call) = unsafe { (&*host, &*call) };
    // What a callback leaves half done is never seen: the process that owns it
    // ends with the exception.
    let result = catch_unwind(AssertUnwindSafe(|| body(&Context::new(host), call)));
    let outcome = result.unwrap_or_else(raise::outcome_of);
    // SAFETY: the ABI demands a valid pointer for writing.
    unsafe { *out = outcome };
}

/// The outcome of an entry that made a state.
pub(super) fn state_outcome<S>(state: S) -> Outcome {
    Outcome {
        state: Box::into_raw(Box::new(state)).cast::<c_void>(),
        ..Outcome::of(outcome::STATE)
    }
}

/// What all states have in common: reading one, writing one, freeing one.
///
/// # Safety
/// `call` is as the ABI demands it for that entry.
pub(super) unsafe fn hold<S: Serialize + DeserializeOwned, const N: u32>(call: &Call) -> Outcome {
    match N {
        READ_STATE => state_outcome(decode::<S>(call.data)),
        DUMP_STATE => {
            // SAFETY: the ABI demands this version's state here.
            let state = unsafe { &*call.state.cast::<S>() };
            Outcome::with(outcome::TERM, scratch::encode(state))
        }
        _ => {
            // SAFETY: the state was made by `state_outcome` of this version, and the
            // ABI hands it back for dropping only once.
            drop(unsafe { Box::from_raw(call.state.cast::<S>()) });
            Outcome::of(outcome::DONE)
        }
    }
}

/// Which way a `code_change` goes.
pub(super) fn change_of(call: &Call) -> Change {
    // SAFETY: the ABI demands UTF-8 that lives until the first trap.
    let vsn = String::from_utf8_lossy(unsafe { call.vsn.as_slice() }).into_owned();
    match call.down {
        true => Change::Down { to: vsn },
        false => Change::Up { from: vsn },
    }
}

/// Reads what a callback is called with. A term that no clause of it takes is a
/// `function_clause`, with what does not fit.
pub(crate) fn decode<T: DeserializeOwned>(data: Bytes) -> T {
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
