//! All that most modules need: `use upheaval_module::prelude::*;`

pub use serde::{Deserialize, Serialize};
pub use upheaval_term::{Atom, ExternalFun, LocalFun, Pid, Ref, Term};

pub use crate::behaviour::{
    AutoShutdown, CallReturn, CallbackMode, Change, ChildSpec, ChildType, Continuation, Event,
    EventType, Flags, GenEvent, GenServer, GenStatem, HandlerCallReturn, HandlerReturn, Init,
    InitHandler, InitStatem, Never, Next, Process, RestartType, Return, Shutdown, Special,
    SpecialReturn, StateFunction, Strategy, Supervisor, SupervisorInit, Swap, Timer, Transition,
    convert,
};
pub use crate::{
    Arguments, CallFailed, Caller, Class, Context, Fun, Raised, Received, SystemMessage, To, export,
};
