//! The instructions of appups and of low-level scripts.

mod bad;
mod forms;
mod high;
mod low;
mod parts;
mod read;
mod write;

pub use bad::{BadInstruction, BadPart};
pub use high::Instruction;
pub use low::{LowLevel, Nodes, Suspend};
pub use parts::{Change, Direction, Mfa, ModType, Purge, StartType, Timeout};
