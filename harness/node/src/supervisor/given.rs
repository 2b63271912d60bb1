//! A callback module that gives back what it is given: for supervisors that are
//! described by whoever starts them.

use upheaval_module::abi::Table;
use upheaval_module::behaviour::{ChildSpec, Flags, Supervisor, SupervisorInit};
use upheaval_term::{RawTerm, Term};

/// The name of the module.
pub(crate) const GIVEN: &str = "upheaval_supervisor";

/// The module, as a node finds it in any other library.
pub(crate) const GIVEN_TABLE: Table = Table::supervisor::<Given>(GIVEN, "1");

pub(crate) struct Given;

impl Supervisor for Given {
    type Args = RawTerm;

    fn init(what: RawTerm) -> SupervisorInit {
        SupervisorInit::Given(what)
    }
}

/// The arguments with which its `init` gives these.
pub(crate) fn given(flags: &Flags, specs: &[ChildSpec]) -> Term {
    match upheaval_term::to_term(&(flags, specs)) {
        Ok(args) => args,
        Err(error) => unreachable!("flags and specs are terms: {error}"),
    }
}
