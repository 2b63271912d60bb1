//! Bugs that happened to real systems, a file each: a scenario that the harness has to
//! find something in, and a correct twin in which it may find nothing.
//!
//! To add one: the modules go to `sample-modules/bugs/NAME`, buggy ones as `vN.rs` and
//! `vN.erl`, correct ones as `twin_vN.rs` and `twin_vN.erl`, each Rust file with an
//! `[[example]]` named `bug_NAME_vN` or `bug_NAME_twin_vN`; the scenarios to `NAME.rs`
//! here, with a function `bug() -> Bug` ([`upheaval::benchmark::Bug`] shows one); and a
//! line to `list.rs`.

mod bare_state;
mod dropped_field;
mod fun_in_message;
mod fun_in_state;
mod fun_stored;
mod kept_capability;
mod list;
mod list_to_table;
mod load_for_update;
mod local_loop;
mod native_state;
mod no_code_change;
mod old_request;
mod owned_record;
mod system;

pub(crate) use dropped_field::dropped_field;
pub use list::{all, beyond};
