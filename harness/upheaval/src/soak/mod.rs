//! Cases for hours: what was found is written down at once, and whoever is killed goes on
//! where the journal ends.

mod books;
mod desk;
mod error;
mod journal;
mod lock;
mod part;
mod shapes;
mod shard;
mod soaker;
mod totals;
mod units;

pub use error::SoakError;
pub use shard::Shard;
pub use soaker::{News, Soak, SoakReport, SoakScenario};
pub use totals::Totals;
