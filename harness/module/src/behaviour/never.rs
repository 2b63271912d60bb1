//! The type of messages that a server does not take.

use serde::de::{Deserialize, Deserializer, Error};

/// No value: for the requests, casts or messages that a server has no clause
/// for. One that arrives all the same is a `function_clause` crash, as in
/// Erlang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Never {}

impl<'de> Deserialize<'de> for Never {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("the module takes no such messages"))
    }
}
