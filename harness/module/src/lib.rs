//! What the author of a module depends on.
//!
//! A module is a `cdylib` that exports one [behaviour]: a
//! [`GenServer`](behaviour::GenServer), a [`GenStatem`](behaviour::GenStatem), a
//! [`GenEvent`](behaviour::GenEvent) handler, a [`Special`](behaviour::Special) or a
//! plain [`Process`](behaviour::Process). The node loads it, runs its callbacks
//! and its loop, and replaces it by another version while it runs.
//!
//! ```
//! use upheaval_module::prelude::*;
//!
//! #[derive(Serialize, Deserialize)]
//! struct Counter {
//!     count: i64,
//! }
//!
//! #[derive(Deserialize)]
//! enum Request {
//!     Add(i64),
//!     Get,
//! }
//!
//! impl GenServer for Counter {
//!     type Args = i64;
//!     type Call = Request;
//!     type Reply = i64;
//!     type Cast = Never;
//!     type Info = Term;
//!
//!     fn init(count: i64, _: &Context) -> Init<Self> {
//!         Init::Ok(Counter { count })
//!     }
//!
//!     fn handle_call(&mut self, request: Request, _: Caller, _: &Context) -> CallReturn<i64> {
//!         if let Request::Add(n) = request {
//!             self.count += n;
//!         }
//!         CallReturn::Reply(self.count)
//!     }
//! }
//!
//! export!(gen_server Counter, module "counter", vsn "1");
//! # fn main() {}
//! ```
//!
//! Clients see Erlang terms: `gen_server:call(counter, {add, 5})` arrives as
//! `Request::Add(5)`, see [`upheaval_term`] for the mapping.

pub mod abi;
pub mod behaviour;
pub mod prelude;

mod call_failed;
mod context;
mod entry;
mod export;
mod function;
mod raise;
mod scratch;

pub use call_failed::CallFailed;
pub use context::{Caller, Context, Received, SystemMessage, To};
pub use export::silence_panics;
pub use function::{Arguments, Class, Fun, Raised};
#[doc(hidden)]
pub use function::{run_exported, run_local, run_on_load};
pub use raise::{error, exit, throw};
