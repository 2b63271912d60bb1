//! Bugs that happened to real systems, a file each: a scenario that the harness has to
//! find something in, and a correct twin in which it may find nothing.
//!
//! To add one: the modules go to `sample-modules/bugs/NAME`, buggy ones as `vN.rs` and
//! `vN.erl`, correct ones as `twin_vN.rs` and `twin_vN.erl`, each Rust file with an
//! `[[example]]` named `bug_NAME_vN` or `bug_NAME_twin_vN`; the scenarios to `NAME.rs`
//! here, with a function `bug() -> Bug` ([`upheaval::benchmark::Bug`] shows one); and a
//! line to `list.rs`.

mod asked_as_supervisor;
mod bare_state;
mod cleaned_too_much;
mod dropped_field;
mod exits_while_walked;
mod fun_in_message;
mod fun_in_state;
mod fun_stored;
mod init_with_side_effect;
mod kept_capability;
mod list;
mod list_to_table;
mod load_for_update;
mod loaded_twice;
mod local_loop;
mod lost_timer;
mod native_state;
mod never_started;
mod no_code_change;
mod old_request;
mod one_after_the_other;
mod opened_again;
mod owned_record;
mod purged_acceptors;
mod purged_while_waiting;
mod released;
mod stale_supervisor;
mod success_too_early;
mod supervisor_first;
mod system;
mod worker_type;
mod wrong_modules;

pub(crate) use dropped_field::dropped_field;
pub use list::{all, beyond, untold};
