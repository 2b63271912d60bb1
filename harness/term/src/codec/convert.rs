//! The functions a user of serde calls.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

use super::de::Decoder;
use super::ser::Encoder;
use super::{DeError, SerError};
use crate::etf::read::Reader;
use crate::etf::{put_term, read_term, tag};
use crate::{RawTerm, Term};

/// A value in the external format, with the leading version byte.
///
/// ```
/// assert_eq!(upheaval_term::to_vec(&("a", 5))?, [131, 104, 2, 109, 0, 0, 0, 1, b'a', 97, 5]);
/// # Ok::<(), upheaval_term::SerError>(())
/// ```
///
/// # Errors
///
/// [`SerError`] if a float is not finite, a name is too long for an atom, or
/// the value's own `Serialize` fails.
#[inline]
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, SerError> {
    let mut out = Vec::with_capacity(64);
    to_buf(value, &mut out)?;
    Ok(out)
}

/// Appends what [`to_vec`] returns to `out`; on an error `out` is as it was.
///
/// # Errors
///
/// As [`to_vec`].
#[inline]
pub fn to_buf<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), SerError> {
    let start = out.len();
    out.push(tag::VERSION);
    let written = value.serialize(&mut Encoder::new(out));
    if written.is_err() {
        out.truncate(start);
    }
    written
}

/// The value that `bytes`, with the leading version byte, are in the external
/// format.
///
/// ```
/// let value: (String, i64) = upheaval_term::from_slice(&[131, 104, 2, 109, 0, 0, 0, 1, b'a', 97, 5])?;
/// assert_eq!(value, ("a".to_string(), 5));
/// # Ok::<(), upheaval_term::DeError>(())
/// ```
///
/// # Errors
///
/// [`DeError`] if the bytes are malformed or are not exactly one term of the
/// shape that the type has.
#[inline]
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DeError> {
    read_all(Reader::versioned(bytes)?)
}

#[inline]
fn read_all<T: DeserializeOwned>(reader: Reader<'_>) -> Result<T, DeError> {
    let mut decoder = Decoder { reader };
    let value = T::deserialize(&mut decoder)?;
    decoder.reader.finish()?;
    Ok(value)
}

/// A value as a term.
///
/// ```
/// assert_eq!(upheaval_term::to_term(&Some(('a', true)))?.to_string(), "{97,true}");
/// # Ok::<(), upheaval_term::SerError>(())
/// ```
///
/// # Errors
///
/// As [`to_vec`]; also if a map has the same key twice or the value is nested
/// deeper than [`MAX_DEPTH`](crate::MAX_DEPTH).
pub fn to_term<T: Serialize + ?Sized>(value: &T) -> Result<Term, SerError> {
    Ok(crate::decode(&to_vec(value)?)?)
}

/// The value a term is.
///
/// ```
/// let term = "[1, 2]".parse::<upheaval_term::Term>()?;
/// assert_eq!(upheaval_term::from_term::<Vec<u8>>(&term)?, [1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`from_slice`].
pub fn from_term<T: DeserializeOwned>(term: &Term) -> Result<T, DeError> {
    let mut bytes = Vec::new();
    put_term(term, &mut bytes);
    read_all(Reader::new(&bytes))
}

/// Makes a missing `Option` field an error, as other missing fields are, when
/// named in `#[serde(deserialize_with = "upheaval_term::required")]`.
///
/// ```
/// #[derive(Debug, serde::Deserialize)]
/// struct Account {
///     #[serde(deserialize_with = "upheaval_term::required")]
///     limit: Option<i64>,
/// }
///
/// let present = "#{limit => undefined}".parse()?;
/// assert_eq!(upheaval_term::from_term::<Account>(&present)?.limit, None);
/// let missing = "#{}".parse()?;
/// assert!(upheaval_term::from_term::<Account>(&missing).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Those of `T`.
pub fn required<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    T::deserialize(deserializer)
}

impl RawTerm {
    /// A value as an undecoded term.
    ///
    /// # Errors
    ///
    /// As [`to_vec`].
    pub fn from_value<T: Serialize + ?Sized>(value: &T) -> Result<RawTerm, SerError> {
        let mut bytes = Vec::new();
        value.serialize(&mut Encoder::new(&mut bytes))?;
        Ok(RawTerm::of_checked(bytes))
    }

    /// The value the term is.
    ///
    /// # Errors
    ///
    /// As [`from_slice`].
    pub fn to_value<T: DeserializeOwned>(&self) -> Result<T, DeError> {
        read_all(Reader::new(self.as_bytes()))
    }

    /// The term, undecoded.
    #[must_use]
    pub fn from_term(term: &Term) -> RawTerm {
        let mut bytes = Vec::new();
        put_term(term, &mut bytes);
        RawTerm::of_checked(bytes)
    }

    /// The term, decoded.
    ///
    /// # Errors
    ///
    /// [`DecodeError`](crate::DecodeError) as [`decode`](crate::decode) gives,
    /// with offsets that do not count a version byte.
    pub fn to_term(&self) -> Result<Term, crate::DecodeError> {
        let mut reader = Reader::new(self.as_bytes());
        read_term(&mut reader)
    }
}
