//! The entries of a module's table: from the C ABI to the author's trait and
//! back, with every panic caught. One file for each behaviour.

mod callbacks;
mod gen_event;
mod gen_server;
mod gen_statem;
mod process;
mod special;
mod supervisor;
mod table;

pub(crate) use callbacks::{caught, decode};
