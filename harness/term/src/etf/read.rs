//! Reading the parts that terms and serde values have in common.

use std::borrow::Cow;

use num_bigint::{BigInt, Sign};

use super::{DecodeError, DecodeErrorKind, tag};
use crate::atom::check_length;
use crate::{Atom, ExternalFun, LocalFun, Pid, Ref, Term};

/// How deep terms may be nested, in the external format and in text: reading
/// takes stack for each level, and a process may have little of it.
pub const MAX_DEPTH: usize = 128;

pub(crate) type Result<T> = std::result::Result<T, DecodeError>;

/// Bytes and how far they are read.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// How many terms the containers being read still have to come. Each takes
    /// a byte at least, so there can never be more than bytes left; what is
    /// reserved for them is thereby in proportion to the input.
    owed: usize,
}

/// An integer as it is written.
pub(crate) enum Integer<'a> {
    Small(i64),
    /// The magnitude's bytes, least significant first, without zeros at the
    /// end; does not fit 64 signed bits.
    Big {
        negative: bool,
        digits: &'a [u8],
    },
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader {
            bytes,
            at: 0,
            depth: 0,
            owed: 1,
        }
    }

    /// A reader past the version byte.
    pub(crate) fn versioned(bytes: &'a [u8]) -> Result<Reader<'a>> {
        let mut reader = Reader::new(bytes);
        match reader.u8()? {
            tag::VERSION => Ok(reader),
            other => Err(reader.error_at(0, DecodeErrorKind::Version(other))),
        }
    }

    pub(crate) fn finish(&self) -> Result<()> {
        match self.left() {
            0 => Ok(()),
            left => Err(self.error(DecodeErrorKind::TrailingBytes(left))),
        }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    #[inline]
    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        &self.bytes[start..self.at]
    }

    /// A reader of the same bytes from an earlier place, for errors.
    pub(crate) fn again(&self, at: usize) -> Reader<'a> {
        Reader {
            at,
            ..Reader::new(self.bytes)
        }
    }

    #[cold]
    pub(crate) fn error(&self, kind: DecodeErrorKind) -> DecodeError {
        self.error_at(self.at, kind)
    }

    #[cold]
    pub(crate) fn error_at(&self, offset: usize, kind: DecodeErrorKind) -> DecodeError {
        DecodeError { offset, kind }
    }

    #[cold]
    fn truncated(&self, needed: usize) -> DecodeError {
        let left = self.left();
        self.error(DecodeErrorKind::Truncated { needed, left })
    }

    #[inline]
    pub(crate) fn peek(&self) -> Result<u8> {
        match self.bytes.get(self.at) {
            Some(byte) => Ok(*byte),
            None => Err(self.truncated(1)),
        }
    }

    #[inline]
    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        match self.bytes[self.at..].get(..len) {
            Some(bytes) => {
                self.at += len;
                Ok(bytes)
            }
            None => Err(self.truncated(len)),
        }
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        match self.bytes[self.at..].first_chunk() {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => Err(self.truncated(N)),
        }
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8> {
        self.array().map(|[byte]| byte)
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_be_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_be_bytes)
    }

    #[inline]
    pub(crate) fn len32(&mut self) -> Result<usize> {
        self.u32().map(|len| len as usize)
    }

    /// The tag of a term whose reading begins.
    #[inline]
    pub(crate) fn tag(&mut self) -> Result<u8> {
        let tag = self.u8()?;
        self.owed = self.owed.saturating_sub(1);
        Ok(tag)
    }

    /// Begins a container of as many terms, a level down; [`Reader::close`]
    /// ends it. A list is a container in each of its forms, so that the depth
    /// of a term does not hang on how it is written.
    #[inline]
    pub(crate) fn open(&mut self, terms: usize) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(DecodeErrorKind::TooDeep));
        }
        self.owed = self.owed.saturating_add(terms);
        if self.owed > self.left() {
            return Err(self.error(DecodeErrorKind::TooManyElements {
                elements: self.owed,
                left: self.left(),
            }));
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn close(&mut self) {
        self.depth -= 1;
    }

    /// The rest of an atom, its text at most 255 characters.
    #[inline]
    pub(crate) fn atom(&mut self, tag: u8) -> Result<Cow<'a, str>> {
        let start = self.at;
        let len = match tag {
            tag::SMALL_ATOM_UTF8 | tag::SMALL_ATOM => usize::from(self.u8()?),
            tag::ATOM_UTF8 | tag::ATOM => usize::from(self.u16()?),
            other => {
                let place = start.saturating_sub(1);
                return Err(self.error_at(place, DecodeErrorKind::NotAnAtom(other)));
            }
        };
        let bytes = self.take(len)?;
        let utf8 = matches!(tag, tag::SMALL_ATOM_UTF8 | tag::ATOM_UTF8);
        let text = if utf8 || bytes.is_ascii() {
            match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => return Err(self.error_at(start, DecodeErrorKind::AtomNotUtf8)),
            }
        } else {
            Cow::Owned(bytes.iter().copied().map(char::from).collect())
        };
        check_length(&text).map_err(|error| self.error_at(start, error.into()))?;
        Ok(text)
    }

    /// An atom within a pid, a reference or a fun.
    fn whole_atom(&mut self) -> Result<Atom> {
        let tag = self.u8()?;
        Ok(Atom::of_checked(&self.atom(tag)?))
    }

    /// The rest of an integer, `None` if the tag is not an integer's.
    #[inline]
    pub(crate) fn integer(&mut self, tag: u8) -> Result<Option<Integer<'a>>> {
        let small = match tag {
            tag::SMALL_INTEGER => i64::from(self.u8()?),
            tag::INTEGER => i64::from(self.u32()? as i32),
            tag::SMALL_BIG => {
                let len = usize::from(self.u8()?);
                return self.big(len).map(Some);
            }
            tag::LARGE_BIG => {
                let len = self.len32()?;
                return self.big(len).map(Some);
            }
            _ => return Ok(None),
        };
        Ok(Some(Integer::Small(small)))
    }

    fn big(&mut self, len: usize) -> Result<Integer<'a>> {
        let negative = match self.u8()? {
            0 => false,
            1 => true,
            other => return Err(self.error_at(self.at - 1, DecodeErrorKind::Sign(other))),
        };
        let digits = self.take(len)?;
        let used = digits
            .iter()
            .rposition(|&digit| digit != 0)
            .map_or(0, |last| last + 1);
        let digits = &digits[..used];
        if used <= 8 {
            let mut bytes = [0; 8];
            bytes[..used].copy_from_slice(digits);
            let magnitude = i128::from(u64::from_le_bytes(bytes));
            if let Ok(small) = i64::try_from(if negative { -magnitude } else { magnitude }) {
                return Ok(Integer::Small(small));
            }
        }
        Ok(Integer::Big { negative, digits })
    }

    /// The rest of a float, `None` if the tag is not a float's.
    #[inline]
    pub(crate) fn float(&mut self, tag: u8) -> Result<Option<f64>> {
        let start = self.at;
        let value = match tag {
            tag::NEW_FLOAT => f64::from_be_bytes(self.array()?),
            tag::FLOAT => {
                let text = self.take(31)?;
                let end = text
                    .iter()
                    .position(|&byte| byte == 0)
                    .unwrap_or(text.len());
                let text = std::str::from_utf8(&text[..end]).unwrap_or_default();
                text.trim_start().parse().unwrap_or(f64::NAN)
            }
            _ => return Ok(None),
        };
        if !value.is_finite() {
            return Err(self.error_at(start, DecodeErrorKind::FloatNotFinite));
        }
        Ok(Some(value))
    }

    /// The rest of a pid, `None` if the tag is not a pid's.
    pub(crate) fn pid(&mut self, tag: u8) -> Result<Option<Pid>> {
        if !matches!(tag, tag::PID | tag::NEW_PID) {
            return Ok(None);
        }
        Ok(Some(Pid {
            node: self.whole_atom()?,
            id: self.u32()?,
            serial: self.u32()?,
            creation: match tag {
                tag::PID => u32::from(self.u8()?),
                _ => self.u32()?,
            },
        }))
    }

    /// The rest of a reference, `None` if the tag is not a reference's.
    pub(crate) fn reference(&mut self, tag: u8) -> Result<Option<Ref>> {
        if tag == tag::REFERENCE {
            let node = self.whole_atom()?;
            let id = self.u32()?;
            let creation = u32::from(self.u8()?);
            return Ok(Ref::new(node, creation, &[id]));
        }
        if !matches!(tag, tag::NEW_REFERENCE | tag::NEWER_REFERENCE) {
            return Ok(None);
        }
        let start = self.at;
        let len = self.u16()?;
        let node = self.whole_atom()?;
        let creation = match tag {
            tag::NEW_REFERENCE => u32::from(self.u8()?),
            _ => self.u32()?,
        };
        let mut ids = [0; Ref::MAX_IDS];
        let Some(used) = ids.get_mut(..usize::from(len)) else {
            return Err(self.error_at(start, DecodeErrorKind::RefWords(len)));
        };
        for id in &mut *used {
            *id = self.u32()?;
        }
        match Ref::new(node, creation, used) {
            Some(reference) => Ok(Some(reference)),
            None => Err(self.error_at(start, DecodeErrorKind::RefWords(len))),
        }
    }

    /// The rest of an external fun, `None` if the tag is not such a fun's.
    pub(crate) fn fun(&mut self, tag: u8) -> Result<Option<ExternalFun>> {
        if tag != tag::EXPORT {
            return Ok(None);
        }
        let module = self.whole_atom()?;
        let function = self.whole_atom()?;
        let start = self.at;
        let arity_tag = self.u8()?;
        match self.integer(arity_tag)? {
            Some(Integer::Small(arity @ 0..=255)) => Ok(Some(ExternalFun {
                module,
                function,
                arity: arity as u8,
            })),
            _ => Err(self.error_at(start, DecodeErrorKind::FunArity)),
        }
    }

    /// The rest of a local fun up to the terms that it holds: how many bytes it takes
    /// after its tag, and how many terms come.
    pub(crate) fn local_fun(&mut self) -> Result<(usize, usize, LocalFun)> {
        let size = self.u32()? as usize;
        let arity = self.u8()?;
        let uniq = self.array()?;
        let index = self.u32()?;
        let free = self.u32()? as usize;
        let module = self.whole_atom()?;
        let (old_index, old_uniq) = (self.fun_number()?, self.fun_number()?);
        let start = self.at;
        let pid_tag = self.u8()?;
        let Some(creator) = self.pid(pid_tag)? else {
            return Err(self.error_at(start, DecodeErrorKind::FunCreator));
        };
        let fun = LocalFun {
            module,
            arity,
            index,
            uniq,
            old_index,
            old_uniq,
            creator,
            free: Vec::new(),
        };
        Ok((size, free, fun))
    }

    /// A number within a local fun.
    fn fun_number(&mut self) -> Result<u32> {
        let start = self.at;
        let tag = self.u8()?;
        match self.integer(tag)? {
            Some(Integer::Small(number)) if u32::try_from(number).is_ok() => Ok(number as u32),
            _ => Err(self.error_at(start, DecodeErrorKind::FunNumber)),
        }
    }

    /// The error for a tag that begins no term this crate knows.
    #[cold]
    pub(crate) fn refuse(&self, offset: usize, tag: u8) -> DecodeError {
        let kind = match tag::describe(tag) {
            "an unknown tag" => DecodeErrorKind::UnknownTag(tag),
            _ => DecodeErrorKind::Unsupported(tag),
        };
        self.error_at(offset, kind)
    }
}

impl From<Integer<'_>> for Term {
    fn from(integer: Integer<'_>) -> Term {
        match integer {
            Integer::Small(value) => Term::Int(value),
            Integer::Big { negative, digits } => {
                let sign = if negative { Sign::Minus } else { Sign::Plus };
                Term::Big(BigInt::from_bytes_le(sign, digits))
            }
        }
    }
}
