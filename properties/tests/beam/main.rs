//! The same on real Erlang. Where there is none, all of this is skipped, with one
//! line that says so; with `UPHEAVAL_REQUIRE_BEAM=1` that is a failure.

mod appups;
mod attached;
mod bad_input;
mod circles;
mod conformance;
mod leftovers;
mod nodes;
mod plans;
mod release_plans;
mod releases;
mod reuse;
mod snapshots;

/// Ends a test where there is no Erlang.
macro_rules! needs_erlang {
    () => {
        if !properties::has_erlang() {
            return;
        }
    };
}
pub(crate) use needs_erlang;
