//! From the instructions of appups to one low-level script (C2 to C4), as OTP's
//! `systools_rc` makes it.

mod applications;
mod check;
mod components;
mod error;
mod group;
mod object_code;
mod restarts;
mod script;
mod split;

pub(crate) use components::circles;
pub use error::TranslateError;
pub use script::Translation;
