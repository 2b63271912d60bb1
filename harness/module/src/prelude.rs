//! All that most modules need: `use upheaval_module::prelude::*;`

pub use serde::{Deserialize, Serialize};
pub use upheaval_term::{Atom, Pid, Ref, Term};

pub use crate::behaviour::{
    CallReturn, CallbackMode, Change, Continuation, Event, EventType, GenServer, GenStatem, Init,
    InitStatem, Never, Next, Process, Return, StateFunction, Timer, Transition, convert,
};
pub use crate::{CallFailed, Caller, Context, To, export};
