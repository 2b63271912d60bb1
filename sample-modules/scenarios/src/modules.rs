//! The sample modules, as scenarios use them.

use std::path::PathBuf;

use upheaval::scenario::{InOrder, Module, Source, Switch};
use upheaval_term::Term;

use crate::{models, specs};

/// Where the artifact of an example of the package `sample-modules` comes from.
pub fn source(example: &str) -> Source {
    Source::Example {
        manifest: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"),
        name: example.into(),
    }
}

/// The Erlang source of a version, by its path below `sample-modules`.
pub fn erlang(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}

pub(crate) fn counter() -> Module {
    versions(Module::new("counter", Switch::CodeChange), 3)
        .crashes_on(nonsense())
        .model(models::counter().reversible())
        .spec(specs::Counter)
}

pub(crate) fn ledger() -> Module {
    versions(Module::new("ledger", Switch::Load), 2)
        .crashes_on(nonsense())
        .model(models::ledger().reversible())
        .spec(specs::Ledger)
}

pub(crate) fn cache() -> Module {
    versions(Module::new("cache", Switch::CodeChange), 3)
        .crashes_on(nonsense())
        .model(models::cache().reversible())
}

/// Version 3 has forgotten what version 2 had counted.
pub(crate) fn door() -> Module {
    versions(Module::new("door", Switch::CodeChange), 3).model(models::door())
}

/// Version 3 has forgotten what version 2 had counted.
pub(crate) fn event_log() -> Module {
    versions(Module::new("event_log", Switch::CodeChange), 3).model(models::event_log())
}

pub(crate) fn meter() -> Module {
    versions(Module::new("meter", Switch::CodeChange), 3)
        .model(models::meter().reversible())
        .spec(specs::Meter)
}

pub(crate) fn plain(name: &str) -> Module {
    loaded(name, 2)
}

/// A module that moves by being loaded, in its versions 1 to `last`.
pub(crate) fn loaded(name: &str, last: u32) -> Module {
    versions(Module::new(name, Switch::Load), last)
}

pub(crate) fn office_sup() -> Module {
    versions(Module::new("office_sup", Switch::Supervisor), 3)
}

pub(crate) fn connections() -> Module {
    versions(Module::new("connections", Switch::CodeChange), 3)
        .crashes_on(nonsense())
        .model(models::connections().reversible())
        .spec(specs::Connections)
}

pub(crate) fn session() -> Module {
    versions(Module::new("session", Switch::CodeChange), 2).model(models::session().reversible())
}

pub(crate) fn worker() -> Module {
    versions(Module::new("worker", Switch::Load), 2)
        .crashes_on(nonsense())
        .model(models::worker().reversible())
}

/// A supervisor's callback module of two versions.
pub(crate) fn supervisor(name: &str) -> Module {
    versions(Module::new(name, Switch::Supervisor), 2)
}

/// A call that no clause of most servers takes.
pub(crate) fn nonsense() -> Term {
    Term::atom("nonsense")
}

/// The versions 1 to `last` of a sample module, in Rust and in Erlang.
fn versions(module: Module, last: u32) -> Module {
    let name = module.name.clone();
    // None of them has a receive that passes over what is sent to it.
    let module = module.in_order(InOrder::Everything);
    (1..=last).fold(module, |module, v| {
        module
            .version(v.to_string(), source(&format!("{name}_v{v}")))
            .erlang(erlang(&format!("{name}/v{v}.erl")))
    })
}
