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
//! | `connections` | gen_server | who is connected; its state changes shape |
//! | `session` | gen_statem | its states change their names; fetches wait for a login |
//! | `acceptor` | plain process | blocks until somebody connects |
//! | `listener_sup` | supervisor | over acceptors, one more in version 2 |
//! | `worker_sup` | supervisor | a simple_one_for_one of workers |
//! | `worker` | gen_server | another answer, on the same state |
//! | `spare` | gen_server | is loaded although nobody runs it |
//! | `desk_sup` | supervisor | over a desk, at which a counter sits |
//!
//! `bugs/` holds versions with a bug, each named after its cause.
