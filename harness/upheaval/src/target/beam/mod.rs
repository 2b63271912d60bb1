//! The beam target: real Erlang/OTP nodes.

mod compiler;
mod control;
mod lab;
mod releases;
mod run;
mod taken;
mod translate;
mod who;
mod wire;

pub use compiler::Compiler;
pub use lab::{Beam, Lab};
