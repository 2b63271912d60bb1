//! Bytes to terms.

use std::collections::BTreeMap;

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
/// twice; and for what this crate does not have: ports, compressed terms. Never a panic, and never more memory than in proportion to the bytes.
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

/// A term without the version byte. What contains no terms is read elsewhere,
/// so that a level of nesting takes little stack.
pub(crate) fn read_term(reader: &mut Reader<'_>) -> Result<Term> {
    let start = reader.at();
    match reader.tag()? {
        tag::SMALL_TUPLE => {
            let arity = usize::from(reader.u8()?);
            read_tuple(reader, arity)
        }
        tag::LARGE_TUPLE => {
            let arity = reader.len32()?;
            read_tuple(reader, arity)
        }
        tag::LIST => read_list(reader),
        tag::MAP => read_map(reader),
        tag::NEW_FUN => read_local_fun(reader),
        other => read_leaf(reader, start, other),
    }
}

/// The rest of a term that contains no others.
#[inline(never)]
fn read_leaf(reader: &mut Reader<'_>, start: usize, tag: u8) -> Result<Term> {
    Ok(match tag {
        tag::ATOM | tag::SMALL_ATOM | tag::ATOM_UTF8 | tag::SMALL_ATOM_UTF8 => {
            Term::Atom(Atom::of_checked(&reader.atom(tag)?))
        }
        tag::NIL => {
            reader.open(0)?;
            reader.close();
            Term::List(Vec::new())
        }
        tag::STRING => {
            let len = usize::from(reader.u16()?);
            let bytes = reader.take(len)?;
            reader.open(0)?;
            reader.close();
            Term::list(bytes.iter().copied())
        }
        tag::BINARY => {
            let len = reader.len32()?;
            Term::binary(reader.take(len)?)
        }
        tag::BIT_BINARY => read_bits(reader)?,
        other => {
            if let Some(integer) = reader.integer(other)? {
                integer.into()
            } else if let Some(float) = reader.float(other)? {
                Term::Float(float)
            } else if let Some(pid) = reader.pid(other)? {
                Term::Pid(pid)
            } else if let Some(reference) = reader.reference(other)? {
                Term::Ref(reference)
            } else if let Some(fun) = reader.fun(other)? {
                Term::Fun(fun)
            } else {
                return Err(reader.refuse(start, other));
            }
        }
    })
}

#[inline(never)]
fn read_tuple(reader: &mut Reader<'_>, arity: usize) -> Result<Term> {
    reader.open(arity)?;
    let elements = read_terms(reader, arity)?;
    reader.close();
    Ok(Term::Tuple(elements))
}

#[inline(never)]
fn read_list(reader: &mut Reader<'_>) -> Result<Term> {
    let len = reader.len32()?;
    // The tail is a term more.
    reader.open(len.saturating_add(1))?;
    let elements = read_terms(reader, len)?;
    if reader.peek()? == tag::NIL {
        reader.tag()?;
        reader.close();
        return Ok(Term::List(elements));
    }
    let tail = read_term(reader)?;
    reader.close();
    Ok(Term::cons(elements, tail))
}

#[inline]
fn read_terms(reader: &mut Reader<'_>, len: usize) -> Result<Vec<Term>> {
    let mut elements = Vec::with_capacity(len);
    for _ in 0..len {
        elements.push(read_term(reader)?);
    }
    Ok(elements)
}

#[inline(never)]
fn read_map(reader: &mut Reader<'_>) -> Result<Term> {
    let len = reader.len32()?;
    reader.open(len.saturating_mul(2))?;
    let mut map = BTreeMap::new();
    for _ in 0..len {
        let start = reader.at();
        let key = read_term(reader)?;
        if map.contains_key(&key) {
            let kind = DecodeErrorKind::DuplicateKey(key.to_string());
            return Err(reader.error_at(start, kind));
        }
        let value = read_term(reader)?;
        map.insert(key, value);
    }
    reader.close();
    Ok(Term::Map(map))
}

#[inline(never)]
fn read_local_fun(reader: &mut Reader<'_>) -> Result<Term> {
    let start = reader.at();
    let (size, free, mut fun) = reader.local_fun()?;
    reader.open(free)?;
    fun.free = read_terms(reader, free)?;
    reader.close();
    match reader.at() - start {
        read if read == size => Ok(Term::LocalFun(Box::new(fun))),
        read => Err(reader.error_at(start, DecodeErrorKind::FunSize { size, read })),
    }
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
