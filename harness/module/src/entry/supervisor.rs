//! The entry of a supervisor's callback module.

use super::callbacks::*;
use crate::abi::{Call, Outcome, outcome};
use crate::behaviour::Supervisor;
use crate::context::Context;
use crate::scratch;

/// The entry of a supervisor's callback module.
pub(super) struct Supervising<S>(S);

impl<S: Supervisor> Callbacks for Supervising<S> {
    unsafe fn run<const N: u32>(_: &Context<'_>, call: &Call) -> Outcome {
        let given = S::init(decode(call.data));
        Outcome::with(outcome::TERM, scratch::encode(&given))
    }
}
