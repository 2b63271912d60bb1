//! A number crosses versions by its address.

use std::ptr;

use serde::{Deserialize, Deserializer, Serializer};

use crate::number::Number;

pub(crate) fn serialize<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(number.0.expose_provenance() as u64)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
    let address = u64::deserialize(deserializer)?;
    Ok(Number(ptr::with_exposed_provenance_mut(address as usize)))
}
