//! `counter`, built against a module interface that is not this node's.

use upheaval_module::abi::Table;
use upheaval_module::prelude::*;

#[derive(Serialize, Deserialize)]
struct Counter;

impl GenServer for Counter {
    type Args = Term;
    type Call = Never;
    type Reply = Term;
    type Cast = Never;
    type Info = Term;

    fn init(_: Term, _: &Context) -> Init<Self> {
        Init::Ok(Counter)
    }

    fn handle_call(&mut self, request: Never, _: Caller, _: &Context) -> CallReturn<Term> {
        match request {}
    }
}

static TABLE: Table = Table {
    abi_version: 999,
    ..Table::gen_server::<Counter>("counter", "2")
};

/// The entry point, as `export!` would make it.
#[unsafe(no_mangle)]
pub extern "C" fn upheaval_module() -> *const Table {
    &TABLE
}
