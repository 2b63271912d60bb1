//! A plain process: a loop around a blocking receive.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Context;

/// A plain process, as `spawn(Module, loop, [State])` starts one.
///
/// It knows no system messages, so it can be neither suspended nor converted.
/// How it takes part in an upgrade lies in how it goes on after a message:
///
/// - It returns [`Continuation::Qualified`], which is `?MODULE:loop(State)`: it
///   goes on in the version that is current by then (A7, A8).
/// - It loops inside [`run`](Process::run), which is `loop(State)`: its stack
///   stays in the version it started in. It lingers there (A5), and a purge
///   kills it.
///
/// The value itself is the loop's argument; it crosses versions as a term.
pub trait Process: Serialize + DeserializeOwned + 'static {
    /// The body of the loop.
    fn run(self, context: &Context) -> Continuation<Self>;
}

/// How a plain process goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuation<S> {
    /// With a qualified call of its loop: in the current version.
    Qualified(S),
    /// The same, once a message has come: `erlang:hibernate`. It waits without a stack
    /// until then, and does not linger (A5).
    Hibernate(S),
    /// Not: it has returned, and exits with `normal`.
    Done,
}
