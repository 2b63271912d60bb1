//! The entries of a plain process.

use super::callbacks::*;
use crate::abi::{Call, Outcome, outcome};
use crate::behaviour::{Continuation, Process};
use crate::context::Context;
use crate::scratch;

/// The entries of a plain process.
pub(super) struct Plain<P>(P);

impl<P: Process> Callbacks for Plain<P> {
    unsafe fn run<const N: u32>(context: &Context<'_>, call: &Call) -> Outcome {
        match decode::<P>(call.data).run(context) {
            Continuation::Qualified(state) => {
                Outcome::with(outcome::QUALIFIED, scratch::encode(&state))
            }
            Continuation::Hibernate(state) => {
                Outcome::with(outcome::HIBERNATE, scratch::encode(&state))
            }
            Continuation::Done => Outcome::of(outcome::DONE),
        }
    }
}
