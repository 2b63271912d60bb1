//! What can be wrong with bytes.

use super::read::MAX_DEPTH;
use super::tag;
use crate::atom::AtomTooLong;

/// Bytes are not a term in the external format, or one this crate refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct DecodeError {
    /// Where in the bytes, from 0.
    pub offset: usize,
    /// What is wrong there.
    pub kind: DecodeErrorKind,
}

/// What is wrong with bytes that do not decode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The first byte is not the version of the external format.
    #[error("version byte {0}, expected 131: is this the external term format?")]
    Version(u8),
    /// The bytes end within a term.
    #[error("truncated: {needed} bytes needed but {left} left")]
    Truncated {
        /// How many bytes the format calls for.
        needed: usize,
        /// How many there are.
        left: usize,
    },
    /// A tuple, list or map claims more elements than there are bytes left.
    #[error("{elements} elements claimed but {left} bytes left, not enough for them")]
    TooManyElements {
        /// How many elements are claimed, by this term and those around it.
        elements: usize,
        /// How many bytes there are.
        left: usize,
    },
    /// Bytes follow the term.
    #[error("{0} bytes after the term: pass one term, or decode a prefix")]
    TrailingBytes(usize),
    /// No term starts with this byte.
    #[error("unknown tag {0}")]
    UnknownTag(u8),
    /// Erlang has such terms, this crate does not.
    #[error("{name} (tag {0}) is not supported: send plain data instead", name = tag::describe(*.0))]
    Unsupported(u8),
    /// Terms are nested too deep.
    #[error("terms nested deeper than {MAX_DEPTH}: flatten the term")]
    TooDeep,
    /// An atom's name is too long.
    #[error(transparent)]
    AtomTooLong(#[from] AtomTooLong),
    /// An atom's name is not UTF-8.
    #[error("atom that is not utf-8")]
    AtomNotUtf8,
    /// An atom is required.
    #[error("expected an atom, found {}", tag::describe(*.0))]
    NotAnAtom(u8),
    /// A float is not finite, or is not written as one.
    #[error("float that is not a finite number: erlang has no such float")]
    FloatNotFinite,
    /// A bitstring's last byte does not have 1 to 8 bits.
    #[error("bitstring whose last byte has {0} bits, expected 1 to 8")]
    BitCount(u8),
    /// A reference does not have 1 to 5 words.
    #[error("reference of {0} words, expected 1 to 5")]
    RefWords(u16),
    /// An external fun's arity is not a small integer.
    #[error("external fun whose arity is not an integer from 0 to 255")]
    FunArity,
    /// A local fun's index or mark is no number of 32 bits.
    #[error("local fun whose numbers are not integers of 32 bits")]
    FunNumber,
    /// A local fun does not say which process made it.
    #[error("local fun whose creator is no pid")]
    FunCreator,
    /// A local fun takes another number of bytes than it says.
    #[error("local fun that claims {size} bytes and takes {read}")]
    FunSize {
        /// What it claims.
        size: usize,
        /// What it takes.
        read: usize,
    },
    /// The sign of a big integer is neither 0 nor 1.
    #[error("integer with sign byte {0}, expected 0 or 1")]
    Sign(u8),
    /// A map has the same key twice.
    #[error("map with the key {0} twice")]
    DuplicateKey(String),
}
