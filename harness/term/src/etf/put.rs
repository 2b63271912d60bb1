//! Writing the parts that terms and serde values have in common.

use super::tag;
use crate::{ExternalFun, Pid, Ref};

/// Somewhere to write bytes to.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// A few bytes on the stack, or many on the heap: an atom or a pid on its way
/// through serde should not allocate.
pub(crate) struct Scratch {
    stack: [u8; Scratch::ON_STACK],
    len: usize,
    heap: Vec<u8>,
}

impl Scratch {
    const ON_STACK: usize = 64;

    pub(crate) fn new() -> Scratch {
        Scratch {
            stack: [0; Scratch::ON_STACK],
            len: 0,
            heap: Vec::new(),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        if self.heap.is_empty() {
            &self.stack[..self.len]
        } else {
            &self.heap
        }
    }
}

impl Sink for Scratch {
    fn put(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        if self.heap.is_empty() && end <= Scratch::ON_STACK {
            self.stack[self.len..end].copy_from_slice(bytes);
            self.len = end;
        } else {
            if self.heap.is_empty() {
                self.heap.extend_from_slice(&self.stack[..self.len]);
            }
            self.heap.extend_from_slice(bytes);
        }
    }
}

/// An atom of at most 255 characters.
#[inline]
pub(crate) fn atom(name: &str, out: &mut impl Sink) {
    match u8::try_from(name.len()) {
        Ok(len) => out.put(&[tag::SMALL_ATOM_UTF8, len]),
        Err(_) => {
            let [high, low] = (name.len() as u16).to_be_bytes();
            out.put(&[tag::ATOM_UTF8, high, low]);
        }
    }
    out.put(name.as_bytes());
}

#[inline]
pub(crate) fn integer(value: i64, out: &mut Vec<u8>) {
    if let Ok(byte) = u8::try_from(value) {
        out.put(&[tag::SMALL_INTEGER, byte]);
    } else if let Ok(value) = i32::try_from(value) {
        let [a, b, c, d] = value.to_be_bytes();
        out.put(&[tag::INTEGER, a, b, c, d]);
    } else {
        magnitude(value < 0, &value.unsigned_abs().to_le_bytes(), out);
    }
}

/// An integer that does not fit 32 bits, as its sign and its magnitude's bytes,
/// least significant first.
pub(crate) fn magnitude(negative: bool, digits: &[u8], out: &mut Vec<u8>) {
    let used = digits
        .iter()
        .rposition(|&digit| digit != 0)
        .map_or(0, |last| last + 1);
    match u8::try_from(used) {
        Ok(len) => out.put(&[tag::SMALL_BIG, len]),
        Err(_) => {
            out.put(&[tag::LARGE_BIG]);
            length(used, out);
        }
    }
    out.put(&[u8::from(negative)]);
    out.put(&digits[..used]);
}

#[inline]
pub(crate) fn float(value: f64, out: &mut Vec<u8>) {
    let [a, b, c, d, e, f, g, h] = value.to_be_bytes();
    out.put(&[tag::NEW_FLOAT, a, b, c, d, e, f, g, h]);
}

#[inline]
pub(crate) fn binary(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(5 + bytes.len());
    head(tag::BINARY, bytes.len(), out);
    out.put(bytes);
}

#[inline]
pub(crate) fn tuple_head(arity: usize, out: &mut Vec<u8>) {
    match u8::try_from(arity) {
        Ok(arity) => out.put(&[tag::SMALL_TUPLE, arity]),
        Err(_) => head(tag::LARGE_TUPLE, arity, out),
    }
}

/// A tag and a 32-bit length.
#[inline]
pub(crate) fn head(tag: u8, len: usize, out: &mut Vec<u8>) {
    let [a, b, c, d] = narrow(len).to_be_bytes();
    out.put(&[tag, a, b, c, d]);
}

pub(crate) fn length(len: usize, out: &mut impl Sink) {
    out.put(&narrow(len).to_be_bytes());
}

/// # Panics
///
/// Beyond 32 bits: the format has no way to write that many elements.
#[inline]
pub(crate) fn narrow(len: usize) -> u32 {
    u32::try_from(len).expect("a term has at most 2^32-1 elements or bytes")
}

pub(crate) fn pid(pid: &Pid, out: &mut impl Sink) {
    out.put(&[tag::NEW_PID]);
    atom(pid.node.as_str(), out);
    out.put(&pid.id.to_be_bytes());
    out.put(&pid.serial.to_be_bytes());
    out.put(&pid.creation.to_be_bytes());
}

pub(crate) fn reference(reference: &Ref, out: &mut impl Sink) {
    out.put(&[tag::NEWER_REFERENCE, 0, reference.ids().len() as u8]);
    atom(reference.node.as_str(), out);
    out.put(&reference.creation.to_be_bytes());
    for id in reference.ids() {
        out.put(&id.to_be_bytes());
    }
}

pub(crate) fn fun(fun: &ExternalFun, out: &mut impl Sink) {
    out.put(&[tag::EXPORT]);
    atom(fun.module.as_str(), out);
    atom(fun.function.as_str(), out);
    out.put(&[tag::SMALL_INTEGER, fun.arity]);
}
