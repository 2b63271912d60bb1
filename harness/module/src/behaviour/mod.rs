//! The behaviours that a module can have.

mod gen_server;
mod never;
mod process;

pub use gen_server::{CallReturn, Change, GenServer, Init, Next, Return, convert};
pub use never::Never;
pub use process::{Continuation, Process};
