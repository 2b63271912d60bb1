//! Real modules in several versions, to be upgraded while they run.
//!
//! Each version is an example target of this package, a `cdylib` of its own:
//! the library itself is empty.
//!
//! | module | behaviour | what it is for |
//! |---|---|---|
//! | `counter` | gen_server | its state changes shape in every version |
//! | `ledger` | gen_server | calls `counter` from inside its callbacks |
//! | `echo_loop` | plain process | a qualified loop: picks new code up by itself |
//! | `stuck_loop` | plain process | a local loop: lingers until a purge kills it |
//! | `spare` | gen_server | is loaded although nobody runs it |
//!
//! `bugs/` holds versions with a bug, each named after its cause.
