//! The external term format.

mod decode;
mod encode;
mod error;
pub(crate) mod put;
pub(crate) mod read;
mod skip;
pub(crate) mod tag;

pub(crate) use decode::read_term;
pub use decode::{decode, decode_prefix};
pub(crate) use encode::{close_list, put_term};
pub use encode::{encode, encode_into};
pub use error::{DecodeError, DecodeErrorKind};
pub use read::MAX_DEPTH;
