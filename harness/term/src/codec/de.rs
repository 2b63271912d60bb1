//! Bytes to values.

use std::borrow::Cow;

use serde::de::{self, Visitor};

use super::DeError;
use super::enums::Variant;
use super::items::{Bytes, Entries, Items};
use super::snake;
use super::splice::SPLICE;
use crate::etf::read::{Integer, Reader};
use crate::etf::{read_term, tag};

/// Reads one term; the version byte is the caller's.
pub(crate) struct Decoder<'de> {
    pub(crate) reader: Reader<'de>,
}

pub(crate) type Result<T> = std::result::Result<T, DeError>;

impl<'de> Decoder<'de> {
    /// The error that the term at `offset` is not what is expected.
    #[cold]
    pub(crate) fn mismatch<T>(&self, expected: &str, offset: usize) -> Result<T> {
        Err(DeError::mismatch(expected, &self.reader, offset))
    }

    /// An atom, or an error that it is not `expected`.
    #[inline]
    pub(crate) fn atom(&mut self, expected: &str) -> Result<Cow<'de, str>> {
        let start = self.reader.at();
        let tag = self.reader.tag()?;
        if !is_atom(tag) {
            return self.mismatch(expected, start);
        }
        Ok(self.reader.atom(tag)?)
    }

    /// This very atom.
    #[inline]
    fn this_atom(&mut self, name: &str) -> Result<()> {
        let start = self.reader.at();
        if self.atom(name)? != name {
            return self.mismatch(name, start);
        }
        Ok(())
    }

    #[inline]
    fn integer<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        let tag = self.reader.tag()?;
        let visited = match self.reader.integer(tag)? {
            Some(Integer::Small(value)) => visitor.visit_i64(value),
            Some(Integer::Big { negative, digits }) => visit_big(negative, digits, visitor),
            None => return self.mismatch("an integer", start),
        };
        visited.map_err(|error: DeError| error.or_at(start))
    }

    #[inline]
    fn binary(&mut self, expected: &str) -> Result<&'de [u8]> {
        let start = self.reader.at();
        if self.reader.tag()? != tag::BINARY {
            return self.mismatch(expected, start);
        }
        let len = self.reader.len32()?;
        Ok(self.reader.take(len)?)
    }

    #[inline]
    fn text(&mut self) -> Result<&'de str> {
        let start = self.reader.at();
        let bytes = self.binary("a binary")?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(_) => self.mismatch("a binary of utf-8", start),
        }
    }

    /// The arity of a tuple, or an error that it is not `expected`.
    #[inline]
    pub(crate) fn arity(&mut self, expected: &str) -> Result<usize> {
        let start = self.reader.at();
        match self.reader.tag()? {
            tag::SMALL_TUPLE => Ok(usize::from(self.reader.u8()?)),
            tag::LARGE_TUPLE => Ok(self.reader.len32()?),
            _ => self.mismatch(expected, start),
        }
    }

    /// The elements of a list, or an error that it is not one.
    #[inline]
    fn list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        match self.reader.tag()? {
            tag::NIL => self.elements(0, start, visitor),
            tag::STRING => {
                let len = usize::from(self.reader.u16()?);
                let at = self.reader.at();
                let bytes = self.reader.take(len)?;
                self.reader.open(0)?;
                let value = Bytes::visit(bytes, at, visitor)?;
                self.reader.close();
                Ok(value)
            }
            tag::LIST => {
                let len = self.reader.len32()?;
                // The list's end is owed too.
                self.reader.open(len.saturating_add(1))?;
                let value = Items::visit(self, len, start, visitor)?;
                if self.reader.tag()? != tag::NIL {
                    return self.mismatch("a proper list", start);
                }
                self.reader.close();
                Ok(value)
            }
            _ => self.mismatch("a list", start),
        }
    }

    /// The elements of a tuple whose head is read.
    #[inline]
    pub(crate) fn elements<V: Visitor<'de>>(
        &mut self,
        arity: usize,
        start: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.reader.open(arity)?;
        let value = Items::visit(self, arity, start, visitor)?;
        self.reader.close();
        Ok(value)
    }

    /// The entries of a map; if `fields` are given the keys must be of them.
    #[inline]
    pub(crate) fn entries<V: Visitor<'de>>(
        &mut self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value> {
        let start = self.reader.at();
        if self.reader.tag()? != tag::MAP {
            return self.mismatch("a map", start);
        }
        let len = self.reader.len32()?;
        self.reader.open(len.saturating_mul(2))?;
        let value = Entries::visit(self, len, start, fields, visitor)?;
        self.reader.close();
        Ok(value)
    }
}

#[inline]
pub(crate) fn is_atom(tag: u8) -> bool {
    matches!(
        tag,
        tag::SMALL_ATOM_UTF8 | tag::ATOM_UTF8 | tag::SMALL_ATOM | tag::ATOM
    )
}

