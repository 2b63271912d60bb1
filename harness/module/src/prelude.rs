//! All that most modules need: `use upheaval_module::prelude::*;`

pub use serde::{Deserialize, Serialize};
pub use upheaval_term::{Atom, Pid, Ref, Term};

pub use crate::behaviour::{
    CallReturn, Change, Continuation, GenServer, Init, Never, Next, Process, Return, convert,
};
pub use crate::{CallFailed, Caller, Context, To, export};
