//! Cases in worker processes: a module that ends or holds its process costs a worker,
//! and not the run.
//!
//! A worker is this program, started once more to [`serve`]. It reads requests, one JSON
//! object a line, from its standard input, and writes as many answers. What it is to
//! run it gets by name and seed, and what it found it gives in numbers and words: a
//! history never leaves it.

mod child;
mod death;
mod isolated;
mod serve;
mod wire;

pub use death::{Death, DeathKind};
pub use isolated::{Isolated, Isolation};
pub use serve::{ServeError, serve};
