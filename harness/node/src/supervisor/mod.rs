//! The supervisor: a `gen_server` like any other, as in OTP, only that it is
//! part of the node. That it queues exits while it is suspended (B15), and handles
//! one thing at a time, follows from that.
//!
//! What it supervises its callback module says, when it starts and when it changes
//! code; that is read and checked as OTP does it, term by term, so that nonsense
//! gives OTP's own errors.

mod books;
mod change;
mod check;
mod described;
mod given;
mod instances;
mod requests;
mod restart;
mod server;
mod start;
mod stop;

pub(crate) use given::{GIVEN, GIVEN_TABLE, given};
pub(crate) use server::{MODULE, TABLE, callback_of, start_args};
