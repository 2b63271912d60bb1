//! What runs: modules and their versions, the supervision tree, the clients
//! and their requests, which upgrades and faults may happen, and how much of
//! each a case holds.
//!
//! A scenario is a value. It knows no target: the same one is run by the
//! embedded node and by real Erlang.

mod model;
mod module;
mod process;
mod request;
mod weights;

pub use model::{Meaning, StateModel};
pub use module::{Module, Source, Switch, Version};
pub use process::{Process, Restart, Supervision};
pub use request::{Draw, Kind, Request, RequestSpec};
pub use weights::{Patience, Sizes, Weights};

mod definition;
pub use definition::{Scenario, ScenarioError};
