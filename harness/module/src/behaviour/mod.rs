//! The behaviours that a module can have.

mod gen_server;
mod gen_statem;
mod never;
mod process;

pub use gen_server::{CallReturn, Change, GenServer, Init, Next, Return, convert};
pub(crate) use gen_statem::Goal;
pub use gen_statem::{
    CallbackMode, Event, EventType, GenStatem, InitStatem, StateFunction, Timer, Transition,
};
pub use never::Never;
pub use process::{Continuation, Process};
