//! A number crosses versions by what it is: each version has memory of its own.

use serde::{Deserialize, Deserializer, Serializer};

use crate::number::Number;

pub(crate) fn serialize<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(number.get())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
    Ok(Number::map(0, i64::deserialize(deserializer)?))
}
