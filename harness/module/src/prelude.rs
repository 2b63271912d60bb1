//! All that most modules need: `use upheaval_module::prelude::*;`

pub use serde::{Deserialize, Serialize};
pub use upheaval_term::{Atom, Pid, Ref, Term};

pub use crate::behaviour::{
    CallReturn, CallbackMode, Change, Continuation, Event, EventType, GenEvent, GenServer,
    GenStatem, HandlerCallReturn, HandlerReturn, Init, InitHandler, InitStatem, Never, Next,
    Process, Return, Special, SpecialReturn, StateFunction, Swap, Timer, Transition, convert,
};
pub use crate::{CallFailed, Caller, Context, Received, SystemMessage, To, export};
