//! Serde, straight to and from the external term format.

mod convert;
mod de;
mod enums;
mod error;
mod items;
mod seq;
mod ser;
mod snake;
mod splice;

pub use convert::{from_slice, from_term, required, to_buf, to_term, to_vec};
pub use error::{DeError, SerError};
pub use splice::RawTerm;
