//! The behaviours that a module can have.

mod gen_event;
mod gen_server;
mod gen_statem;
mod never;
mod process;
mod special;
mod supervisor;

pub use gen_event::{GenEvent, HandlerCallReturn, HandlerReturn, InitHandler, Swap};
pub use gen_server::{CallReturn, Change, GenServer, Init, Next, Return, convert};
pub(crate) use gen_statem::Goal;
pub use gen_statem::{
    CallbackMode, Event, EventType, GenStatem, InitStatem, StateFunction, Timer, Transition,
};
pub use never::Never;
pub use process::{Continuation, Process};
pub use special::{Special, SpecialReturn};
pub use supervisor::{
    AutoShutdown, ChildSpec, ChildType, Dynamic, Flags, Modules, NamedShutdown, RestartType,
    Shutdown, Strategy, Supervisor, SupervisorInit,
};
