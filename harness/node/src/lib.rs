//! The embedded node: a deterministic Erlang node in miniature.
//!
//! Processes are servers, plain processes and clients; everything between them
//! is a signal; which process goes next is asked of a [`Scheduler`]; time is
//! virtual. Modules are shared objects, of which two versions can be in memory
//! at once. One scheduler seed gives one history.

mod client;
mod code;
mod coroutine;
mod events;
mod node;
mod observer;
mod process;
mod scheduler;
mod server;
mod signal;
mod statem;
mod supervisor;

pub use client::{ClientRequest, RequestKind};
pub use code::{Artifact, ArtifactError, Behaviour, LoadError, Version, seal};
pub use coroutine::Stacks;
pub use node::{Doing, Flaw, Inspection, Node, Outcome, Twice};
pub use observer::{Answer, Blind, Event, Observer};
pub use scheduler::{
    PctScheduler, RandomScheduler, RecordingScheduler, ReplayScheduler, Scheduler, UnfairScheduler,
};
pub use signal::{Carrier, MessageId, Pid, SystemRequest, Tag};
pub use upheaval_module::behaviour::{
    AutoShutdown, ChildSpec, ChildType, Flags, Modules, NamedShutdown, RestartType, Shutdown,
    Strategy,
};