/// An integer that does not fit 64 signed bits.
fn visit_big<'de, V: Visitor<'de>>(negative: bool, digits: &[u8], visitor: V) -> Result<V::Value> {
    let mut bytes = [0; 16];
    let Some(low) = bytes.get_mut(..digits.len()) else {
        let bits = digits.len() * 8;
        return Err(de::Error::custom(format_args!(
            "integer of about {bits} bits, more than 128: take it as a Term"
        )));
    };
    low.copy_from_slice(digits);
    let magnitude = u128::from_le_bytes(bytes);
    if !negative {
        return match u64::try_from(magnitude) {
            Ok(value) => visitor.visit_u64(value),
            Err(_) => visitor.visit_u128(magnitude),
        };
    }
    match 0i128.checked_sub_unsigned(magnitude) {
        Some(value) => visitor.visit_i128(value),
        None => Err(de::Error::custom("integer below -2^127: take it as a Term")),
    }
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.integer(visitor)
        }
    )*};
}

impl<'de> de::Deserializer<'de> for &mut Decoder<'de> {
    type Error = DeError;

    #[inline]
    fn is_human_readable(&self) -> bool {
        false
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        match self.reader.peek()? {
            tag if is_atom(tag) => match &*self.atom("an atom")? {
                "true" => visitor.visit_bool(true),
                "false" => visitor.visit_bool(false),
                "undefined" => visitor.visit_none(),
                text => visitor.visit_str(text),
            },
            tag::SMALL_INTEGER | tag::INTEGER | tag::SMALL_BIG | tag::LARGE_BIG => {
                self.integer(visitor)
            }
            tag::NEW_FLOAT | tag::FLOAT => self.deserialize_f64(visitor),
            tag::BINARY => {
                let bytes = self.binary("a binary")?;
                match std::str::from_utf8(bytes) {
                    Ok(text) => visitor.visit_borrowed_str(text),
                    Err(_) => visitor.visit_borrowed_bytes(bytes),
                }
            }
            tag::NIL | tag::STRING | tag::LIST => self.list(visitor),
            tag::SMALL_TUPLE | tag::LARGE_TUPLE => {
                let arity = self.arity("a tuple")?;
                self.elements(arity, start, visitor)
            }
            tag::MAP => self.entries(None, visitor),
            _ => visitor.visit_string(read_term(&mut self.reader)?.to_string()),
        }
    }

    #[inline]
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        match &*self.atom("true or false")? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => self.mismatch("true or false", start),
        }
    }

    #[inline]
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_f64(visitor)
    }

    #[inline]
    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        let tag = self.reader.tag()?;
        match self.reader.float(tag)? {
            Some(value) => visitor.visit_f64(value),
            None => self.mismatch("a float", start),
        }
    }

    #[inline]
    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        let tag = self.reader.tag()?;
        let letter = match self.reader.integer(tag)? {
            Some(Integer::Small(code)) => u32::try_from(code).ok().and_then(char::from_u32),
            _ => None,
        };
        match letter {
            Some(letter) => visitor.visit_char(letter),
            None => self.mismatch("a code point", start),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        let text = self.text()?;
        visitor
            .visit_borrowed_str(text)
            .map_err(|error: DeError| error.or_at(start))
    }

    #[inline]
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }

    #[inline]
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_borrowed_bytes(self.binary("a binary")?)
    }

    #[inline]
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if is_atom(self.reader.peek()?) {
            let mut ahead = self.reader.clone();
            let tag = ahead.tag()?;
            if ahead.atom(tag)? == "undefined" {
                self.reader = ahead;
                return visitor.visit_none();
            }
        }
        visitor.visit_some(self)
    }

    #[inline]
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.this_atom("ok")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.this_atom(&snake::tag(name, name))?;
        visitor.visit_unit()
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        if name == SPLICE {
            let start = self.reader.at();
            let term = self.reader.skip()?;
            return visitor
                .visit_borrowed_bytes(term)
                .map_err(|error: DeError| error.or_at(start));
        }
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.list(visitor)
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value> {
        let start = self.reader.at();
        let arity = self.arity("a tuple")?;
        if arity != len {
            return self.mismatch(&format!("a tuple of {len}"), start);
        }
        self.elements(arity, start, visitor)
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_tuple(len, visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.entries(None, visitor)
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.entries(Some(fields), visitor)
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        Variant::visit(self, name, variants, visitor)
    }

    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        // Serde writes the names of flattened fields as text.
        if self.reader.peek()? == tag::BINARY {
            return visitor.visit_borrowed_str(self.text()?);
        }
        match self.atom("an atom")? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    #[inline]
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.reader.skip()?;
        visitor.visit_unit()
    }
}
