//! The sample modules, as scenarios use them.

use std::path::PathBuf;

use upheaval::scenario::{Module, Source, Switch};

use crate::models;

/// Where the artifact of an example of the package `sample-modules` comes from.
pub fn source(example: &str) -> Source {
    Source::Example {
        manifest: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"),
        name: example.into(),
    }
}

pub(crate) fn counter() -> Module {
    Module::new("counter", Switch::CodeChange)
        .version("1", source("counter_v1"))
        .version("2", source("counter_v2"))
        .version("3", source("counter_v3"))
        .model(models::counter())
}

pub(crate) fn ledger() -> Module {
    Module::new("ledger", Switch::Load)
        .version("1", source("ledger_v1"))
        .version("2", source("ledger_v2"))
        .model(models::ledger())
}

pub(crate) fn plain(name: &str) -> Module {
    Module::new(name, Switch::Load)
        .version("1", source(&format!("{name}_v1")))
        .version("2", source(&format!("{name}_v2")))
}
