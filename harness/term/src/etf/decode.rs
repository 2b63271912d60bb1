//! Bytes to terms.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::read::{Reader, Result};
use super::{DecodeError, DecodeErrorKind, tag};
use crate::{Atom, Bits, Term};

/// The term that `bytes`, with the leading version byte, are in the external
/// format.
///
/// ```
/// use upheaval_term::{Term, decode};
///
/// assert_eq!(decode(&[131, 97, 5])?, Term::Int(5));
/// assert_eq!(
///     decode(&[131, 98, 0, 0]).unwrap_err().to_string(),
///     "truncated: 4 bytes needed but 2 left at byte 2",
/// );
/// # Ok::<(), upheaval_term::DecodeError>(())
/// ```
///
/// # Errors
///
/// [`DecodeError`] if the bytes are malformed or more than one term; if terms
/// are nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH); if a map has a key
/// twice; and for what this crate does not have: ports, local funs, compressed
/// terms. Never a panic, and never more memory than in proportion to the bytes.
pub fn decode(bytes: &[u8]) -> std::result::Result<Term, DecodeError> {
    let mut reader = Reader::versioned(bytes)?;
    let term = read_term(&mut reader)?;
    reader.finish()?;
    Ok(term)
}

/// The term that `bytes` begin with, and how many bytes it takes, the leading
/// version byte included.
///
/// # Errors
///
/// As [`decode`], but bytes may follow the term.
pub fn decode_prefix(bytes: &[u8]) -> std::result::Result<(Term, usize), DecodeError> {
    let mut reader = Reader::versioned(bytes)?;
    let term = read_term(&mut reader)?;
    Ok((term, reader.at()))
}

/// A term without the version byte.
pub(crate) fn read_term(reader: &mut Reader<'_>) -> Result<Term> {
    let start = reader.at();
    let tag = reader.tag()?;
    Ok(match tag {
        tag::ATOM | tag::SMALL_ATOM | tag::ATOM_UTF8 | tag::SMALL_ATOM_UTF8 => {
            Term::Atom(Atom::of_checked(reader.atom(tag)?))
        }
        tag::NIL => Term::List(Vec::new()),
        tag::STRING => {
            let len = usize::from(reader.u16()?);
            Term::list(reader.take(len)?.iter().copied())
        }
        tag::BINARY => {
            let len = reader.len32()?;
            Term::binary(reader.take(len)?)
        }
        tag::BIT_BINARY => read_bits(reader)?,
        tag::SMALL_TUPLE => {
            let arity = usize::from(reader.u8()?);
            Term::Tuple(read_terms(reader, arity, 0)?.0)
        }
        tag::LARGE_TUPLE => {
            let arity = reader.len32()?;
            Term::Tuple(read_terms(reader, arity, 0)?.0)
        }
        tag::LIST => {
            let len = reader.len32()?;
            let (elements, tail) = read_terms(reader, len, 1)?;
            Term::cons(elements, tail.unwrap_or(Term::List(Vec::new())))
        }
        tag::MAP => read_map(reader)?,
        other => return read_other(reader, start, other),
    })
}

/// The terms that have a reader of their own.
fn read_other(reader: &mut Reader<'_>, start: usize, tag: u8) -> Result<Term> {
    if let Some(integer) = reader.integer(tag)? {
        Ok(integer.into())
    } else if let Some(float) = reader.float(tag)? {
        Ok(Term::Float(float))
    } else if let Some(pid) = reader.pid(tag)? {
        Ok(Term::Pid(pid))
    } else if let Some(reference) = reader.reference(tag)? {
        Ok(Term::Ref(reference))
    } else if let Some(fun) = reader.fun(tag)? {
        Ok(Term::Fun(fun))
    } else {
        Err(reader.refuse(start, tag))
    }
}

/// As many terms, then a tail if there is to be one.
fn read_terms(
    reader: &mut Reader<'_>,
    len: usize,
    tails: usize,
) -> Result<(Vec<Term>, Option<Term>)> {
    reader.open(len.saturating_add(tails))?;
    let mut elements = Vec::with_capacity(len);
    for _ in 0..len {
        elements.push(read_term(reader)?);
    }
    let tail = match tails {
        0 => None,
        _ => Some(read_term(reader)?),
    };
    reader.close();
    Ok((elements, tail))
}

fn read_map(reader: &mut Reader<'_>) -> Result<Term> {
    let len = reader.len32()?;
    reader.open(len.saturating_mul(2))?;
    let mut map = BTreeMap::new();
    for _ in 0..len {
        let start = reader.at();
        match map.entry(read_term(reader)?) {
            Entry::Vacant(entry) => entry.insert(read_term(reader)?),
            Entry::Occupied(entry) => {
                let key = entry.key().to_string();
                return Err(reader.error_at(start, DecodeErrorKind::DuplicateKey(key)));
            }
        };
    }
    reader.close();
    Ok(Term::Map(map))
}

fn read_bits(reader: &mut Reader<'_>) -> Result<Term> {
    let len = reader.len32()?;
    let used = reader.u8()?;
    let place = reader.at() - 1;
    let bytes = reader.take(len)?;
    match used {
        // Whole bytes, if an odd way to write them.
        8 => Ok(Term::binary(bytes)),
        0 if bytes.is_empty() => Ok(Term::binary(bytes)),
        _ => Bits::new(bytes.to_vec(), used)
            .map(Term::Bits)
            .ok_or_else(|| reader.error_at(place, DecodeErrorKind::BitCount(used))),
    }
}
