//! Code: artifacts on disk, versions in memory, and the server that says which
//! version of a module is current and which is old.

mod artifact;
mod error;
mod seal;
mod server;
mod version;

pub use artifact::Artifact;
pub use error::{ArtifactError, LoadError};
pub use seal::seal;
pub use version::{Behaviour, Version};

pub(crate) use artifact::NamedFunction;
pub(crate) use server::{CodeServer, ModuleId};
