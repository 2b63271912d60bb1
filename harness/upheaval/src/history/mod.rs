//! What happened: an append-only list of events with logical times. It is all
//! that an invariant may look at.

mod difference;
mod digest;
mod event;
mod excerpt;
mod log;
mod print;
#[cfg(test)]
pub(crate) mod story;

pub use difference::Difference;
pub use digest::{Digest, DigestChain};
pub use event::{Answer, Carrier, Code, Data, Event, Held, MessageId, Moved, ProcessId, Symbol};
pub use log::History;
