//! What runs: modules and their versions, the supervision tree, the clients
//! and their requests, which upgrades and faults may happen, and how much of
//! each a case holds.
//!
//! A scenario is a value. It knows no target: the same one is run by the
//! embedded node and by real Erlang.

mod model;
mod module;
mod process;
mod release;
mod request;
mod spec;
mod supervision;
mod tree;
mod weights;

pub use model::{Meaning, StateModel};
pub use module::{InOrder, Module, Source, Switch, Version};
pub use process::Process;
pub use release::{Application, ApplicationVersion, Release};
pub use request::{Draw, Kind, Request, RequestSpec};
pub(crate) use spec::{Asked, Explained};
pub use spec::{Spec, Specification};
pub(crate) use supervision::GIVEN;
pub use supervision::{ChildRef, DynamicChild, Supervision, Template};
pub use upheaval_node::{AutoShutdown, RestartType as Restart, Shutdown, Strategy};
pub use weights::{Patience, Sizes, Weights};

mod definition;
pub use definition::{Scenario, ScenarioError};
