//! Terms as fields of serde values.
//!
//! This crate's own encoder and decoder know a newtype struct of a reserved
//! name: its bytes are a whole term. Text formats get the term's text form.

use std::fmt::{self, Display};
use std::marker::PhantomData;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};

use crate::etf::put::{self, Scratch};
use crate::etf::read::Reader;
use crate::etf::{put_term, read_term};
use crate::{Atom, DecodeError, ExternalFun, LocalFun, Pid, Ref, Term};

/// The reserved name.
pub(crate) const SPLICE: &str = "$upheaval_term::splice";

/// One term in the external format, without the leading version byte, that is
/// not decoded: for passing a term through. As a field of a serde value it is
/// the term itself.
///
/// ```
/// use upheaval_term::{RawTerm, Term, from_slice, to_vec};
///
/// let bytes = to_vec(&(1, ("anything", 'x')))?;
/// let (id, rest): (i64, RawTerm) = from_slice(&bytes)?;
/// assert_eq!(to_vec(&(id, &rest))?, bytes);
/// assert_eq!(rest.to_term()?.to_string(), r#"{<<"anything">>,120}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawTerm(Vec<u8>);

impl RawTerm {
    /// The term whose bytes, without the version byte, these are. Only the
    /// extent of the term is checked: it may still fail to decode.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] if the bytes are not the extent of exactly one term.
    pub fn new(bytes: Vec<u8>) -> Result<RawTerm, DecodeError> {
        let mut reader = Reader::new(&bytes);
        reader.skip()?;
        reader.finish()?;
        Ok(RawTerm(bytes))
    }

    pub(crate) fn of_checked(bytes: Vec<u8>) -> RawTerm {
        RawTerm(bytes)
    }

    /// The bytes, without a version byte.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, without a version byte.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// A type that is spliced.
trait Splice: Sized {
    const EXPECTED: &'static str;

    /// From a term's bytes; `None` if the term is of another type.
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError>;

    /// From a term that was read as text; the term itself if it is of another
    /// type.
    fn of_text(text: &str) -> Result<Option<Self>, String>;
}

fn of_parsed<T>(text: &str, pick: impl FnOnce(Term) -> Option<T>) -> Result<Option<T>, String> {
    match text.parse() {
        Ok(term) => Ok(pick(term)),
        Err(error) => Err(format!("{error}")),
    }
}

impl Splice for Term {
    const EXPECTED: &'static str = "a term";

    fn read(reader: &mut Reader<'_>) -> Result<Option<Term>, DecodeError> {
        read_term(reader).map(Some)
    }

    fn of_text(text: &str) -> Result<Option<Term>, String> {
        of_parsed(text, Some)
    }
}

impl Splice for RawTerm {
    const EXPECTED: &'static str = "a term";

    fn read(reader: &mut Reader<'_>) -> Result<Option<RawTerm>, DecodeError> {
        Ok(Some(RawTerm(reader.skip()?.to_vec())))
    }

    fn of_text(text: &str) -> Result<Option<RawTerm>, String> {
        of_parsed(text, |term| Some(RawTerm::from_term(&term)))
    }
}

impl Splice for Atom {
    const EXPECTED: &'static str = "an atom";

    fn read(reader: &mut Reader<'_>) -> Result<Option<Atom>, DecodeError> {
        let tag = reader.tag()?;
        if crate::etf::tag::describe(tag) != Atom::EXPECTED {
            return Ok(None);
        }
        reader.atom(tag).map(|text| Some(Atom::of_checked(&text)))
    }

    /// A name needs no quotes in another format: any text is an atom.
    fn of_text(text: &str) -> Result<Option<Atom>, String> {
        Atom::new(text).map(Some).map_err(|error| error.to_string())
    }
}

impl Splice for LocalFun {
    const EXPECTED: &'static str = "a local fun";

    fn read(reader: &mut Reader<'_>) -> Result<Option<LocalFun>, DecodeError> {
        match read_term(reader)? {
            Term::LocalFun(fun) => Ok(Some(*fun)),
            _ => Ok(None),
        }
    }

    /// No text is a local fun.
    fn of_text(text: &str) -> Result<Option<LocalFun>, String> {
        of_parsed(text, |_| None)
    }
}

macro_rules! splice_opaque {
    ($($type:ident, $term:ident, $method:ident, $expected:literal;)*) => {$(
        impl Splice for $type {
            const EXPECTED: &'static str = $expected;

            fn read(reader: &mut Reader<'_>) -> Result<Option<$type>, DecodeError> {
                let tag = reader.tag()?;
                reader.$method(tag)
            }

            fn of_text(text: &str) -> Result<Option<$type>, String> {
                of_parsed(text, |term| match term {
                    Term::$term(value) => Some(value),
                    _ => None,
                })
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    return serializer.collect_str(self);
                }
                let mut scratch = Scratch::new();
                put::$method(self, &mut scratch);
                serializer.serialize_newtype_struct(SPLICE, &Bytes(scratch.as_bytes()))
            }
        }
    )*};
}

splice_opaque! {
    Pid, Pid, pid, "a pid";
    Ref, Ref, reference, "a reference";
    ExternalFun, Fun, fun, "an external fun";
}

struct Bytes<'a>(&'a [u8]);

impl Serialize for Bytes<'_> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl Serialize for Atom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.serialize_str(self.as_str());
        }
        let mut scratch = Scratch::new();
        put::atom(self.as_str(), &mut scratch);
        serializer.serialize_newtype_struct(SPLICE, &Bytes(scratch.as_bytes()))
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_str(self);
        }
        let mut bytes = Vec::new();
        put_term(self, &mut bytes);
        serializer.serialize_newtype_struct(SPLICE, &Bytes(&bytes))
    }
}

impl Serialize for LocalFun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Term::from(self.clone()).serialize(serializer)
    }
}

impl Serialize for RawTerm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let term = self.to_term().map_err(S::Error::custom)?;
            return serializer.collect_str(&term);
        }
        serializer.serialize_newtype_struct(SPLICE, &Bytes(&self.0))
    }
}

/// Reads a spliced type from a term's bytes or from text.
struct SpliceVisitor<T>(PhantomData<T>);

impl<'de, T: Splice> Visitor<'de> for SpliceVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<T, E> {
        let mut reader = Reader::new(bytes);
        match T::read(&mut reader).map_err(|error| E::custom(error.kind))? {
            Some(value) => Ok(value),
            None => Err(mismatch(T::EXPECTED, read_term(&mut reader.again(0)))),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        match T::of_text(text).map_err(E::custom)? {
            Some(value) => Ok(value),
            None => Err(mismatch(T::EXPECTED, Ok::<_, DecodeError>(text))),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<T, D::Error> {
        inner.deserialize_bytes(self)
    }
}

#[cold]
fn mismatch<E: de::Error>(expected: &str, found: Result<impl Display, DecodeError>) -> E {
    match found {
        Ok(found) => E::custom(format_args!("expected {expected}, found {found}")),
        Err(error) => E::custom(error.kind),
    }
}

macro_rules! deserialize_spliced {
    ($($type:ident)*) => {$(
        impl<'de> Deserialize<'de> for $type {
            #[inline]
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$type, D::Error> {
                let visitor = SpliceVisitor(PhantomData);
                if deserializer.is_human_readable() {
                    deserializer.deserialize_str(visitor)
                } else {
                    deserializer.deserialize_newtype_struct(SPLICE, visitor)
                }
            }
        }
    )*};
}

deserialize_spliced!(Term RawTerm Atom Pid Ref ExternalFun LocalFun);
