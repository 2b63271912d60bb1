//! Real Erlang/OTP nodes, driven from Rust.
//!
//! [`Erl`] is an Erlang on this machine. [`Node::start`] boots a node of it, without epmd,
//! on the loopback, behind a random cookie; [`Node::attach`] finds one that runs
//! already. [`Session::open`] connects to it over the distribution protocol, as a
//! hidden node. [`Agent::load`] puts a small Erlang program on it, which does what a
//! harness asks for beside the processes that it is done to.
//!
//! Everything has a deadline, and nothing that a node says is trusted.
#![forbid(unsafe_code)]

mod agent;
mod compile;
mod cookie;
mod erl;
mod error;
mod frame;
mod group;
mod node;
mod output;
mod place;
mod release;
mod runtime;
mod session;

pub use agent::{Agent, Raw, SOURCES};
pub use compile::compile;
pub use cookie::Cookie;
pub use erl::Erl;
pub use error::BeamError;
pub use frame::{MAX_FRAME, read_message};
pub use node::Node;
pub use release::{ApplicationFiles, ReleaseSet, ReleaseVersion};
pub use runtime::Runtime;
pub use session::Session;
