//! The engine of `gen_event`: its requests, its handlers' callbacks, and what `sys`
//! does to them.

mod handlers;
mod requests;
mod returns;
mod sys;

pub(super) use sys::Change;
