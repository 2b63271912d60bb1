//! Terms to bytes.

use num_bigint::Sign;

use super::{put, tag};
use crate::{LocalFun, Term};

/// The longest list of bytes that is written as a string.
const MAX_STRING: usize = 65_535;

/// A term in the external format, with the leading version byte, as Erlang's
/// `term_to_binary(Term, [{minor_version, 2}])` writes it.
///
/// ```
/// use upheaval_term::{Term, encode};
///
/// assert_eq!(encode(&Term::atom("ok")), [131, 119, 2, b'o', b'k']);
/// ```
///
/// # Panics
///
/// If a single tuple, list, map or binary has 2^32 elements or more.
#[must_use]
pub fn encode(term: &Term) -> Vec<u8> {
    let mut out = Vec::new();
    encode_into(term, &mut out);
    out
}

/// Appends what [`encode`] returns to `out`.
///
/// # Panics
///
/// As [`encode`] does.
pub fn encode_into(term: &Term, out: &mut Vec<u8>) {
    out.push(tag::VERSION);
    put_term(term, out);
}

/// A term without the version byte.
pub(crate) fn put_term(term: &Term, out: &mut Vec<u8>) {
    match term {
        Term::Int(value) => put::integer(*value, out),
        Term::Big(value) => {
            let (sign, digits) = value.to_bytes_le();
            put::magnitude(sign == Sign::Minus, &digits, out);
        }
        Term::Float(value) => put::float(*value, out),
        Term::Atom(atom) => put::atom(atom.as_str(), out),
        Term::Binary(bytes) => put::binary(bytes, out),
        Term::Bits(bits) => {
            put::head(tag::BIT_BINARY, bits.as_bytes().len(), out);
            out.push(bits.used());
            out.extend_from_slice(bits.as_bytes());
        }
        Term::Tuple(elements) => {
            put::tuple_head(elements.len(), out);
            put_all(elements, out);
        }
        Term::List(elements) => put_list(elements, out),
        Term::Improper(elements, tail) => {
            put::head(tag::LIST, elements.len(), out);
            put_all(elements, out);
            put_term(tail, out);
        }
        Term::Map(map) => {
            put::head(tag::MAP, map.len(), out);
            for (key, value) in map {
                put_term(key, out);
                put_term(value, out);
            }
        }
        Term::Pid(pid) => put::pid(pid, out),
        Term::Ref(reference) => put::reference(reference, out),
        Term::Fun(fun) => put::fun(fun, out),
        Term::LocalFun(fun) => put_local_fun(fun, out),
    }
}

/// A local fun says first how many bytes it takes.
fn put_local_fun(fun: &LocalFun, out: &mut Vec<u8>) {
    out.push(tag::NEW_FUN);
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.push(fun.arity);
    out.extend_from_slice(&fun.uniq);
    out.extend_from_slice(&fun.index.to_be_bytes());
    put::length(fun.free.len(), out);
    put::atom(fun.module.as_str(), out);
    put::integer(i64::from(fun.old_index), out);
    put::integer(i64::from(fun.old_uniq), out);
    put::pid(&fun.creator, out);
    put_all(&fun.free, out);
    let size = (out.len() - start) as u32;
    out[start..start + 4].copy_from_slice(&size.to_be_bytes());
}

fn put_all(elements: &[Term], out: &mut Vec<u8>) {
    for element in elements {
        put_term(element, out);
    }
}

fn put_list(elements: &[Term], out: &mut Vec<u8>) {
    if elements.is_empty() {
        out.push(tag::NIL);
        return;
    }
    let start = out.len();
    put::head(tag::LIST, elements.len(), out);
    put_all(elements, out);
    close_list(start, elements.len(), out);
}

/// Ends a proper list of `len` elements whose head was written at `start`: as
/// Erlang does, a list of nothing but bytes becomes a string.
pub(crate) fn close_list(start: usize, len: usize, out: &mut Vec<u8>) {
    let body = start + 5;
    // Byte elements are two bytes each. Nothing else can look like that: the
    // first element starts at the first pair, so if it is a byte the second
    // starts at the second pair, and so on.
    let bytes_only = out.len() - body == 2 * len
        && len <= MAX_STRING
        && out[body..]
            .iter()
            .step_by(2)
            .all(|&tag| tag == tag::SMALL_INTEGER);
    if !bytes_only {
        out.push(tag::NIL);
        return;
    }
    let [high, low] = (len as u16).to_be_bytes();
    out[start..start + 3].copy_from_slice(&[tag::STRING, high, low]);
    for index in 0..len {
        out[start + 3 + index] = out[body + 2 * index + 1];
    }
    out.truncate(start + 3 + len);
}
